/* One reply of Redis as a flat row of parts in the order in which they came: an array is followed
 * by its elements. Rows and bytes are reused from reply to reply, so a page of a thousand entries
 * costs no allocation; whatever is read from it is borrowed until reply_clear(). */
#ifndef MISAQ_LEDGER_REPLY_H
#define MISAQ_LEDGER_REPLY_H

#include "base/buf.h"

enum reply_kind {
    REPLY_TEXT = 1, /* a bulk string or a status */
    REPLY_WHOLE,
    REPLY_ARRAY,
    REPLY_NIL,
    REPLY_ERROR
};

struct reply_part {
    enum reply_kind kind;
    int64_t whole; /* of REPLY_WHOLE */
    size_t from;   /* where its text starts in bytes */
    size_t len;    /* bytes of a text or an error, elements of an array */
};

struct reply {
    struct buf bytes;
    struct reply_part *parts;
    size_t count;
    size_t room;
    bool too_large; /* a reply broke the cap of bytes or of parts */
};

struct redisReader;

#define REPLY_BYTES_MAX ((size_t)256 << 20)
#define REPLY_PARTS_MAX ((size_t)8 << 20)

void reply_init(struct reply *reply);
void reply_free(struct reply *reply);
void reply_clear(struct reply *reply);
/* A parser that fills `reply` (borrowed while the reader lives); the caller frees it with
 * redisReaderFree(). NULL when out of memory. */
struct redisReader *reply_reader(struct reply *reply);

/* The part, or one of REPLY_NIL beyond the last. */
static inline struct reply_part reply_at(const struct reply *reply, size_t index)
{
    return index < reply->count ? reply->parts[index] : (struct reply_part){.kind = REPLY_NIL};
}
/* The text of a part; absent when it is not a text or an error. */
static inline struct text reply_text(const struct reply *reply, struct reply_part part)
{
    if (part.kind != REPLY_TEXT && part.kind != REPLY_ERROR)
        return (struct text){0};
    return part.len ? (struct text){reply->bytes.at + part.from, part.len} : TEXT_LITERAL("");
}

#endif
