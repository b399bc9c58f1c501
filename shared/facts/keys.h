/* The register of signing keys. Whether a key was good is decided by the order of the ledger: after
 * its enrolment, before its revocation and before its office changed hands. */
#ifndef MISAQ_FACTS_KEYS_H
#define MISAQ_FACTS_KEYS_H

#include "base/err.h"
#include "facts/happened.h"

struct signing_key {
    struct text id, office, person; /* borrowed from the register */
    struct text key;                /* base64url of the public key */
    int32_t from, until;            /* days, yyyymmdd */
    enum key_state state;
    struct text proposed_by, confirmed_by, reason;
    uint64_t proposed, enrolled; /* positions; 0: not yet */
    uint64_t ended;              /* position of the revocation, or of the hand-over; 0: not yet */
    int64_t enrolled_ms, ended_ms;
    struct text packed; /* the key_proposed record; borrowed */
};

struct keys;
struct keys *keys_new(void);
void keys_free(struct keys *keys);
/* Folds key events, and posting.ended: it ends the keys of that person in that office. */
const char *keys_apply(struct keys *keys, const struct happened *happened);
size_t keys_count(const struct keys *keys);
const struct signing_key *keys_at(const struct keys *keys, size_t index); /* in order of proposal */
const struct signing_key *keys_find(const struct keys *keys, struct text id); /* NULL: none */
/* Whether a key may sign for an office and person on a day, as the ledger stands now. Every way in
 * which it cannot is a fault of its own under the member `jws`: not enrolled, other office, other
 * person, not yet valid, no longer valid, revoked, holder changed. */
enum err keys_check(const struct keys *keys, struct text id, struct text office, struct text person,
    int32_t day, struct faults *why) MUST_CHECK;

#endif
