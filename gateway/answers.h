/* Ready answers of single things, kept until the next event of the subject that they hold for. An
 * answer is never older than what the follower of the ledger has heard: events drop what they make
 * stale, an answer that was overtaken while it travelled is not kept, and nothing is given out
 * before the follower has come as far as the reader's own writes. What is kept is opaque here. */
#ifndef MISAQ_GATEWAY_ANSWERS_H
#define MISAQ_GATEWAY_ANSWERS_H

#include "base/text.h"

struct answers;

/* The one who keeps, gives back and forgets: called with what was kept. */
typedef void answers_on_release(void *kept);

/* `bytes` bounds keys and values together; 0 keeps nothing. */
struct answers *answers_new(uint64_t bytes, answers_on_release *release);
void answers_free(struct answers *answers);

/* What is kept under a key, borrowed until the next call; NULL when there is nothing or the ledger
 * has not been followed up to position `least`. */
void *answers_find(struct answers *answers, struct text key, uint64_t least);

/* Keeps (and takes) what a service answered when it had folded up to `position`. `size` in bytes.
 * Releases it at once when it cannot be kept. */
void answers_keep(struct answers *answers, struct text key, struct text subject, uint64_t position,
    void *kept, size_t size);

/* Following begins behind this position: nothing is known of what was before. */
void answers_begin(struct answers *answers, uint64_t position);
/* The event at this position belongs to this subject; positions come in order. */
void answers_event(struct answers *answers, struct text subject, uint64_t position);

struct answers_counts {
    uint64_t hits, misses, dropped, evicted;
    uint64_t bytes, entries;
};
const struct answers_counts *answers_counts(const struct answers *answers);

#endif
