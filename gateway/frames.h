/* The frames of one message to a service, packed behind one another. */
#ifndef MISAQ_GATEWAY_FRAMES_H
#define MISAQ_GATEWAY_FRAMES_H

#include "bus/bus.h"

#define FRAMES_ROWS_MAX (BUS_FRAMES_MAX - 2) /* beside the envelope and the carried record */

struct frames {
    struct buf bytes;
    size_t count;
    size_t ends[BUS_FRAMES_MAX];
    uint32_t lines[BUS_FRAMES_MAX]; /* of frames that came from lines of a file; else 0 */
};

static inline void frames_clear(struct frames *frames)
{
    buf_clear(&frames->bytes);
    frames->count = 0;
}

/* Ends the frame that was written to `bytes`. The caller has room for it. */
static inline void frames_end(struct frames *frames, uint32_t line)
{
    frames->lines[frames->count] = line;
    frames->ends[frames->count++] = frames->bytes.len;
}

/* A frame, borrowed until the next write. */
static inline struct text frames_at(const struct frames *frames, size_t index)
{
    size_t start = index ? frames->ends[index - 1] : 0;
    return (struct text){frames->bytes.at + start, frames->ends[index] - start};
}

#endif
