/* Keyset pages: a page begins behind the sort value and id on which the page before ended, so that
 * nothing is shown twice or skipped while others write. The cursor is opaque to the client, but it
 * comes back from the public and is read as such. */
#ifndef MISAQ_TARGETS_PAGING_H
#define MISAQ_TARGETS_PAGING_H

#include "schema/schema.h"
#include "service/service.h"

#define PAGING_DEFAULT 50
#define PAGING_MOST    200

struct paging_cursor {
    bool given; /* false: from the beginning */
    int64_t key;
    struct text id; /* borrowed from `bytes` */
    char bytes[200];
};

/* Reads the member `after`; the cursor must come from a list in the same order. */
enum err paging_read(struct text after, const char *sort, struct paging_cursor *ret_cursor,
    struct faults *why) MUST_CHECK;
/* Says where the next page begins: behind this one. */
void paging_next(struct reply *reply, const char *sort, int64_t key, struct text id);

/* One page of a list that is walked in the order of ids. */
struct paging {
    struct paging_cursor after;
    int64_t limit, taken;
    uint64_t total;
    struct text last; /* borrowed from the thing that was taken last */
    bool more;
};

enum err paging_open(
    struct paging *paging, struct whole limit, struct text after, struct faults *why) MUST_CHECK;
/* Counts a thing that matches; true when it stands on this page. */
bool paging_takes(struct paging *paging, struct text id);
/* Tells the reply how many there are, and where the next page begins. */
void paging_close(const struct paging *paging, struct reply *reply);

#endif
