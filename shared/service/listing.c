/* The cursor is the position in decimal; it comes back from the public and is read as such. */
#include "service/listing.h"

#include "bus/bus.h"

#include <stdio.h>

#define LISTING_LIMIT 50
#define LISTING_BYTES (BUS_MESSAGE_MAX / 2)

enum err listing_open(struct listing *listing, enum listing_order order, struct whole limit,
    struct text after, struct faults *why)
{
    *listing = (struct listing){
        .order = order, .begins = !after.at, .limit = limit.given ? limit.value : LISTING_LIMIT};
    if (after.at && !text_whole(after, INT64_MAX, &listing->after))
        return faults_add(why, ERR_INVALID, "after",
            "it is not where a page of this list ended; begin again without it");
    return OK;
}

bool listing_takes(struct listing *listing, uint64_t position, struct reply *reply)
{
    listing->total++;
    bool behind = listing->order == LISTING_OLDEST_FIRST ? position > listing->after
                                                         : position < listing->after;
    if (!behind && !listing->begins)
        return false;
    if (listing->more || listing->taken == listing->limit ||
        reply_frame(reply)->len > LISTING_BYTES) {
        listing->more = true;
        return false;
    }
    listing->taken++;
    listing->last = position;
    return true;
}

void listing_close(const struct listing *listing, struct reply *reply)
{
    char next[24];
    reply_total(reply, listing->total);
    if (!listing->more)
        return;
    int len = snprintf(next, sizeof next, "%lu", listing->last);
    reply_next(reply, (struct text){next, (size_t)len});
}
