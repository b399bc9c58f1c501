/* What tests of the ledger share: a loop that polls to a deadline, and answers that are kept. */
#ifndef MISAQ_TESTS_LEDGER_TURNS_H
#define MISAQ_TESTS_LEDGER_TURNS_H

#include "ledger/ledger.h"
#include "support/redis.h"

/* A ledger of a government of its own in the Redis of the test. */
struct ledger *turns_open(const struct redis *redis, const char *government);

/* One turn as a loop takes it: poll, then ledger_turn(). Ends the test after 20 s without
 * turns_begin(). */
void turns_begin(void);
void turns_step(struct ledger *ledger);
/* Steps until everything is answered. */
void turns_settle(struct ledger *ledger);
/* Steps until health is ok, or is not ok for a reason in which `why` occurs. */
void turns_until_ok(struct ledger *ledger);
void turns_until_wrong(struct ledger *ledger, const char *why);

struct heard {
    unsigned times;
    enum ledger_outcome outcome;
    uint64_t first;
    char answer[64], subject[64], why[256];
};
/* A ledger_on_result whose owner is a struct heard. */
void turns_hear(void *owner, const struct ledger_result *result);

/* One event of `subject` under `key`; the fingerprint is "f", the answer "done <key>". */
void turns_append(struct ledger *ledger, const char *key, const char *subject, uint64_t version,
    const char *packed, struct heard *heard);

/* A ledger_on_page whose owner is a struct pages: checks positions, keeps the last `why`. */
struct pages {
    unsigned times, refused;
    uint64_t entries, last;
    size_t bytes;
    char why[256];
    char text[64]; /* of the last entry */
};
void turns_page(void *owner, const struct ledger_entry *entries, size_t count, struct text why);

#endif
