/* The stream for other departments: every event once, under its topic, over ZeroMQ with CURVE. A
 * subscriber sees whatever it missed: each message says the position before it in its topic, and
 * every second its control channel says where the topics stand that are opened to it. */
#ifndef MISAQ_STREAMS_PRESS_H
#define MISAQ_STREAMS_PRESS_H

#include "feed.h"
#include "ring.h"

struct press;

/* Without MISAQ_DEPARTMENTS nothing is published, and nothing done. epoll: where its sockets are
 * waited for. The feed may come later: press_turn(). */
enum err press_open(const struct settings *settings, struct ring *ring, int epoll,
    struct press **ret_press, struct faults *why) MUST_CHECK;
void press_close(struct press *press);

/* An event: from the first one on, for the places of the topics; new ones stand in the ring. */
void press_event(struct press *press, const struct facts *facts, const struct feed_event *event);
/* Lets in, subscribes, refuses, tells heads. facts NULL: the ledger is still being read. */
void press_turn(struct press *press, const struct facts *facts, uint64_t now_us);

/* The public key of the stream in Z85, and where it is; "" without one. */
const char *press_key(const struct press *press);
const char *press_address(const struct press *press);
struct press_counts {
    uint64_t published, let_in, refused_keys, refused_topics;
};
void press_counted(const struct press *press, struct press_counts *ret_counts);

#endif
