/* The small fields of a request that carry meaning: versions as ETags, the idempotency key, the
 * office, the token, the trace. Each has one strict form. Pure. */
#ifndef MISAQ_GATEWAY_CONDITIONS_H
#define MISAQ_GATEWAY_CONDITIONS_H

#include "base/err.h"
#include "schema/messages.h"

/* If-Match: one strong ETag, "12" in its quotes. `*`, lists and weak ones are refused: a change
 * must say which version it has seen. */
enum err condition_if_match(struct text field, struct whole *ret_expected, struct faults *why)
    MUST_CHECK;
/* If-None-Match: whether the reader has this version already (weak comparison). */
bool condition_none_match(struct text field, uint64_t version);
/* Idempotency-Key: 1 to 200 printable ASCII characters. */
enum err condition_key(struct text field, struct faults *why) MUST_CHECK;
/* Misaq-Office: the id of an office, or "person". Borrowed from the field. */
enum err condition_office(struct text field, struct office *ret_office, struct faults *why)
    MUST_CHECK;
/* Authorization: what follows "Bearer"; absent when that is nothing, or the scheme another one.
 * Whether it is a token is for those to say who unseal it. */
struct text condition_bearer(struct text field);

/* W3C trace context, version 00. */
#define TRACE_ID_LEN 32
#define TRACE_SIZE   56
struct trace {
    char parent[TRACE_SIZE]; /* to hand on: the trace with a span of our own */
    char id[TRACE_ID_LEN + 1];
};
/* Takes over the trace of a valid traceparent, else begins one. A broken one is no fault of the
 * request: the standard says to ignore it. */
void condition_trace(struct text field, struct trace *ret_trace);

#endif
