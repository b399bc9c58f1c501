/* A look at MessagePack bytes that trusts no length: what msgpack-c does not check. */
#ifndef MISAQ_SCHEMA_SCAN_H
#define MISAQ_SCHEMA_SCAN_H

#include "base/text.h"

/* Bytes of the one value at the start of `packed`, or 0 with *ret_complaint set: lengths beyond the
 * bytes, deeper than `depth`, ext types, strings that are not UTF-8, map keys that are no strings.
 */
size_t scan_value(struct text packed, unsigned depth, const char **ret_complaint);
/* Bytes of the head of the map at the start of `packed` and how many pairs follow; 0: not a map. */
size_t scan_map_head(struct text packed, uint32_t *ret_pairs);

#endif
