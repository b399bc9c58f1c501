/* The client library parses; these are the hooks by which it hands over what it found. Its own
 * hooks would allocate six objects for each entry of a page. */
#include "ledger/reply.h"

#include <hiredis/read.h>
#include <stdlib.h>

/* The library keeps what it has not parsed yet: room for one read and a large entry is kept too,
 * so that it is not freed and allocated again with every page. */
#define UNPARSED_KEPT ((size_t)4 << 20)

void reply_init(struct reply *reply)
{
    *reply = (struct reply){.bytes = BUF(REPLY_BYTES_MAX)};
}

void reply_free(struct reply *reply)
{
    buf_free(&reply->bytes);
    free(reply->parts);
    reply_init(reply);
}

void reply_clear(struct reply *reply)
{
    buf_clear(&reply->bytes);
    reply->count = 0;
    reply->too_large = false;
}

/* Returns what the library takes for an object; NULL makes it stop with an error. */
static void *add(const redisReadTask *task, struct reply_part part)
{
    struct reply *reply = task->privdata;
    if (reply->count == reply->room) {
        size_t room = reply->room ? 2 * reply->room : 64;
        struct reply_part *parts =
            room > REPLY_PARTS_MAX ? NULL : realloc(reply->parts, room * sizeof *parts);
        if (!parts) {
            reply->too_large = true;
            return NULL;
        }
        reply->parts = parts;
        reply->room = room;
    }
    reply->parts[reply->count++] = part;
    return reply;
}

static void *add_text(const redisReadTask *task, char *at, size_t len)
{
    struct reply *reply = task->privdata;
    size_t from = reply->bytes.len;
    buf_add(&reply->bytes, at, len);
    if (reply->bytes.full) {
        reply->too_large = true;
        return NULL;
    }
    enum reply_kind kind = task->type == REDIS_REPLY_ERROR ? REPLY_ERROR : REPLY_TEXT;
    return add(task, (struct reply_part){.kind = kind, .from = from, .len = len});
}

static void *add_array(const redisReadTask *task, int elements)
{
    return add(task, (struct reply_part){.kind = REPLY_ARRAY, .len = (size_t)elements});
}

static void *add_whole(const redisReadTask *task, long long value)
{
    return add(task, (struct reply_part){.kind = REPLY_WHOLE, .whole = value});
}

static void *add_nil(const redisReadTask *task)
{
    return add(task, (struct reply_part){.kind = REPLY_NIL});
}

static void free_nothing(void *object)
{
    (void)object; /* the parts belong to the reply */
}

struct redisReader *reply_reader(struct reply *reply)
{
    static redisReplyObjectFunctions hooks = {
        .createString = add_text,
        .createArray = add_array,
        .createInteger = add_whole,
        .createNil = add_nil,
        .freeObject = free_nothing,
    };
    redisReader *reader = redisReaderCreateWithFunctions(&hooks);
    if (!reader)
        return NULL;
    reader->privdata = reply;
    reader->maxbuf = UNPARSED_KEPT;
    return reader;
}
