/* Where the master of Redis is: MISAQ_REDIS, or what one of several Sentinels says. A Sentinel that
 * was cut off from the others is wrong for a while: whoever connects asks for the role, and no
 * write counts before the replicas have it. */
#ifndef MISAQ_LEDGER_SENTINELS_H
#define MISAQ_LEDGER_SENTINELS_H

#include "ledger/address.h"

#define SENTINELS_MOST 8

struct sentinels {
    const char *name; /* of the master; of the settings */
    size_t count;     /* 0: MISAQ_REDIS it is */
    size_t turn;      /* whose it is to be asked */
    struct address at[SENTINELS_MOST];
    struct address master; /* MISAQ_REDIS, or what was said last */
};

/* Settings used: redis, sentinels, sentinel_master, redis_replicas. Borrows the settings. */
enum err sentinels_read(const struct settings *settings, struct sentinels *ret_sentinels,
    struct faults *why) MUST_CHECK;
/* The one to ask now: another one each time. */
const struct address *sentinels_next(struct sentinels *sentinels);
/* Takes what it answered to SENTINEL GET-MASTER-ADDR-BY-NAME; false when that is no address. */
bool sentinels_hear(struct sentinels *sentinels, struct text host, struct text port) MUST_CHECK;

#endif
