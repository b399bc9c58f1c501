/* The head of the ledger that a signer says to have seen: how many entries, and the root of the
 * tree over them. */
#ifndef MISAQ_SIGNATURES_HEAD_H
#define MISAQ_SIGNATURES_HEAD_H

#include "model.h"

/* The head as it is now, its root in hex in `out`. */
uint64_t head_now(const struct model *model, char out[DIGEST_HEX_SIZE]);
/* Whether the ledger ever had this head. */
bool head_matches(const struct model *model, uint64_t size, struct text root);

#endif
