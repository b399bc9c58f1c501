/* The cursor is "<id> <number>"; it comes back from the public and is read as such. */
#include "paging.h"

#include "base/must.h"
#include "bus/bus.h"

#include <stdio.h>

#define PAGING_LIMIT 50
#define PAGING_BYTES (BUS_MESSAGE_MAX / 2)

enum err paging_open(
    struct paging *paging, struct whole limit, struct text after, struct faults *why)
{
    struct text number = {0};
    *paging =
        (struct paging){.begins = !after.at, .limit = limit.given ? limit.value : PAGING_LIMIT};
    if (!after.at)
        return OK;
    paging->after_id = text_cut(after, ' ', &number);
    if (id_complaint(paging->after_id) || !text_whole(number, INT64_MAX, &paging->after_number))
        return faults_add(why, ERR_INVALID, "after",
            "it is not where a page of this list ended; begin again without it");
    return OK;
}

bool paging_takes(struct paging *paging, struct text id, uint64_t number, struct reply *reply)
{
    paging->total++;
    int side = paging->begins ? 1 : text_order(id, paging->after_id);
    if (side < 0 || (side == 0 && number <= paging->after_number))
        return false;
    if (paging->more || paging->taken == paging->limit || reply_frame(reply)->len > PAGING_BYTES) {
        paging->more = true;
        return false;
    }
    paging->taken++;
    paging->last_id = id;
    paging->last_number = number;
    return true;
}

void paging_close(const struct paging *paging, struct reply *reply)
{
    char next[ID_MAX + 24];
    reply_total(reply, paging->total);
    if (!paging->more)
        return;
    int len =
        snprintf(next, sizeof next, "%.*s %lu", TEXT_ARG(paging->last_id), paging->last_number);
    must(len > 0 && (size_t)len < sizeof next);
    reply_next(reply, (struct text){next, (size_t)len});
}
