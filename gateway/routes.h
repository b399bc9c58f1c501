/* The table of paths, and which row a request belongs to. */
#ifndef MISAQ_GATEWAY_ROUTES_H
#define MISAQ_GATEWAY_ROUTES_H

#include "base/buf.h"
#include "path.h"
#include "schema/messages.h"

enum method { METHOD_GET = 1, METHOD_POST, METHOD_PUT, METHOD_DELETE, METHOD_COUNT };
enum own {
    OWN_NOTHING,
    OWN_EVENTS,
    OWN_ENTRIES,
    OWN_SIGN_IN,
    OWN_RENEW,
    OWN_SIGN_OUT,
    OWN_ME,
    OWN_PASSWORD,
    OWN_EVIDENCE_PUT,
    OWN_EVIDENCE_FILE,
    OWN_OPENAPI,
    OWN_ASYNCAPI,
    OWN_HEALTHZ,
    OWN_PROBLEM
};

struct route {
    const char *pattern; /* "/v1/targets/{target}" */
    enum method method;
    int status;
    enum message message; /* or MESSAGE_UNSET and own */
    enum own own;
    /* Of an own route; of a message, the table of messages says them. */
    const struct record *(*own_carries)(void), *(*own_answers)(void);
    const char *own_sentence;
    uint32_t own_may;
    const char *raw; /* the answer is bytes of this media type; NULL: a record */
};

#define ROUTE_VALUES_MAX 2 /* members that a path fills */
struct route_match {
    const struct route *route;
    size_t index; /* of the route in the table */
    size_t count;
    struct text names[ROUTE_VALUES_MAX];  /* borrowed from the pattern */
    struct text values[ROUTE_VALUES_MAX]; /* borrowed from the path */
    uint32_t allow;                       /* bits 1 << method that the path knows */
};

/* All routes in the order of the table; NULL behind the last. */
const struct route *route_at(size_t index);
/* What a route carries and answers, NULL for nothing; who may use it; what it is for. */
const struct record *route_carries(const struct route *route);
const struct record *route_answers(const struct route *route);
uint32_t route_may(const struct route *route);
const char *route_sentence(const struct route *route);
/* Whether it answers a page of a list. */
bool route_many(const struct route *route);
const char *method_word(enum method method);

/* The route of a path: ERR_NOT_FOUND when no pattern fits, ERR_METHOD when one does, but not with
 * this method; ret_match->allow is set then. HEAD is GET. */
enum err route_find(const struct path *path, struct text method, struct route_match *ret_match)
    MUST_CHECK;
/* "GET, HEAD, POST, OPTIONS". */
void route_write_allow(uint32_t allow, struct buf *out);
/* The GET route of the kind of thing that a route makes: target.draft leads to target.get. NULL
 * when such a thing has no path of its own, or the path names it already: it is not made here. */
const struct route *route_of_thing(const struct route *maker);

#endif
