/* Judges every signature of the record again, in the order of the ledger and from what is public
 * alone: a stranger believes none of the words of the server that recorded it. What the server
 * checks before it records (services/signatures) is written a second time here on purpose. */
#ifndef MISAQ_CLI_JUDGE_H
#define MISAQ_CLI_JUDGE_H

#include "facts/bodies.h"
#include "facts/keys.h"
#include "facts/roster.h"
#include "proof/merkle.h"
#include "proof/statement.h"

#include <uthash.h>

#define JUDGE_WHY_SIZE 400

/* A document with the signatures that stand on it: sha256 "" while there is none. */
struct judged_paper {
    char id[ID_MAX + 1];
    char sha256[DIGEST_HEX_SIZE];
    char minister[DIGEST_HEX_SIZE]; /* SHA-256 of the minister's JWS; "" when none stands */
    char person[ID_MAX + 1];        /* who signed for the body */
};

struct judged {
    char id[ID_MAX + 1]; /* of an agreement */
    struct judged_paper waiting, in_force;
    bool ended; /* closed, or taken out of force */
    uint32_t signatures;
    uint32_t wrong;
    char why[JUDGE_WHY_SIZE]; /* the first thing that is wrong */
    UT_hash_handle hh;
};

/* A document that came into force, now or once. */
struct judged_document {
    char id[ID_MAX + 1];
    char sha256[DIGEST_HEX_SIZE];
    UT_hash_handle hh;
};

/* What is known before an event; all borrowed, folded by the caller. */
struct judge {
    const struct roster *roster;
    const struct keys *keys;
    const struct bodies *bodies;
    const struct merkle *tree; /* over at least the entries before the event */
    struct text origin;
    int32_t zone_minutes;
    struct judged *agreements;
    struct judged_document *documents;
    uint64_t signatures;
};

void judge_free(struct judge *judge);
/* Passes over events that are none of signatures. */
void judge_event(struct judge *judge, const struct happened *happened);
/* Something else that is wrong about an agreement. */
void judge_blame(struct judged *agreement, const char *format, ...) PRINTF(2, 3);

#endif
