/* The questions of a report with their answers; and an answer. */
#include "commands.h"
#include "queries.h"

#include "screens.h"
#include "seen.h"

#include "facts/access.h"
#include "service/listing.h"

#define TARGET_BITS 32 /* a question's place: target, then which question */

/* The latest answer counts; the ledger has them all. */
static const struct answer_entry *answer_to(
    const struct report_entry *report, enum screen screen, uint32_t target)
{
    for (size_t i = report->answer_count; i > 0; i--)
        if (report->answers[i - 1].screen == screen && report->answers[i - 1].target == target)
            return &report->answers[i - 1];
    return NULL;
}

struct showing {
    const struct screen_list *asked;
    const struct report_entry *report;
    struct listing page;
    struct reply *reply;
};

static void show(void *owner, const struct screen_found *found)
{
    struct showing *showing = owner;
    const struct report_entry *report = showing->report;
    uint64_t place = (uint64_t)found->target << TARGET_BITS | (uint32_t)found->screen;
    char target[TARGET_ID_SIZE];
    if ((showing->asked->screen && showing->asked->screen != found->screen) ||
        !listing_takes(&showing->page, place, showing->reply))
        return;
    const struct answer_entry *answer = answer_to(report, found->screen, found->target);
    struct screen_view view = {.report = text_of(report->id),
        .body = text_of(report->agreement->body->id),
        .screen = found->screen,
        .question = text_of(found->question)};
    if (found->target)
        view.target = model_target_id(report->agreement, found->target, target);
    if (answer) {
        view.answer = answer->answer;
        view.answered_by = answer->person;
        view.answered_at = (struct moment){answer->at, true};
    }
    reply_add(showing->reply, screen_view_record(), &view);
}

enum err screen_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    struct showing showing = {.asked = request->body, .reply = ret_reply};
    enum err err = seen_find(state, request, showing.asked->report, &showing.report, why);
    if (err == OK)
        err = listing_open(
            &showing.page, LISTING_OLDEST_FIRST, showing.asked->limit, showing.asked->after, why);
    if (err)
        return err;
    screens_find(state, showing.report, request->zone, show, &showing);
    listing_close(&showing.page, ret_reply);
    return OK;
}

struct search {
    enum screen screen;
    uint32_t target;
    bool found;
};

static void compare(void *owner, const struct screen_found *found)
{
    struct search *search = owner;
    search->found =
        search->found || (found->screen == search->screen && found->target == search->target);
}

enum err screen_answer_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct model *model = state;
    const struct screen_answer *answer = request->body;
    const struct report_entry *report = NULL;
    struct search search = {.screen = answer->screen};
    struct text agreement;
    enum err err = seen_find(model, request, answer->report, &report, why);
    if (err)
        return err;
    if (!access_writes_for(model->bodies, &request->office, text_of(report->agreement->body->id)))
        return faults_add(why, ERR_FORBIDDEN, "report", "%s is asked, and answers for itself",
            report->agreement->body->id);
    if (answer->target.at && (!model_split_target(answer->target, &agreement, &search.target) ||
                                 !text_is(agreement, report->agreement->id)))
        return faults_add(why, ERR_INVALID, "target", "%.*s is no target of %s",
            TEXT_ARG(answer->target), report->agreement->id);
    screens_find(model, report, request->zone, compare, &search);
    if (!search.found)
        return faults_add(why, ERR_INVALID, "screen", "%s does not raise that question%s",
            report->id, answer->target.at ? " about this target" : " as a whole");
    decision_add(ret_decision, MESSAGE_screen_answered, answer->report,
        answer->target.at ? answer->target : answer->report, answer);
    return OK;
}
