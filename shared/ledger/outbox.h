/* What is to leave the house, by target: a webhook or a mailbox. A blocking door to Redis: who
 * delivers may wait. Only positions lie there; what is sent is made from the ledger. A target that
 * cannot be reached is tried again and again over a day, then its event is parked; a try is counted
 * before it begins, so that whoever dies in between has tried. Two may work on one outbox. */
#ifndef MISAQ_LEDGER_OUTBOX_H
#define MISAQ_LEDGER_OUTBOX_H

#include "base/buf.h"
#include "base/settings.h"

#define OUTBOX_HOOK       "hook." /* before the id of an access */
#define OUTBOX_MAIL       "mail." /* before the id of an office */
#define OUTBOX_TARGET_MAX 140
#define OUTBOX_ADD_MOST   200
#define OUTBOX_TAKE_MOST  16
#define OUTBOX_READ_MOST  50

struct outbox; /* of one thread */

/* Settings used: those of the ledger, retry_ms, retry_most, delivery_ms, outbox_most. Connects with
 * the first call. Every call: ERR_UNAVAILABLE when Redis does not answer. Times are milliseconds
 * since 1970. */
enum err outbox_open(
    const struct settings *settings, struct outbox **ret_outbox, struct faults *why) MUST_CHECK;
void outbox_close(struct outbox *outbox);

/* Puts positions in, at most OUTBOX_ADD_MOST, in order; those that were put in before stay as they
 * are. *ret_left: for how many there was no room. */
enum err outbox_add(struct outbox *outbox, const char *target, const uint64_t *positions,
    size_t count, int64_t now_ms, uint64_t *ret_left, struct faults *why) MUST_CHECK;

struct outbox_try {
    uint64_t position;
    unsigned number; /* from 1 */
};
/* Begins tries, at most `most` (OUTBOX_TAKE_MOST): each must be ended by one of the two below, or
 * comes again. *ret_next_ms: when the next is due; 0: there is none. */
enum err outbox_take(struct outbox *outbox, const char *target, int64_t now_ms, size_t most,
    struct outbox_try *ret_tries, size_t *ret_count, int64_t *ret_next_ms, struct faults *why)
    MUST_CHECK;
/* receipt: a packed delivery_receipt. */
enum err outbox_delivered(struct outbox *outbox, const char *target, uint64_t position,
    struct text receipt, struct faults *why) MUST_CHECK;
/* It is not for this target: no receipt. */
enum err outbox_drop(
    struct outbox *outbox, const char *target, uint64_t position, struct faults *why) MUST_CHECK;
/* give_up: it is parked at once. */
enum err outbox_failed(struct outbox *outbox, const char *target, uint64_t position,
    struct text receipt, int64_t now_ms, bool give_up, bool *ret_parked, struct faults *why)
    MUST_CHECK;
/* Delivers from..upto again, whatever became of them; 0 and 0: all that is parked. wish: position
 * of the event that wants it; the same wish is done once. */
enum err outbox_again(struct outbox *outbox, const char *target, uint64_t wish, uint64_t from,
    uint64_t upto, int64_t now_ms, struct faults *why) MUST_CHECK;

struct outbox_counts {
    uint64_t upto; /* the last position that was put in; 0: none */
    uint64_t delivered, failed, left_out, waiting, parked;
};
enum err outbox_counts(struct outbox *outbox, const char *target, struct outbox_counts *ret_counts,
    struct faults *why) MUST_CHECK;
/* The same with the latest parked positions and receipts, at most OUTBOX_READ_MOST each; receipts
 * lie in `arena`. */
struct outbox_sight {
    struct outbox_counts counts;
    uint64_t parked[OUTBOX_READ_MOST];
    struct text receipts[OUTBOX_READ_MOST];
    size_t parked_count, receipt_count;
};
enum err outbox_read(struct outbox *outbox, const char *target, struct buf *arena,
    struct outbox_sight *ret_sight, struct faults *why) MUST_CHECK;

#endif
