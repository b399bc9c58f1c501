/* The connections of one listening address, each with an absolute deadline for what it owes: a
 * request must have arrived whole, an answer must have been taken. What is late is cut off at the
 * socket, where the HTTP library notices. Addresses that hold too many are told so. */
#ifndef MISAQ_GATEWAY_LINE_H
#define MISAQ_GATEWAY_LINE_H

#include "base/settings.h"

struct line;
struct lines;

/* Where a connection stands, which says what it may take its time for. */
enum line_state {
    LINE_IDLE = 1, /* between requests, or before the first */
    LINE_ARRIVING, /* a request is on its way */
    LINE_WORKING,  /* the gateway has it */
    LINE_LEAVING,  /* the answer is on its way */
    LINE_STREAMING /* a long answer is on its way: a stream, a file */
};

struct lines *lines_new(const struct settings *settings);
void lines_free(struct lines *lines);

/* A connection has come; fd stays the library's. `from` is the address it came from, in bytes. */
struct line *line_open(
    struct lines *lines, int fd, const void *from, size_t from_len, uint64_t now_us);
void line_close(struct lines *lines, struct line *line);
void line_set(struct lines *lines, struct line *line, enum line_state state, uint64_t now_us);
/* A body of so many bytes is coming from somebody who may send it: the request gets the time that a
 * slow line (16 KiB a second) takes for them, on top of its own. */
void line_expect(struct line *line, uint64_t bytes);
/* Whether its address holds more connections than it may. */
bool line_is_too_many(const struct lines *lines, const struct line *line);
/* Answers without the library and cuts off: for a request that does not end. */
void line_refuse(struct line *line, enum err err);
/* Cuts off what is late, and with `idle` set all that wait for nothing. */
void lines_reap(struct lines *lines, bool idle, uint64_t now_us);

struct lines_counts {
    uint64_t open, opened, cut;
};
const struct lines_counts *lines_counts(const struct lines *lines);

#endif
