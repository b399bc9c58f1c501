/* Rulings, latest first. */
#include "queries.h"

#include "model.h"
#include "sight.h"
#include "view.h"

#include "service/listing.h"

#include <stdlib.h>

static bool matches(const struct ruling_list *asked, const struct ruling_entry *ruling)
{
    const struct ruling_make *made = &ruling->facts.made;
    return (!asked->agreement.at || text_is(asked->agreement, ruling->agreement->id)) &&
           (!asked->target.at || text_equal(asked->target, made->target)) &&
           (!asked->verdict || asked->verdict == made->verdict);
}

enum err ruling_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct ruling_list *asked = request->body;
    struct listing page;
    enum err err = listing_open(&page, LISTING_LATEST_FIRST, asked->limit, asked->after, why);
    if (err)
        return err;
    bool *seen = sight_all(model, &request->office);
    for (size_t i = model->ruling_count; i-- > 0;) {
        const struct ruling_entry *ruling = &model->rulings[i];
        if (seen[ruling->agreement->index] && matches(asked, ruling) &&
            listing_takes(&page, ruling->position, ret_reply))
            view_ruling(model, ruling, ret_reply);
    }
    free(seen);
    listing_close(&page, ret_reply);
    return OK;
}
