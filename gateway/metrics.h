/* What the gateway counts, and the page that Prometheus reads. */
#ifndef MISAQ_GATEWAY_METRICS_H
#define MISAQ_GATEWAY_METRICS_H

#include "base/buf.h"
#include "base/err.h"

#define METRICS_NO_ROUTE SIZE_MAX

struct gateway;
struct metrics;

struct metrics *metrics_new(void);
void metrics_free(struct metrics *metrics);

/* route: index in the table, or METRICS_NO_ROUTE. status 0: the client left before an answer. */
void metrics_request(struct metrics *metrics, size_t route, int status, uint64_t took_us);
/* A sign-in was tried. */
void metrics_sign_in(struct metrics *metrics, enum err outcome);
void metrics_refusal(struct metrics *metrics, enum err err);
/* The text exposition format 0.0.4. */
void metrics_write(const struct gateway *gateway, struct buf *out);

#endif
