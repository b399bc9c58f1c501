/* The digests of the office that asks, latest first. */
#include "queries.h"

#include "inbox.h"

#include "service/listing.h"

enum err digest_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct digest_list *asked = request->body;
    struct inbox *inbox;
    struct listing page;
    enum err err = inbox_of(state, request, &inbox, why);
    if (err == OK)
        err = listing_open(&page, LISTING_LATEST_FIRST, asked->limit, asked->after, why);
    if (err)
        return err;
    for (size_t i = inbox->letter_count; i > 0; i--) {
        const struct letter *letter = &inbox->letters[i - 1];
        if (!listing_takes(&page, letter->position, ret_reply))
            continue;
        struct digest_view view = {.digest = {.office = text_of(inbox->office_id),
                                       .from = {letter->from, true},
                                       .upto = {letter->upto, true},
                                       .unread = {letter->unread, true},
                                       .on = letter->on},
            .at = {letter->at, true},
            .position = {letter->position, true}};
        reply_add(ret_reply, digest_view_record(), &view);
    }
    listing_close(&page, ret_reply);
    return OK;
}
