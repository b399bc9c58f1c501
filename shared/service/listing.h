/* Pages of a list in the order of the ledger: a page begins behind the position on which the page
 * before ended, so that nothing is shown twice or skipped while others write. */
#ifndef MISAQ_SERVICE_LISTING_H
#define MISAQ_SERVICE_LISTING_H

#include "service/service.h"

enum listing_order { LISTING_OLDEST_FIRST = 1, LISTING_LATEST_FIRST };

struct listing {
    enum listing_order order;
    bool begins; /* without a position to begin behind */
    uint64_t after;
    int64_t limit, taken;
    uint64_t total, last;
    bool more;
};

/* Reads the members `limit` and `after` of a list. */
enum err listing_open(struct listing *listing, enum listing_order order, struct whole limit,
    struct text after, struct faults *why) MUST_CHECK;
/* Counts a thing that matches; true when it stands on this page. Things come in the list's order.
 * A page ends early when its answer has grown too large for one message. */
bool listing_takes(struct listing *listing, uint64_t position, struct reply *reply);
/* Tells the reply how many there are, and where the next page begins. */
void listing_close(const struct listing *listing, struct reply *reply);

#endif
