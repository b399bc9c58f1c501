/* Read-only hold: as long as one service finds that the ledger is not what it was, nobody writes.
 * It is told again every second, and ends by silence: a holder that died holds nobody for ever,
 * and who did not hear one message hears the next. */
#include "service/runtime.h"

#include "base/log.h"

#include <stdio.h>

#define TELL_EVERY_US 1000000

void readonly_hear(struct runtime *runtime, struct text reason)
{
    struct readonly *readonly = &runtime->readonly;
    (void)snprintf(readonly->heard, sizeof readonly->heard, "%.*s", TEXT_ARG(reason));
    readonly->heard_until_us = runtime->now_us + ENVELOPE_HOLD_US;
}

const char *readonly_reason(const struct runtime *runtime)
{
    const struct readonly *readonly = &runtime->readonly;
    if (readonly->own)
        return readonly->own;
    return runtime->now_us < readonly->heard_until_us ? readonly->heard : NULL;
}

static void note(struct runtime *runtime)
{
    const char *reason = readonly_reason(runtime);
    if (reason && !runtime->readonly.was_held)
        log_line(LOG_ERROR, "read-only", "why", reason);
    else if (!reason && runtime->readonly.was_held)
        log_line(LOG_INFO, "writing again", NULL, NULL);
    runtime->readonly.was_held = reason != NULL;
}

void readonly_turn(struct runtime *runtime)
{
    const struct service_side *side = runtime->service->side;
    struct readonly *readonly = &runtime->readonly;
    const char *own = NULL;
    if (side && follow_caught_up(runtime->follow)) {
        int wait_ms = side->turn(runtime->side, runtime->ledger, runtime->now_us);
        readonly->side_at_us =
            wait_ms < 0 ? UINT64_MAX : runtime->now_us + (uint64_t)wait_ms * 1000;
        own = side->hold(runtime->side);
    }
    if (side && !own) /* an event that cannot even be folded is not what was recorded either */
        own = follow_stuck(runtime->follow);
    if (own && !readonly->own)
        readonly->tell_at_us = 0;
    readonly->own = own;
    if (readonly->own && runtime->now_us >= readonly->tell_at_us) {
        (void)!envelope_publish_hold(runtime->publisher, text_of(readonly->own));
        readonly->tell_at_us = runtime->now_us + TELL_EVERY_US;
    }
    note(runtime);
}

uint64_t readonly_next_us(const struct runtime *runtime)
{
    const struct readonly *readonly = &runtime->readonly;
    uint64_t next_us = readonly->side_at_us;
    if (readonly->own && readonly->tell_at_us < next_us)
        next_us = readonly->tell_at_us;
    if (readonly->was_held && !readonly->own && readonly->heard_until_us < next_us)
        next_us = readonly->heard_until_us;
    return next_us;
}
