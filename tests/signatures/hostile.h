/* One good signature, and what is made from it that must not pass. */
#ifndef MISAQ_TESTS_SIGNATURES_HOSTILE_H
#define MISAQ_TESTS_SIGNATURES_HOSTILE_H

#include "signatures/cabinet.h"

#define HOSTILE_ROOM (1u << 14)

struct hostile {
    struct cabinet cabinet;
    struct buf payload, header, jws; /* of the good one */
    char kid[KEY_TEXT_SIZE], other_kid[KEY_TEXT_SIZE];
    struct buf made; /* the one at hand */
    unsigned refused;
};

/* PWR-2021 is ready, and its minister's signature on it good. */
struct hostile hostile_open(const struct service *service);
/* Sends the good one, which must pass: nothing was refused for something else than it said. */
void hostile_close(struct hostile *hostile, const char *what);
/* Sends a text as the signature of the minister, or of somebody: it must be refused with a fault of
 * that member (NULL: any) in these words, and decide nothing. */
void hostile_refuse(
    struct hostile *hostile, struct text jws, const char *member, const char *words);
void hostile_refuse_from(struct hostile *hostile, const struct signer *signer, struct text jws,
    const char *member, const char *words);
/* A JWS of any header and payload, properly signed by that key; borrowed until the next one. */
struct text hostile_make(
    struct hostile *hostile, struct text header, struct text payload, const struct key_secret *key);
/* Appends `form` with KID, OTHER, DOC, ROOT and SIZE replaced by what they are in the good one. */
void hostile_fill(const struct hostile *hostile, const char *form, struct buf *out);
const char *hostile_kid(const struct key_secret *secret, char out[KEY_TEXT_SIZE]);

#endif
