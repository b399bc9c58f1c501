/* What waits for the committee, and the gates of one agreement. */
#include "queries.h"

#include "gates.h"
#include "model.h"
#include "recusal.h"
#include "sight.h"

#include "base/must.h"
#include "service/listing.h"

#include <stdlib.h>

static int by_submission(const void *a, const void *b)
{
    const struct agreement_entry *const *one = a, *const *other = b;
    return ((*one)->submitted > (*other)->submitted) - ((*one)->submitted < (*other)->submitted);
}

/* Those that are submitted, the longest waiting first. The caller frees the array. */
static const struct agreement_entry **waiting(const struct model *model, size_t *ret_count)
{
    const struct agreement_entry **all;
    size_t count = 0;
    must(all = malloc((HASH_COUNT(model->agreement_table) + 1) * sizeof *all));
    for (const struct agreement_entry *one = model->agreement_table; one; one = one->hh.next)
        if (one->state == STATE_SUBMITTED)
            all[count++] = one;
    qsort(all, count, sizeof *all, by_submission);
    *ret_count = count;
    return all;
}

static void show_item(const struct model *model, const struct request *request,
    const struct agreement_entry *agreement, struct reply *reply)
{
    char why[GATES_WHY_SIZE];
    struct queue_item item = {.agreement = text_of(agreement->id),
        .body = text_of(agreement->body->id),
        .since = {agreement->submitted_at, true},
        .recused = FLAG_NO};
    if (recusal_of(model, request->roster, request->actor.person, agreement))
        item.recused = FLAG_YES;
    gates_show(model, agreement, &item.gates, why);
    reply_add(reply, queue_item_record(), &item);
}

enum err queue_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct queue_list *asked = request->body;
    struct listing page;
    enum err err = listing_open(&page, LISTING_OLDEST_FIRST, asked->limit, asked->after, why);
    if (err)
        return err;
    size_t count;
    const struct agreement_entry **all = waiting(state, &count);
    for (size_t i = 0; i < count; i++)
        if (listing_takes(&page, all[i]->submitted, ret_reply))
            show_item(state, request, all[i], ret_reply);
    free(all);
    listing_close(&page, ret_reply);
    return OK;
}

enum err gates_get_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct agreement_one *asked = request->body;
    const struct agreement_entry *agreement = NULL;
    enum err err = sight_agreement(state, request, asked->agreement, &agreement, why);
    if (err)
        return err;
    char text[GATES_WHY_SIZE];
    struct gates_view view = {.agreement = asked->agreement, .state = agreement->state};
    gates_show(state, agreement, &view.gates, text);
    reply_add(ret_reply, gates_view_record(), &view);
    reply_version(ret_reply, agreement->version);
    reply_subject(ret_reply, text_of(agreement->id));
    return OK;
}
