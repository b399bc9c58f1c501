/* The latest events, at hand for everybody who keeps up: each is kept once, and written as text
 * once, when the first reader wants it. What is older is read from the ledger. */
#ifndef MISAQ_STREAMS_RING_H
#define MISAQ_STREAMS_RING_H

#include "feed.h"

struct ring;

/* Borrowed until the next ring_add(). */
struct recent {
    uint64_t position;
    enum message message;            /* MESSAGE_UNSET: of a kind that is not known here */
    struct text type, subject, body; /* body absent: of none */
};

/* Keeps so many bytes at most, but always the last event. */
struct ring *ring_new(uint64_t bytes_max);
void ring_free(struct ring *ring);
/* The next one. body: of its subject. */
void ring_add(struct ring *ring, const struct feed_event *event, struct text body);

uint64_t ring_first(const struct ring *ring); /* position of the oldest kept, or of the next one */
uint64_t ring_last(const struct ring *ring);  /* of the newest, whether kept or not */
/* NULL when it is not kept. */
const struct recent *ring_at(const struct ring *ring, uint64_t position);
/* As readers of a stream get it, the blank line included; absent when its data cannot be read. */
struct text ring_text(struct ring *ring, uint64_t position);
/* The JSON object in it. */
struct text ring_json(struct ring *ring, uint64_t position);

/* Appends an event as a stream has it: "id: 12\nevent: target.drafted\ndata: {...}\n\n". False when
 * its data cannot be read: nothing is appended. *ret_json: where in `out` the object begins. */
bool ring_write(uint64_t position, const struct event *event, struct buf *out, size_t *ret_json)
    MUST_CHECK;

#endif
