/* Scores and appeals. A score that is not open yet is seen by nobody but who gave it, and not even
 * that there are others. */
#include "queries.h"

#include "opening.h"
#include "seen.h"

#include "base/must.h"
#include "service/listing.h"

#include <stdlib.h>

static bool is_shown(const struct request *request, const struct report_entry *report,
    const struct score_entry *score)
{
    if (score->round < report->round || report->is_open)
        return true;
    return request->actor.person.at && text_equal(request->actor.person, score->person);
}

enum err score_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct score_list *asked = request->body;
    const struct report_entry *report = NULL;
    struct listing page;
    enum err err = seen_find(state, request, asked->report, &report, why);
    if (err == OK)
        err = listing_open(&page, LISTING_OLDEST_FIRST, asked->limit, asked->after, why);
    if (err)
        return err;
    for (size_t i = 0; i < report->score_count; i++) {
        const struct score_entry *score = &report->scores[i];
        if (!is_shown(request, report, score) || !listing_takes(&page, score->position, ret_reply))
            continue;
        const struct score_view view = {.score = score->facts,
            .person = score->person,
            .office = score->office,
            .at = {score->at, true},
            .sum = {opening_sum(&score->facts), true}};
        reply_add(ret_reply, score_view_record(), &view);
    }
    listing_close(&page, ret_reply);
    return OK;
}

static int latest_first(const void *a, const void *b)
{
    const struct appeal_entry *const *one = a, *const *other = b;
    return ((*one)->position < (*other)->position) - ((*one)->position > (*other)->position);
}

static void show_appeal(const struct appeal_entry *appeal, struct reply *reply)
{
    struct appeal_view view = {
        .appeal = {.report = text_of(appeal->report->id), .reason = appeal->reason},
        .person = appeal->person,
        .at = {appeal->at, true},
        .upheld = appeal->upheld};
    if (appeal->upheld) {
        view.answer = appeal->answer;
        view.answered_by = appeal->answered_by;
    }
    reply_add(reply, appeal_view_record(), &view);
}

enum err appeal_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct appeal_list *asked = request->body;
    struct listing page;
    enum err err = listing_open(&page, LISTING_LATEST_FIRST, asked->limit, asked->after, why);
    if (err)
        return err;
    size_t count = 0;
    const struct appeal_entry **found = calloc(model->report_count + 1, sizeof *found);
    must(found);
    for (size_t i = 0; i < model->report_count; i++) {
        const struct report_entry *report = model->reports[i];
        if (report->appeal_count && (!asked->report.at || text_is(asked->report, report->id)) &&
            seen_report(model, request, report))
            found[count++] = &report->appeals[0]; /* each is appealed once */
    }
    qsort(found, count, sizeof *found, latest_first);
    for (size_t i = 0; i < count; i++)
        if (listing_takes(&page, found[i]->position, ret_reply))
            show_appeal(found[i], ret_reply);
    free(found);
    listing_close(&page, ret_reply);
    return OK;
}
