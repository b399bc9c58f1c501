#include "junction.h"

#include "base/log.h"
#include "base/must.h"
#include "exchange.h"
#include "filter.h"
#include "schema/pack.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utlist.h>

#define AGAIN_US UINT64_C(500000)
#define ROOM_MS  2 /* until those that wait for room try again */
#define ASK_MAX  (16u << 10)

/* A connection that could not be passed on yet: many come at once when they were cut at once. */
struct passing {
    struct passing *prev, *next;
    struct exchange *exchange;
    uint64_t due_us;
    struct buf ask;
};

struct junction {
    const struct settings *settings;
    int fd; /* -1: not connected */
    bool has_status;
    uint64_t again_us;
    struct stream_status status;
    struct passing *waiting;
    char heard[1024]; /* what its texts are borrowed from */
};

struct junction *junction_new(const struct settings *settings)
{
    struct junction *junction = calloc(1, sizeof *junction);
    must(junction);
    junction->settings = settings;
    junction->fd = -1;
    return junction;
}

static void hang_up(struct junction *junction)
{
    if (junction->fd >= 0)
        (void)close(junction->fd);
    junction->fd = -1;
    junction->has_status = false;
}

void junction_free(struct junction *junction)
{
    if (!junction)
        return;
    hang_up(junction);
    free(junction);
}

static bool call(struct junction *junction)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    size_t len = strlen(junction->settings->streams);
    if (len == 0 || len >= sizeof name.sun_path)
        return false;
    memcpy(name.sun_path, junction->settings->streams, len);
    junction->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (junction->fd >= 0 &&
        connect(junction->fd, (const struct sockaddr *)&name, sizeof name) == 0)
        return true;
    hang_up(junction);
    return false;
}

/* False when the other side has gone. */
static bool hear(struct junction *junction)
{
    static struct faults why;
    ssize_t len;
    while ((len = recv(junction->fd, junction->heard, sizeof junction->heard, MSG_DONTWAIT)) > 0) {
        struct text packed = {junction->heard, (size_t)len};
        faults_clear(&why);
        memset(&junction->status, 0, sizeof junction->status);
        junction->has_status =
            pack_read(stream_status_record(), packed, PACK_SKIP, &junction->status, &why) == OK;
    }
    return len < 0 && (errno == EAGAIN || errno == EINTR);
}

const struct stream_status *junction_status(const struct junction *junction)
{
    return junction->has_status ? &junction->status : NULL;
}

static bool pass(struct junction *junction, struct text ask, int fd)
{
    union {
        struct cmsghdr head;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct iovec part = {(void *)(uintptr_t)ask.at, ask.len};
    struct msghdr message = {.msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = control.bytes,
        .msg_controllen = sizeof control.bytes};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(head), &fd, sizeof fd);
    return sendmsg(junction->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)ask.len;
}

enum passed { PASSED = 1, PASSED_LATER, PASSED_NOT };

/* A program that was started again has left the old connection dead: once more on a new one. */
static enum passed pass_on(
    struct junction *junction, const struct exchange *exchange, struct text ask)
{
    int fd = MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CONNECTION_FD)
                 ->connect_fd;
    for (int round = 0; round < 2; round++) {
        if (junction->fd < 0 && !call(junction))
            return PASSED_NOT;
        if (pass(junction, ask, fd))
            return PASSED;
        if (errno == EAGAIN || errno == ETOOMANYREFS)
            return PASSED_LATER;
        hang_up(junction);
    }
    return PASSED_NOT;
}

static void settle(struct exchange *exchange, enum passed passed)
{
    if (passed == PASSED)
        exchange_passed_on(exchange);
    else
        exchange_refuse_with(exchange, ERR_UNAVAILABLE,
            "the streams are not there, or too busy: come again in 2 seconds");
}

static void free_passing(void *work)
{
    struct passing *passing = work;
    struct junction *junction = passing->exchange->gateway->junction;
    DL_DELETE(junction->waiting, passing);
    buf_free(&passing->ask);
    free(passing);
}

