/* Calls a gateway over HTTP. The only door to libcurl. */
#ifndef MISAQ_CLI_CALLER_H
#define MISAQ_CLI_CALLER_H

#include "base/buf.h"

#define CALLER_ANSWER_MAX (8u << 20)

struct caller;
/* base: "http://127.0.0.1:8080", copied. within_ms: longest time of one call. NULL without memory.
 */
struct caller *caller_open(const char *base, long within_ms);
void caller_close(struct caller *caller);

/* Texts are NULL where the field is not sent. */
struct call {
    const char *method, *path;
    const char *token, *office; /* who acts, and in which office */
    const char *key, *if_match, *type, *accept;
    struct text body;
    /* Gets the body of a 200 as it comes, of any length, instead of the answer; false ends the
     * call. NULL: none. */
    bool (*take)(void *owner, struct text bytes);
    void *owner;
};

struct called {
    int status;       /* 0: no answer; `body` says why */
    struct text body; /* borrowed until the next call */
};

struct called caller_call(struct caller *caller, const struct call *call);

#endif
