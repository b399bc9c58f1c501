/* Amendments, in the order of their agreements and numbers. */
#include "queries.h"

#include "access.h"
#include "paging.h"
#include "view.h"

#include "facts/access.h"

#define SORT "amendment"

/* Those who see no drafts see what both have signed. */
static bool shows(const struct model *model, const struct request *request,
    const struct agreement_entry *agreement, const struct amendment_entry *amendment)
{
    return amendment->in_force ||
           access_sees_drafts(model->succession, &request->office, agreement->facts.body);
}

struct page {
    const struct request *request;
    struct paging_cursor after;
    int64_t limit, taken, last_number;
    uint64_t total;
    struct text last; /* agreement of the last on the page */
    bool more;
};

static void take_those_of(const struct model *model, struct page *page,
    const struct agreement_entry *agreement, struct reply *reply)
{
    int side = page->after.given ? text_order(agreement->id, page->after.id) : 1;
    for (size_t i = 0; i < agreement->amendment_count; i++) {
        const struct amendment_entry *amendment = &agreement->amendments[i];
        int64_t number = (int64_t)i + 1;
        if (!shows(model, page->request, agreement, amendment))
            continue;
        page->total++;
        if (side < 0 || (side == 0 && number <= page->after.key))
            continue;
        if (page->taken == page->limit) {
            page->more = true;
            continue;
        }
        page->taken++;
        page->last = agreement->id;
        page->last_number = number;
        view_amendment(amendment, reply);
    }
}

enum err amendment_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct amendment_list *asked = request->body;
    struct page page = {
        .request = request, .limit = asked->limit.given ? asked->limit.value : PAGING_DEFAULT};
    enum err err = paging_read(asked->after, SORT, &page.after, why);
    if (err)
        return err;
    for (size_t i = 0; i < model->agreements.count; i++) {
        const struct agreement_entry *agreement = (const void *)model->agreements.at[i];
        if ((!asked->agreement.at || text_equal(asked->agreement, agreement->id)) &&
            access_sees(model, &request->office, agreement))
            take_those_of(model, &page, agreement, ret_reply);
    }
    reply_total(ret_reply, page.total);
    if (page.more)
        paging_next(ret_reply, SORT, page.last_number, page.last);
    return OK;
}
