/* Who is let in to the department stream (ZeroMQ's authentication protocol, RFC 27): the keys that
 * two administrators have let in, nobody else. Asked at the handshake only. */
#ifndef MISAQ_STREAMS_ZAP_H
#define MISAQ_STREAMS_ZAP_H

#include "facts/departments.h"

#define ZAP_DOMAIN "departments"

struct zap;

/* context: of the sockets that ask; before any of them is bound. NULL: it cannot be. */
struct zap *zap_open(void *context);
void zap_close(struct zap *zap);
/* The socket, to wait for. */
void *zap_socket(const struct zap *zap);
/* Answers what is asked. departments NULL: nobody is let in yet. */
void zap_turn(struct zap *zap, const struct departments *departments);

struct zap_counts {
    uint64_t let_in, refused;
};
const struct zap_counts *zap_counts(const struct zap *zap);

#endif
