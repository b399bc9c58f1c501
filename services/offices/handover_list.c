/* Hand-overs with their days. Days pass without an event, so that no answer here may be kept. The
 * note of who left is for those whom it concerns. */
#include "queries.h"

#include "clocks.h"
#include "paging.h"

#include "base/clock.h"
#include "facts/access.h"

#include <stdio.h>

static bool may_read_note(const struct model *model, const struct request *request,
    const struct office_entry *office, const struct handover_entry *handover)
{
    return text_is(request->actor.person, handover->outgoing) ||
           text_is(request->actor.person, handover->incoming) ||
           access_sees_drafts(model->bodies, &request->office, office->is.body);
}

/* The pack of a body is what it owed then; of an office at the centre its own history. */
static struct text pack_path(
    const struct office_entry *office, const struct handover_entry *handover, char out[200])
{
    int len = office->is.body.at
                  ? snprintf(out, 200, "/v1/packs/%.*s?at=%lu", TEXT_ARG(office->is.body),
                        handover->position)
                  : snprintf(out, 200, "/v1/offices/%.*s/history", TEXT_ARG(office->id));
    return (struct text){out, (size_t)len};
}

/* What a predecessor has promised is the successor's to keep: whether it was, is remembered. */
static void show_promises(const struct model *model, const struct request *request,
    const struct office_entry *office, const struct handover_entry *handover,
    struct handover_view *view)
{
    const struct duty_entry *duty = model_duty(model, office->is.body);
    int32_t left_on = day_of_moment(handover->left_ms, request->zone);
    view->promised.given = view->dropped.given = office->is.body.at != NULL;
    for (size_t i = 0; duty && i < duty->lines.count; i++) {
        const struct line *line = &duty->lines.at[i];
        if (line->kind != LINE_COMMITMENT || line->made > handover->position || line->due < left_on)
            continue;
        bool open = strcmp(line->state, "open") == 0;
        bool broken = strcmp(line->state, "late") == 0 || strcmp(line->state, "refused") == 0;
        view->promised.value++;
        view->dropped.value += broken || (open && line->due < request->today);
    }
}

static void show(const struct model *model, const struct request *request,
    const struct office_entry *office, const struct handover_entry *handover, struct reply *reply)
{
    char path[200];
    struct handover_view view = {
        .handover = {text_of(handover->id), office->id, text_of(handover->outgoing)},
        .body = office->is.body,
        .position = {(int64_t)handover->position, true},
        .pack = pack_path(office, handover, path),
        .left_at = {handover->left_ms, true},
        .came_at = {handover->came_ms, handover->came_ms != 0},
        .acknowledged_at = {handover->acknowledged_ms, handover->acknowledged_ms != 0},
        .version = {(int64_t)office->version, true}};
    if (handover->incoming[0]) {
        int64_t until = handover->acknowledged_ms ? handover->acknowledged_ms : request->now_ms;
        view.incoming = text_of(handover->incoming);
        view.days = (struct whole){clocks_days(handover->came_ms, until), true};
        view.overdue = !handover->acknowledged_ms && view.days.value >= CLOCKS_ACKNOWLEDGE_DAYS
                           ? FLAG_YES
                           : FLAG_NO;
    }
    show_promises(model, request, office, handover, &view);
    if (may_read_note(model, request, office, handover))
        view.note = handover->note;
    reply_add(reply, handover_view_record(), &view);
}

enum err handover_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct handover_list *asked = request->body;
    struct paging paging;
    enum err err = paging_open(&paging, asked->limit, asked->after, why);
    if (err)
        return err;
    for (size_t i = 0; i < model->offices.count; i++) {
        const struct office_entry *office = (const void *)model->offices.at[i];
        if ((asked->office.at && !text_equal(asked->office, office->id)) ||
            (asked->body.at && !text_equal(asked->body, office->is.body)))
            continue;
        for (size_t h = 0; h < office->handover_count; h++) {
            const struct handover_entry *handover = &office->handovers[h];
            bool open = handover->acknowledged_ms == 0;
            if ((!asked->open || (asked->open == FLAG_YES) == open) &&
                paging_takes(&paging, office->id, h + 1, ret_reply))
                show(model, request, office, handover, ret_reply);
        }
    }
    paging_close(&paging, ret_reply);
    return OK;
}

enum err handover_get_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct handover_one *asked = request->body;
    struct office_entry *office;
    const struct handover_entry *handover = model_handover(state, asked->handover, &office);
    if (!handover)
        return faults_add(why, ERR_NOT_FOUND, "handover",
            "there is no hand-over %.*s; the list of hand-overs has them",
            TEXT_ARG(asked->handover));
    show(state, request, office, handover, ret_reply);
    reply_version(ret_reply, office->version);
    return OK;
}
