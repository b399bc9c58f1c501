/* Frames collect in one buffer that is used again for every query; they are cut apart when sent. */
#include "service/reply.h"

#include "base/must.h"
#include "bus/bus.h"

#include <stdlib.h>

#define NEXT_MAX   400
#define HEAD_ROOM  4096 /* what the answer's own frame may take */
#define FRAMES_MAX (BUS_FRAMES_MAX - 1)

struct reply {
    struct buf bytes;
    size_t ends[FRAMES_MAX];
    size_t count;
    bool too_many;
    struct whole version, total;
    char subject[ID_MAX];
    size_t subject_len;
    char next[NEXT_MAX];
    size_t next_len;
};

struct reply *reply_open(void)
{
    struct reply *reply = calloc(1, sizeof *reply);
    must(reply);
    reply->bytes = BUF(BUS_MESSAGE_MAX - HEAD_ROOM);
    return reply;
}

void reply_close(struct reply *reply)
{
    if (!reply)
        return;
    buf_free(&reply->bytes);
    free(reply);
}

void reply_empty(struct reply *reply)
{
    buf_clear(&reply->bytes);
    reply->count = reply->subject_len = reply->next_len = 0;
    reply->too_many = false;
    reply->version = reply->total = (struct whole){0};
}

void reply_add(struct reply *reply, const struct record *record, const void *value)
{
    pack_write(record, value, &reply->bytes);
    reply_end_frame(reply);
}

struct buf *reply_frame(struct reply *reply)
{
    return &reply->bytes;
}

void reply_end_frame(struct reply *reply)
{
    if (reply->count == FRAMES_MAX)
        reply->too_many = true;
    else
        reply->ends[reply->count++] = reply->bytes.len;
}

void reply_version(struct reply *reply, uint64_t version)
{
    reply->version = (struct whole){(int64_t)version, true};
}

void reply_subject(struct reply *reply, struct text subject)
{
    must(subject.len <= sizeof reply->subject);
    if (subject.len)
        memcpy(reply->subject, subject.at, subject.len);
    reply->subject_len = subject.len;
}

void reply_total(struct reply *reply, uint64_t total)
{
    reply->total = (struct whole){(int64_t)total, true};
}

void reply_next(struct reply *reply, struct text next)
{
    must(next.len > 0 && next.len <= sizeof reply->next);
    memcpy(reply->next, next.at, next.len);
    reply->next_len = next.len;
}

size_t reply_count(const struct reply *reply)
{
    return reply->count;
}

struct text reply_frame_at(const struct reply *reply, size_t index)
{
    must(index < reply->count);
    size_t from = index ? reply->ends[index - 1] : 0;
    return (struct text){reply->bytes.at + from, reply->ends[index] - from};
}

size_t reply_size(const struct reply *reply)
{
    return reply->bytes.len;
}

bool reply_fits(const struct reply *reply)
{
    if (reply->too_many || reply->bytes.full)
        return false;
    for (size_t i = 0; i < reply->count; i++)
        if (reply_frame_at(reply, i).len > BUS_FRAME_MAX)
            return false;
    return true;
}

void reply_head(const struct reply *reply, struct answer *answer)
{
    answer->version = reply->version;
    answer->total = reply->total;
    if (reply->subject_len)
        answer->subject = (struct text){reply->subject, reply->subject_len};
    if (reply->next_len)
        answer->next = (struct text){reply->next, reply->next_len};
}
