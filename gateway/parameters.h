/* The record of a request from its path and query: each names members of the record that the
 * message carries, and nothing else is let through. */
#ifndef MISAQ_GATEWAY_PARAMETERS_H
#define MISAQ_GATEWAY_PARAMETERS_H

#include "media.h"
#include "routes.h"

/* What every path understands besides the members of its record; absent where it did not come. */
struct manner {
    struct text at; /* as it was then: a position or a day */
    enum media format;
};

/* Takes `format` and `at` out of the query. */
enum err parameters_manner(const struct route *route, const struct path *path,
    struct manner *ret_manner, struct faults *why) MUST_CHECK;
/* Fills `record` (cleared, of the route's kind) by name; unknown and repeated parameters are
 * refused by name. Does not check what is missing: a body may follow. */
enum err parameters_read(const struct route_match *match, const struct path *path, void *record,
    struct faults *why) MUST_CHECK;
/* The target of the next page: all parameters as they came, but another `after`. */
void parameters_next(struct buf *out, struct text target, struct text after);

#endif
