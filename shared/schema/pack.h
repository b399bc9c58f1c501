/* Records as MessagePack maps with the field names as keys. The only door to msgpack-c.
 * msgpack-c believes the lengths that it reads, so every frame is scanned against its own size
 * before the library sees it; what comes out is checked against the rows. */
#ifndef MISAQ_SCHEMA_PACK_H
#define MISAQ_SCHEMA_PACK_H

#include "base/buf.h"
#include "schema/schema.h"

#define PACK_DEPTH 16 /* deepest nesting that is read */

enum pack_unknown {
    PACK_SKIP,  /* keys that no row knows are skipped: a newer service may send them */
    PACK_REFUSE /* they are refused by name: from the public */
};

/* Checks that `packed` is exactly one well-formed value: every length within the bytes, no more
 * than PACK_DEPTH deep, UTF-8 strings, string keys, nothing behind it. NULL when fine,
 * else what is wrong. */
const char *pack_complaint(struct text packed);

/* Reads one record and validates it (record_check). Texts in `ret` are borrowed from `packed`.
 * `ret` is scratch until OK is returned. */
enum err pack_read(const struct record *record, struct text packed, enum pack_unknown unknown,
    void *ret, struct faults *why) MUST_CHECK;
/* The same without the rules of record_check, for what this system packed and checked itself
 * before (the ledger, answers of services). */
enum err pack_read_trusted(
    const struct record *record, struct text packed, void *ret, struct faults *why) MUST_CHECK;

/* Appends the record as a map of the fields that are given. */
void pack_write(const struct record *record, const void *value, struct buf *out);
/* The same in two parts, for a map made of a piece that is packed already and of fields that are
 * not: pack_map(n) opens a map of n pairs, pack_fields() appends the pairs of a record (splices
 * flattened), pack_pairs() says how many that are. */
void pack_map(struct buf *out, uint32_t pairs);
void pack_fields(const struct record *record, const void *value, struct buf *out);
uint32_t pack_pairs(const struct record *record, const void *value);
/* The pairs inside a packed map, without its head: *ret_pairs how many. The bytes must have
 * passed pack_read or pack_complaint. */
struct text pack_inside(struct text packed, uint32_t *ret_pairs);
/* For what stands around records in a MessagePack answer. */
void pack_text(struct buf *out, struct text text);
void pack_array(struct buf *out, uint32_t items);
void pack_whole(struct buf *out, int64_t value);

#endif
