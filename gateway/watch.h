/* What the services say of themselves, asked every second; what the probes and metrics tell. */
#ifndef MISAQ_GATEWAY_WATCH_H
#define MISAQ_GATEWAY_WATCH_H

#include "base/buf.h"
#include "schema/messages.h"

struct gateway;
struct watch;

struct watch *watch_new(struct gateway *gateway);
void watch_free(struct watch *watch);
/* Asks again when it is time. */
void watch_turn(struct watch *watch, uint64_t now_us);

/* Everything that keeps the gateway from being ready as JSON strings with commas; returns how many.
 */
size_t watch_missing(const struct watch *watch, uint64_t now_us, struct buf *out);
/* Gauges and counters of the services. */
void watch_write_metrics(const struct watch *watch, uint64_t now_us, struct buf *out);

#endif
