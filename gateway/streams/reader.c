#include "reader.h"

#include "base/must.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#define PARTS_MAX 64

static void keep(struct reader *reader, const struct iovec *parts, size_t count, size_t sent)
{
    size_t len = 0;
    for (size_t i = 0; i < count; i++)
        len += parts[i].iov_len;
    size_t kept = reader->rest_len - reader->rest_at;
    char *rest = malloc(kept + len - sent);
    must(rest);
    char *at = rest;
    if (kept) {
        memcpy(at, reader->rest + reader->rest_at, kept);
        at += kept;
    }
    for (size_t i = 0; i < count; i++) {
        size_t skip = sent < parts[i].iov_len ? sent : parts[i].iov_len;
        memcpy(at, (const char *)parts[i].iov_base + skip, parts[i].iov_len - skip);
        at += parts[i].iov_len - skip;
        sent -= skip;
    }
    free(reader->rest);
    reader->rest = rest;
    reader->rest_at = 0;
    reader->rest_len = (size_t)(at - rest);
}

/* Bytes taken; -1 when the connection is gone. */
static ssize_t write_out(struct reader *reader, const struct iovec *parts, size_t count)
{
    struct msghdr message = {.msg_iov = (struct iovec *)(uintptr_t)parts, .msg_iovlen = count};
    ssize_t sent;
    do
        sent = sendmsg(reader->watched.fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    if (sent < 0)
        return errno == EAGAIN || errno == ENOBUFS ? 0 : -1;
    return sent;
}

bool reader_send(struct reader *reader, const struct iovec *parts, size_t count, uint64_t now_us)
{
    must(count <= PARTS_MAX);
    size_t len = 0;
    for (size_t i = 0; i < count; i++)
        len += parts[i].iov_len;
    ssize_t sent = 0;
    if (!reader_is_blocked(reader))
        sent = write_out(reader, parts, count);
    if (sent < 0)
        return false;
    if (sent > 0)
        reader->wrote_us = now_us;
    if ((size_t)sent < len) {
        keep(reader, parts, count, (size_t)sent);
        if (!reader->waits_us)
            reader->waits_us = now_us;
    }
    return true;
}

bool reader_say(struct reader *reader, struct text text, uint64_t now_us)
{
    struct iovec part = {(void *)(uintptr_t)text.at, text.len};
    return reader_send(reader, &part, 1, now_us);
}

bool reader_flush(struct reader *reader, uint64_t now_us)
{
    if (!reader_is_blocked(reader))
        return true;
    struct iovec part = {reader->rest + reader->rest_at, reader->rest_len - reader->rest_at};
    ssize_t sent = write_out(reader, &part, 1);
    if (sent < 0)
        return false;
    if (sent > 0) {
        reader->rest_at += (size_t)sent;
        reader->wrote_us = now_us;
        reader->waits_us = now_us;
    }
    if (!reader_is_blocked(reader)) {
        free(reader->rest);
        reader->rest = NULL;
        reader->rest_len = reader->rest_at = 0;
        reader->waits_us = 0;
    }
    return true;
}
