/* What the parts of the gateway share. One process has one of it, and one thread. */
#ifndef MISAQ_GATEWAY_GATEWAY_H
#define MISAQ_GATEWAY_GATEWAY_H

#include "answers.h"
#include "asks.h"
#include "feed.h"
#include "frames.h"
#include "http.h"
#include "junction.h"
#include "metrics.h"
#include "tokens.h"
#include "watch.h"

struct gateway {
    const struct settings *settings;
    struct bus *bus;
    struct ledger *ledger;
    struct asks *asks;
    struct feed *feed;
    struct watch *watch;
    struct junction *junction;
    struct answers *answers;
    struct tokens *tokens;
    struct http *public_http, *admin_http;
    struct metrics *metrics;
    struct buf openapi; /* ready to be served */
    uint64_t now_us;    /* of this turn of the loop */
    uint64_t least;     /* highest position that a write through here was answered with */
    uint64_t least_who; /* the same of writes that change who is who */
    bool draining;
    bool serving;      /* the public is let in */
    uint64_t began_us; /* when this process started */

    /* Scratch of the request that is being worked on; nothing stays in it between calls. */
    void *record; /* as large as the largest record of a route */
    struct frames frames;
    struct faults why;
};

/* Runs until SIGTERM or SIGINT and drains; returns the exit code. */
int gateway_run(const struct settings *settings);
/* A write was answered with this position: later reads must know it. */
static inline void gateway_wrote(struct gateway *gateway, enum message message, uint64_t position)
{
    if (position > gateway->least)
        gateway->least = position;
    if (message_row(message)->service == SERVICE_offices && position > gateway->least_who)
        gateway->least_who = position;
}

#endif
