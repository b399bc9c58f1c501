/* A blocking connection to the master of Redis, signed in. For the other files of this room. */
#ifndef MISAQ_LEDGER_DIAL_H
#define MISAQ_LEDGER_DIAL_H

#include "ledger/sentinels.h"

#include <hiredis/hiredis.h>

/* Every wait on it ends after redis_timeout_ms. ERR_UNAVAILABLE when there is none.
 * The caller frees *ret_context with redisFree(). */
enum err dial(const struct settings *settings, struct sentinels *sentinels,
    redisContext **ret_context, struct faults *why) MUST_CHECK;

#endif
