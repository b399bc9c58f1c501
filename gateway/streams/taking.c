#include "base/must.h"
#include "base/random.h"
#include "hub.h"
#include "problem.h"

#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utlist.h>

#define SAY_MAX    512
#define SEND_BYTES 65536

static void refuse(
    struct hub *hub, int fd, enum err err, const struct stream_ask *ask, const char *detail)
{
    static struct faults why;
    char text[2048], head[512], trace[33] = "";
    struct buf body = {.at = text, .room = sizeof text, .max = sizeof text};
    faults_clear(&why);
    faults_add(&why, err, "", "%s", detail);
    (void)snprintf(trace, sizeof trace, "%.*s", TEXT_ARG(ask->trace));
    problem_write(&body, err, &why, PROBLEM_IN_BODY, trace);
    int len = snprintf(head, sizeof head,
        "HTTP/1.1 %d %s\r\nContent-Type: " PROBLEM_TYPE "\r\nContent-Length: %zu\r\n"
        "Retry-After: 5\r\nMisaq-Trace: %s\r\nConnection: close\r\n\r\n",
        err_http(err), err_word(err), body.len, trace);
    struct iovec parts[] = {{head, (size_t)len}, {text, body.len}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    (void)!sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    (void)shutdown(fd, SHUT_WR);
    (void)close(fd);
    hub->counts.refused++;
}

static struct origin *origin_of(struct hub *hub, struct text address)
{
    struct origin *origin;
    HASH_FIND(hh, hub->origins, address.at, address.len, origin);
    if (origin)
        return origin;
    origin = calloc(1, sizeof *origin);
    must(origin && address.len < sizeof origin->address);
    memcpy(origin->address, address.at, address.len);
    HASH_ADD_KEYPTR(hh, hub->origins, origin->address, address.len, origin);
    return origin;
}

/* Events leave at once; what a slow reader leaves lying does not fill the kernel. */
static void set_socket(int fd)
{
    int on = 1, bytes = SEND_BYTES;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
}

static bool greet(struct hub *hub, struct reader *reader, struct text trace, uint64_t now_us)
{
    char text[SAY_MAX];
    int len = snprintf(text, sizeof text,
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n"
        "X-Accel-Buffering: no\r\nX-Content-Type-Options: nosniff\r\nMisaq-Trace: %.*s\r\n"
        "Connection: close\r\n\r\nretry: %u\nid: %" PRIu64 "\n\n",
        TEXT_ARG(trace), 1000 + random_below(4000), reader->position);
    reader->told = reader->position;
    return hub_say(hub, reader, (struct text){text, (size_t)len}, now_us);
}

void hub_take(struct hub *hub, const struct stream_ask *ask, int fd, uint64_t now_us)
{
    static struct faults why;
    static struct channel_key key;
    const struct facts *facts = feed_facts(hub->feed);
    memset(&key, 0, sizeof key);
    faults_clear(&why);
    if (!facts) {
        refuse(hub, fd, ERR_UNAVAILABLE, ask, "the ledger is still being read");
        return;
    }
    if (filter_read(ask->types, ask->body, ask->subject, &key.filter, &why) != OK) {
        refuse(hub, fd, ERR_INVALID, ask, why.kept[0].detail);
        return;
    }
    if (hub->counts.open >= hub->settings->streams_most) {
        refuse(hub, fd, ERR_UNAVAILABLE, ask, "too many streams are open here");
        return;
    }
    struct origin *origin = origin_of(hub, ask->address);
    if (origin->count >= hub->settings->streams_each) {
        refuse(hub, fd, ERR_TOO_MANY, ask, "close some streams first: too many from this address");
        return;
    }
    if (ask->access.at)
        memcpy(key.access, ask->access.at, ask->access.len);
    if (ask->office.at)
        memcpy(key.office, ask->office.at, ask->office.len);
    struct reader *reader = calloc(1, sizeof *reader);
    must(reader);
    *reader = (struct reader){.watched = {hub_on_ready, fd},
        .hub = hub,
        .origin = origin,
        .channel = channel_find(&hub->channels, &key, facts),
        .position = ask->after.given ? (uint64_t)ask->after.value : ring_last(hub->ring),
        .began_us = now_us,
        .wrote_us = now_us,
        .began = ask->began.value,
        .expires = ask->expires.value};
    if (ask->person.at) {
        reader->person = strndup(ask->person.at, ask->person.len);
        reader->session = strndup(ask->session.at, ask->session.len);
        must(reader->person && reader->session);
    }
    origin->count++;
    DL_APPEND(reader->channel->readers, reader);
    reader->channel->count++;
    hub->counts.open++;
    hub->counts.taken++;
    set_socket(fd);
    hub_watch(hub, reader, EPOLL_CTL_ADD);
    if (greet(hub, reader, ask->trace, now_us))
        hub_deliver(hub, reader, now_us);
}
