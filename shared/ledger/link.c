/* The client library connects and parses; writing and reading are done here, because it would copy
 * every request once more and read 16 KiB at a time. There is no "connecting" state: until the
 * socket is connected, writes stall, and an attempt that takes too long is silence like any
 * other. */
#include "ledger/link.h"

#include "base/must.h"
#include "base/random.h"

#include <errno.h>
#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>

#define CHUNK        ((size_t)256 << 10)
#define IOVECS       128
#define PAUSE_MIN_US UINT64_C(50000)
#define PAUSE_MAX_US UINT64_C(1000000)

void link_init(struct link *link, uint64_t timeout_ms)
{
    *link = (struct link){.timeout_us = timeout_ms * 1000, .pause_us = PAUSE_MIN_US};
    reply_init(&link->reply);
    link->chunk = malloc(CHUNK);
    must(link->chunk);
}

static void close_link(struct link *link)
{
    if (link->context)
        redisFree(link->context);
    if (link->reader)
        redisReaderFree(link->reader);
    link->context = NULL;
    link->reader = NULL;
    reply_clear(&link->reply);
    link->unwritten = NULL;
    link->written = 0;
    link->stalled = false;
}

void link_free(struct link *link)
{
    close_link(link);
    queue_free(&link->sent);
    reply_free(&link->reply);
    free(link->chunk);
    link->chunk = NULL;
}

static bool lost(struct link *link, const char *what)
{
    (void)snprintf(link->why, sizeof link->why, "Redis at %.60s: %.80s", link->to.host, what);
    return false;
}

bool link_connect(struct link *link, const struct address *to, uint64_t now_us)
{
    must(!link->context && !link->sent.head);
    link->to = *to;
    link->context =
        to->port ? redisConnectNonBlock(to->host, to->port) : redisConnectUnixNonBlock(to->host);
    must(link->context);
    if (link->context->err)
        return lost(link, link->context->errstr);
    (void)fcntl(link->context->fd, F_SETFD, FD_CLOEXEC);
    link->reader = reply_reader(&link->reply);
    must(link->reader);
    link->quiet_since_us = now_us;
    return true;
}

int link_fd(const struct link *link)
{
    return link->context ? link->context->fd : -1;
}

void link_send(struct link *link, struct command *command, uint64_t now_us)
{
    if (!link->sent.head)
        link->quiet_since_us = now_us;
    queue_push(&link->sent, command);
    if (!link->unwritten)
        link->unwritten = command;
}

/* Moves past the bytes that have left. */
static void advance(struct link *link, size_t bytes)
{
    bytes += link->written;
    while (link->unwritten && bytes >= link->unwritten->len) {
        bytes -= link->unwritten->len;
        link->unwritten = link->unwritten->next;
    }
    link->written = bytes;
}

bool link_flush(struct link *link)
{
    link->stalled = false;
    while (link->unwritten) {
        struct iovec vector[IOVECS];
        size_t count = 0, skip = link->written;
        for (struct command *at = link->unwritten; at && count < IOVECS; at = at->next) {
            vector[count++] = (struct iovec){at->bytes + skip, at->len - skip};
            skip = 0;
        }
        struct msghdr message = {.msg_iov = vector, .msg_iovlen = count};
        ssize_t wrote = sendmsg(link->context->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0 && errno == EAGAIN) {
            link->stalled = true;
            return true;
        }
        if (wrote < 0)
            return lost(link, strerror(errno));
        advance(link, (size_t)wrote);
    }
    return true;
}

bool link_fill(struct link *link, uint64_t now_us, bool *ret_more)
{
    ssize_t got = recv(link->context->fd, link->chunk, CHUNK, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        *ret_more = false;
        return true;
    }
    if (got < 0)
        return lost(link, strerror(errno));
    if (got == 0)
        return lost(link, "it closed the connection");
    link->quiet_since_us = now_us;
    if (redisReaderFeed(link->reader, link->chunk, (size_t)got) != REDIS_OK)
        return lost(link, link->reader->errstr);
    *ret_more = (size_t)got == CHUNK;
    return true;
}

bool link_parse(struct link *link, bool *ret_whole)
{
    void *object = NULL;
    if (redisReaderGetReply(link->reader, &object) != REDIS_OK)
        return lost(link, link->reader->errstr);
    /* A reply to what has not left whole comes from a peer that speaks another protocol. */
    if (object && link->sent.head == link->unwritten)
        return lost(link, "it answered what was not asked");
    *ret_whole = object != NULL;
    return true;
}

bool link_is_late(const struct link *link, uint64_t now_us)
{
    return link->context && link->sent.head && now_us > link->quiet_since_us &&
           now_us - link->quiet_since_us >= link->timeout_us;
}

void link_drop(struct link *link, uint64_t now_us)
{
    close_link(link);
    uint64_t half = link->pause_us / 2;
    link->retry_at_us = now_us + half + random_below((uint32_t)half);
    link->pause_us = link->pause_us < PAUSE_MAX_US / 2 ? 2 * link->pause_us : PAUSE_MAX_US;
}

void link_proved(struct link *link)
{
    link->pause_us = PAUSE_MIN_US;
}
