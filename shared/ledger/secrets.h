/* A small blocking door to Redis for what must never be an event: passwords, and the counters that
 * slow down who guesses them. For threads of their own, never for a loop: every call waits for
 * Redis. A value is opaque bytes; whether it was tampered with is for its owner to know. */
#ifndef MISAQ_LEDGER_SECRETS_H
#define MISAQ_LEDGER_SECRETS_H

#include "base/buf.h"
#include "base/settings.h"

#define SECRETS_NAME_MAX  200
#define SECRETS_VALUE_MAX 4096

struct secrets; /* of one thread */

/* Connects with the first call, and again after every loss. */
enum err secrets_open(
    const struct settings *settings, struct secrets **ret_secrets, struct faults *why) MUST_CHECK;
void secrets_close(struct secrets *secrets);

/* Names are without blanks and below "misaq:{<government>}:secret:". ERR_UNAVAILABLE: Redis did not
 * answer; whether a change was made is then unknown. */

/* Appends the value; *ret_found false: there is none. */
enum err secrets_get(struct secrets *secrets, const char *name, struct buf *out, bool *ret_found,
    struct faults *why) MUST_CHECK;
/* Kept for ttl_s seconds. */
enum err secrets_put(struct secrets *secrets, const char *name, struct text value, uint64_t ttl_s,
    struct faults *why) MUST_CHECK;
/* Compare and set: puts `value` for ever where `old` stands (absent: where nothing stands).
 * *ret_done false: something else stands there. */
enum err secrets_swap(struct secrets *secrets, const char *name, struct text old, struct text value,
    bool *ret_done, struct faults *why) MUST_CHECK;
/* Adds 1 to a counter that goes back to nothing ttl_s seconds after it began, or takes 1 back. */
enum secrets_step { SECRETS_BACK = -1, SECRETS_ONE = 1 };
struct secrets_count {
    int64_t count;  /* with this step */
    int64_t left_s; /* until it goes back to nothing */
};
enum err secrets_count(struct secrets *secrets, const char *name, uint64_t ttl_s,
    enum secrets_step step, struct secrets_count *ret_count, struct faults *why) MUST_CHECK;
enum err secrets_remove(struct secrets *secrets, const char *name, struct faults *why) MUST_CHECK;

#endif