/* Takes the bytes of `ask`. */
static void wait_for_room(struct exchange *exchange, struct buf *ask)
{
    struct gateway *gateway = exchange->gateway;
    struct passing *passing = calloc(1, sizeof *passing);
    must(passing);
    *passing = (struct passing){.exchange = exchange,
        .due_us = gateway->now_us + gateway->settings->request_ms * 1000,
        .ask = *ask};
    *ask = (struct buf){0};
    DL_APPEND(gateway->junction->waiting, passing);
    exchange->work = passing;
    exchange->work_free = free_passing;
}

static void go_on(struct junction *junction, uint64_t now_us)
{
    struct passing *next;
    for (struct passing *passing = junction->waiting; passing; passing = next) {
        struct exchange *exchange = passing->exchange;
        next = passing->next;
        if (exchange->stage != EXCHANGE_WORKING)
            continue;
        enum passed passed = pass_on(junction, exchange, buf_as_text(&passing->ask));
        if (passed == PASSED_LATER && now_us < passing->due_us)
            return;
        settle(exchange, passed);
        exchange_wake(exchange);
    }
}

void junction_turn(struct junction *junction, uint64_t now_us)
{
    go_on(junction, now_us);
    if (now_us < junction->again_us)
        return;
    junction->again_us = now_us + AGAIN_US;
    if (junction->fd >= 0 && !hear(junction)) {
        log_line(LOG_WARN, "misaq-streams has gone", "socket", junction->settings->streams);
        hang_up(junction);
    }
    if (junction->fd < 0)
        (void)call(junction);
}

int junction_wait_ms(const struct junction *junction)
{
    return junction->waiting ? ROOM_MS : -1;
}

/* Where the stream begins: a browser that connects again says by the field how far it had come,
 * whatever its address says. */
static bool begins(const struct exchange *exchange, const struct event_list *list,
    struct whole *ret_after, struct faults *why)
{
    struct text field = exchange->headers.last_event;
    struct text from = field.len ? field : list->after;
    uint64_t after;
    if (!from.at)
        return true;
    if (!text_whole(from, (uint64_t)WHOLE_MAX, &after)) {
        faults_add(why, ERR_INVALID, field.len ? "Last-Event-ID" : "after",
            "is not a position: a whole number from 0");
        return false;
    }
    *ret_after = (struct whole){(int64_t)after, true};
    return true;
}

void junction_stream(struct exchange *exchange, const struct event_list *list)
{
    struct gateway *gateway = exchange->gateway;
    struct faults *why = &gateway->why;
    struct filter filter;
    char client[ORIGIN_ADDRESS_SIZE];
    struct stream_ask ask = {.types = list->types,
        .body = list->body,
        .subject = list->subject,
        .trace = text_of(exchange_trace(exchange)->id)};
    faults_clear(why);
    if (!begins(exchange, list, &ask.after, why) ||
        filter_read(list->types, list->body, list->subject, &filter, why) != OK) {
        exchange_refuse(exchange, faults_err(why), PROBLEM_IN_PARAMETERS);
        return;
    }
    exchange_client(exchange, client);
    ask.address = text_of(client);
    ask.access = exchange->access;
    if (!exchange_is_public(exchange)) {
        ask.person = exchange->actor.person;
        ask.session = exchange->asker.session;
        ask.office = exchange->actor.office;
        ask.began = (struct whole){exchange->asker.began, true};
        ask.expires = (struct whole){exchange->asker.expires, true};
    }
    BUF_CLEANUP struct buf packed = BUF(ASK_MAX);
    pack_write(stream_ask_record(), &ask, &packed);
    must(!packed.full);
    enum passed passed = pass_on(gateway->junction, exchange, buf_as_text(&packed));
    if (passed == PASSED_LATER)
        wait_for_room(exchange, &packed);
    else
        settle(exchange, passed);
}
