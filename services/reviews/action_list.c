/* Corrective actions, the longest due first. The bodies of owner and verifier see them, and the
 * centre. */
#include "queries.h"

#include "quarter.h"

#include "base/clock.h"
#include "base/must.h"
#include "facts/access.h"
#include "service/listing.h"

#include <stdlib.h>

static bool is_closed(const struct action_entry *action)
{
    return action->state == ACTION_VERIFIED || action->state == ACTION_DROPPED;
}

static int32_t overdue_days(const struct action_entry *action, const struct request *request)
{
    int32_t end =
        is_closed(action) ? day_of_moment(action->closed_at, request->zone) : request->today;
    return end > action->facts.opened.due ? calendar_days(action->facts.opened.due, end) : 0;
}

static bool is_of(const struct model *model, struct text office, struct text body)
{
    const struct post_entry *post = model_post(model, office);
    return post && text_equal(post->office.body, body);
}

static bool seen(
    const struct model *model, const struct request *request, const struct action_entry *action)
{
    const struct office *office = &request->office;
    const struct action_open *opened = &action->facts.opened;
    return access_sees_drafts(model->bodies, office, office_read(opened->owner).body) ||
           access_sees_drafts(model->bodies, office, office_read(opened->verifier).body);
}

static void show(
    const struct action_entry *action, const struct request *request, struct reply *reply)
{
    struct action_view view = {.action = action->facts,
        .state = action->state,
        .opened_by = action->opened_by,
        .opened_at = {action->opened_at, true},
        .done = action->done,
        .found = action->found,
        .verified_by = action->verified_by,
        .overdue_days = {overdue_days(action, request), true},
        .version = {(int64_t)action->version, true}};
    reply_add(reply, action_view_record(), &view);
}

static bool matches(
    const struct model *model, const struct request *request, const struct action_entry *action)
{
    const struct action_list *asked = request->body;
    const struct action_open *opened = &action->facts.opened;
    bool overdue = !is_closed(action) && overdue_days(action, request) > 0;
    return (!asked->owner.at || text_equal(asked->owner, opened->owner)) &&
           (!asked->body.at || is_of(model, opened->owner, asked->body)) &&
           (!asked->state || asked->state == action->state) &&
           (!asked->overdue || (asked->overdue == FLAG_YES) == overdue);
}

static int by_due(const void *a, const void *b)
{
    const struct action_entry *const *one = a, *const *other = b;
    int32_t mine = (*one)->facts.opened.due, its = (*other)->facts.opened.due;
    return mine != its ? (mine > its) - (mine < its)
                       : ((*one)->index > (*other)->index) - ((*one)->index < (*other)->index);
}

/* Its place in the list: day, then number. */
static uint64_t place(const struct action_entry *action)
{
    return (uint64_t)action->facts.opened.due << 32 | (uint32_t)(action->index + 1);
}

enum err action_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct action_list *asked = request->body;
    struct listing page;
    enum err err = listing_open(&page, LISTING_OLDEST_FIRST, asked->limit, asked->after, why);
    if (err)
        return err;
    size_t count = 0;
    const struct action_entry **found = calloc(model->action_count + 1, sizeof *found);
    must(found);
    for (size_t i = 0; i < model->action_count; i++)
        if (matches(model, request, model->actions[i]) && seen(model, request, model->actions[i]))
            found[count++] = model->actions[i];
    qsort(found, count, sizeof *found, by_due);
    for (size_t i = 0; i < count; i++)
        if (listing_takes(&page, place(found[i]), ret_reply))
            show(found[i], request, ret_reply);
    free(found);
    listing_close(&page, ret_reply);
    return OK;
}

/* Its days run without an event, so that it may not be kept. */
enum err action_get_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct action_one *asked = request->body;
    const struct action_entry *action = quarter_action(state, asked->action);
    if (!action || !seen(state, request, action))
        return faults_add(why, ERR_NOT_FOUND, "action",
            "there is no action %.*s; the list has "
            "them",
            TEXT_ARG(asked->action));
    show(action, request, ret_reply);
    reply_version(ret_reply, action->version);
    return OK;
}
