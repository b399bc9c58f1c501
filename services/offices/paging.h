/* Pages of a list in the order of ids, and below an id of numbers: a page begins behind the thing
 * on which the page before ended, so that nothing is skipped or shown twice while others write. */
#ifndef MISAQ_OFFICES_PAGING_H
#define MISAQ_OFFICES_PAGING_H

#include "service/service.h"

struct paging {
    bool begins;          /* without a thing to begin behind */
    struct text after_id; /* borrowed from the request */
    uint64_t after_number;
    int64_t limit, taken;
    uint64_t total, last_number;
    struct text last_id; /* borrowed from the thing that was taken last */
    bool more;
};

/* Reads the members `limit` and `after` of a list. */
enum err paging_open(
    struct paging *paging, struct whole limit, struct text after, struct faults *why) MUST_CHECK;
/* Counts a thing that matches; true when it stands on this page. A page ends early when its answer
 * has grown too large for one message. */
bool paging_takes(struct paging *paging, struct text id, uint64_t number, struct reply *reply);
/* Tells the reply how many there are, and where the next page begins. */
void paging_close(const struct paging *paging, struct reply *reply);

#endif
