/* SHA-256 as a plain value, and its one spelling: 64 lower-case hex digits. Two spellings of one
 * digest would be two different texts to sign, so that nothing else is read. */
#ifndef MISAQ_PROOF_DIGEST_H
#define MISAQ_PROOF_DIGEST_H

#include "base/text.h"

#define DIGEST_SIZE     32
#define DIGEST_HEX_SIZE 65

struct digest {
    unsigned char at[DIGEST_SIZE];
};

struct digest digest_of(struct text bytes);
/* Terminated; returns `out`. */
const char *digest_to_hex(const struct digest *digest, char out[DIGEST_HEX_SIZE]);
bool digest_from_hex(struct text hex, struct digest *ret_digest);
static inline bool digest_equal(const struct digest *a, const struct digest *b)
{
    return memcmp(a->at, b->at, DIGEST_SIZE) == 0;
}

#endif
