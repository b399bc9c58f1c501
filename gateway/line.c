#include "line.h"

#include "base/must.h"
#include "problem.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <uthash.h>
#include <utlist.h>

#define IDLE_US      UINT64_C(60000000) /* between two requests */
#define ANSWER_US    UINT64_C(60000000) /* to take an answer that is ready */
#define SLOW_BYTES_S 16384              /* of a file that is sent */
#define FROM_MAX     16

struct origin {
    UT_hash_handle hh;
    char address[FROM_MAX];
    size_t count;
};

struct line {
    struct line *prev, *next;
    struct origin *origin;
    int fd;
    enum line_state state;
    bool first; /* nothing has been answered on it yet */
    bool cut;
    uint64_t opened_us;
    uint64_t due_us; /* 0: somebody else keeps the time */
};

struct lines {
    const struct settings *settings;
    struct line *all;
    struct origin *origins;
    struct lines_counts counts;
};

struct lines *lines_new(const struct settings *settings)
{
    struct lines *lines = calloc(1, sizeof *lines);
    must(lines);
    lines->settings = settings;
    return lines;
}

void lines_free(struct lines *lines)
{
    if (!lines)
        return;
    must(!lines->all);
    free(lines);
}

static struct origin *origin_of(struct lines *lines, const void *from, size_t len)
{
    char address[FROM_MAX] = {0};
    memcpy(address, from, len < FROM_MAX ? len : FROM_MAX);
    struct origin *origin;
    HASH_FIND(hh, lines->origins, address, FROM_MAX, origin);
    if (origin)
        return origin;
    origin = calloc(1, sizeof *origin);
    must(origin);
    memcpy(origin->address, address, FROM_MAX);
    HASH_ADD(hh, lines->origins, address, FROM_MAX, origin);
    return origin;
}

struct line *line_open(
    struct lines *lines, int fd, const void *from, size_t from_len, uint64_t now_us)
{
    struct line *line = calloc(1, sizeof *line);
    must(line);
    line->fd = fd;
    line->opened_us = now_us;
    line->first = true;
    line->state = LINE_IDLE;
    line->due_us = now_us + lines->settings->header_ms * 1000;
    line->origin = origin_of(lines, from, from_len);
    line->origin->count++;
    DL_APPEND(lines->all, line);
    lines->counts.open++;
    lines->counts.opened++;
    return line;
}

void line_close(struct lines *lines, struct line *line)
{
    if (--line->origin->count == 0) {
        HASH_DEL(lines->origins, line->origin);
        free(line->origin);
    }
    DL_DELETE(lines->all, line);
    lines->counts.open--;
    free(line);
}

void line_set(struct lines *lines, struct line *line, enum line_state state, uint64_t now_us)
{
    line->state = state;
    switch (state) {
    case LINE_IDLE:
        line->first = false;
        line->due_us = now_us + IDLE_US;
        return;
    case LINE_ARRIVING:
        if (!line->first) /* the first one has had its time since the connection came */
            line->due_us = now_us + lines->settings->header_ms * 1000;
        return;
    case LINE_WORKING:
        line->due_us = 0;
        return;
    case LINE_LEAVING:
        line->due_us = now_us + ANSWER_US;
        return;
    case LINE_STREAMING:
        line->due_us = now_us + lines->settings->connection_s * 1000000;
        return;
    }
}

void line_expect(struct line *line, uint64_t bytes)
{
    line->due_us += bytes * 1000000 / SLOW_BYTES_S;
}

bool line_is_too_many(const struct lines *lines, const struct line *line)
{
    return line->origin->count > lines->settings->connections_each;
}

static void cut(struct lines *lines, struct line *line)
{
    line->cut = true;
    lines->counts.cut++;
    (void)shutdown(line->fd, SHUT_RDWR);
}

void line_refuse(struct line *line, enum err err)
{
    static struct faults none;
    char text[1024], head[512];
    struct buf body = {.at = text, .room = sizeof text, .max = sizeof text};
    problem_write(&body, err, &none, PROBLEM_IN_BODY, "");
    int len = snprintf(head, sizeof head,
        "HTTP/1.1 %d %s\r\nContent-Type: " PROBLEM_TYPE "\r\nContent-Length: %zu\r\n"
        "Connection: close\r\n\r\n",
        err_http(err), err_word(err), body.len);
    struct iovec parts[] = {{head, (size_t)len}, {text, body.len}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    (void)!sendmsg(line->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

void lines_reap(struct lines *lines, bool idle, uint64_t now_us)
{
    uint64_t life_us = lines->settings->connection_s * 1000000;
    for (struct line *line = lines->all; line; line = line->next) {
        bool late = line->due_us && line->due_us <= now_us;
        bool old = line->state == LINE_IDLE && (idle || line->opened_us + life_us <= now_us);
        if (line->cut || (!late && !old))
            continue;
        if (late && line->state == LINE_ARRIVING)
            line_refuse(line, ERR_SLOW_CLIENT);
        cut(lines, line);
    }
}

const struct lines_counts *lines_counts(const struct lines *lines)
{
    return &lines->counts;
}
