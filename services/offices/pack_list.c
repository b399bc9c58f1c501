/* The pack of a body: what it owes and is owed, a line each; with ?at= as it was when an office
 * changed hands. Who does not see its drafts sees what was signed, and nothing else is there. */
#include "queries.h"

#include "paging.h"

#include "base/clock.h"
#include "base/must.h"
#include "facts/access.h"

#include <stdio.h>
#include <stdlib.h>

#define DAYS_AHEAD 90

static const struct {
    const char *kind, *path;
} looks[] = {[LINE_TARGET] = {"target", "/v1/targets/"},
    [LINE_RULING] = {"ruling", "/v1/rulings?target="},
    [LINE_THREAD] = {"thread", "/v1/feedback/"},
    [LINE_DOCUMENT] = {"document", "/v1/documents/"},
    [LINE_SIGNATURE] = {"signature", "/v1/signatures?agreement="},
    [LINE_AMENDMENT] = {"amendment", "/v1/amendments?agreement="},
    [LINE_REPORT] = {"report", "/v1/reports/"},
    [LINE_RESULT] = {"result", "/v1/results?agreement="},
    [LINE_DEPENDENCY] = {"dependency", "/v1/dependencies/"},
    [LINE_REQUEST] = {"request", "/v1/dependencies/"},
    [LINE_COMMITMENT] = {"commitment", "/v1/dependencies/"},
    [LINE_ACTION] = {"action", "/v1/actions/"},
    [LINE_IDEA] = {"idea", "/v1/ideas/"},
    [LINE_ORDER] = {"order", "/v1/orders?body="}};

static void show(struct pack_item item, const char *path, struct text id, struct reply *reply)
{
    char out[200];
    int len = snprintf(out, sizeof out, "%s%.*s", path, TEXT_ARG(id));
    must(len > 0 && (size_t)len < sizeof out);
    item.path = (struct text){out, (size_t)len};
    reply_add(reply, pack_item_record(), &item);
}

static void show_pact(const struct pact_entry *pact, struct reply *reply)
{
    struct pack_item item = {.kind = TEXT_LITERAL("agreement"),
        .id = pact->id,
        .what = pact->id,
        .state = text_of(choices_word(agreement_state_choices(), (int)pact->state)),
        .position = {(int64_t)pact->position, true}};
    show(item, "/v1/agreements/", pact->id, reply);
}

/* A state of the past is folded from the founding and agreements alone: it has no offices. Who may
 * see it was asked of the present, by pack_list_scope(). */
static bool is_past(const struct model *model)
{
    return model->offices.count == 0;
}

/* `whole`: the agreement or body in which the line stands, where that is how it is looked up. */
static void show_line(struct text whole, const struct line *line, struct reply *reply)
{
    struct pack_item item = {.kind = text_of(looks[line->kind].kind),
        .id = text_of(line->id),
        .what = line->what,
        .state = line->state[0] ? text_of(line->state) : (struct text){0},
        .weight = {line->weight, line->weight > 0},
        .due = line->due,
        .position = {(int64_t)line->position, true}};
    bool listed = line->kind == LINE_SIGNATURE || line->kind == LINE_AMENDMENT ||
                  line->kind == LINE_RESULT || line->kind == LINE_ORDER;
    show(item, looks[line->kind].path, listed ? whole : text_of(line->id), reply);
}

/* What of an agreement that was in force, and of what a body owes, is there for everybody. */
static bool is_public(const struct line *line)
{
    switch (line->kind) {
    case LINE_TARGET:
    case LINE_SIGNATURE:
    case LINE_DEPENDENCY:
    case LINE_REQUEST:
    case LINE_COMMITMENT:
    case LINE_IDEA:
        return true;
    case LINE_DOCUMENT:
        return strcmp(line->state, "in force") == 0 || strcmp(line->state, "superseded") == 0;
    case LINE_AMENDMENT:
        return strcmp(line->state, "in force") == 0;
    case LINE_REPORT:
        return strcmp(line->state, "released") == 0;
    default:
        return false;
    }
}

struct walk {
    bool drafts;
    struct paging paging;
    struct reply *reply;
};

static void walk_lines(
    struct walk *walk, struct text key, struct text whole, const struct lines *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        const struct line *line = &lines->at[i];
        uint64_t number = (uint64_t)line->kind << 32 | line->number;
        if (line->kind != LINE_AMENDED && (walk->drafts || is_public(line)) &&
            paging_takes(&walk->paging, key, number, walk->reply))
            show_line(whole, line, walk->reply);
    }
}

static void walk_pact(struct walk *walk, const struct pact_entry *pact)
{
    if (!walk->drafts && !pact->was_in_force)
        return;
    if (paging_takes(&walk->paging, pact->id, 0, walk->reply))
        show_pact(pact, walk->reply);
    walk_lines(walk, pact->id, pact->id, &pact->lines);
}

/* ---- what lies ahead ---- */

struct step {
    struct text cycle;
    uint32_t period;
    int32_t day;
    const char *what;
};

static void show_step(struct walk *walk, struct text key, const struct step *step, size_t place)
{
    char id[2 * ID_MAX];
    (void)snprintf(id, sizeof id, "%.*s.q%u", TEXT_ARG(step->cycle), step->period);
    const struct pack_item item = {.kind = TEXT_LITERAL("ahead"),
        .id = text_of(id),
        .what = text_of(step->what),
        .due = step->day};
    if (paging_takes(&walk->paging, key, (uint64_t)step->day << 8 | place, walk->reply))
        reply_add(walk->reply, pack_item_record(), &item);
}

static int by_day(const void *a, const void *b)
{
    const struct step *one = a, *other = b;
    return one->day != other->day ? (one->day > other->day) - (one->day < other->day)
                                  : (one->period > other->period) - (one->period < other->period);
}

#define STEPS_MOST 64

static size_t add_steps(
    const struct model *model, struct text cycle, int32_t today, struct step *steps, size_t count)
{
    struct period_view view;
    for (uint32_t period = 1; calendar_period(model->calendar, cycle, period, &view); period++) {
        const struct {
            int32_t day;
            const char *what;
        } all[] = {{view.ends_on, "The period ends"}, {view.report_by, "The body has reported"},
            {view.certify_by, "The secretary has certified"},
            {view.sessions_from, "The sessions begin"}, {view.scores_on, "The scores open"},
            {view.appeal_by, "The last day to appeal"},
            {view.release_on, "Everything about the period is public"}};
        for (size_t i = 0; i < sizeof all / sizeof *all && count < STEPS_MOST; i++)
            if (all[i].day >= today && calendar_days(today, all[i].day) <= DAYS_AHEAD)
                steps[count++] = (struct step){cycle, period, all[i].day, all[i].what};
    }
    return count;
}

/* The steps of the periods for which the body has an agreement, by day. */
static void walk_ahead(struct walk *walk, const struct model *model, const struct request *request,
    struct text body, struct text key)
{
    struct step steps[STEPS_MOST] = {0};
    size_t count = 0;
    int32_t today = is_past(model) ? day_of_moment(model->last_ms, request->zone) : request->today;
    for (size_t i = 0; i < model->pacts.count; i++) {
        const struct pact_entry *pact = (const void *)model->pacts.at[i];
        if (text_equal(pact->body, body) && pact->was_in_force)
            count = add_steps(model, pact->cycle, today, steps, count);
    }
    qsort(steps, count, sizeof *steps, by_day);
    for (size_t i = 0; i < count; i++)
        show_step(walk, key, &steps[i], i);
}

static enum err refuse_unknown(struct text body, struct faults *why)
{
    return faults_add(why, ERR_NOT_FOUND, "body",
        "no body %.*s is registered; the list of bodies has the codes", TEXT_ARG(body));
}

enum err pack_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct pack_one *asked = request->body;
    struct walk walk = {.reply = ret_reply};
    if (!is_past(model) && !bodies_knows(model->bodies, asked->body))
        return refuse_unknown(asked->body, why);
    walk.drafts =
        is_past(model) || access_sees_drafts(model->bodies, &request->office, asked->body);
    enum err err = paging_open(&walk.paging, asked->limit, asked->after, why);
    if (err)
        return err;
    for (size_t i = 0; i < model->pacts.count; i++) {
        const struct pact_entry *pact = (const void *)model->pacts.at[i];
        if (text_equal(pact->body, asked->body))
            walk_pact(&walk, pact);
    }
    /* '~' stands in no id, and behind all that do */
    char duties[ID_MAX + 2], ahead[ID_MAX + 3];
    (void)snprintf(duties, sizeof duties, "%.*s~", TEXT_ARG(asked->body));
    (void)snprintf(ahead, sizeof ahead, "%.*s~~", TEXT_ARG(asked->body));
    const struct duty_entry *duty = model_duty(model, asked->body);
    if (duty)
        walk_lines(&walk, text_of(duties), asked->body, &duty->lines);
    walk_ahead(&walk, model, request, asked->body, text_of(ahead));
    paging_close(&walk.paging, ret_reply);
    return OK;
}

/* An agreement with its cycle, its reports and their releases. */
static void name_pact(const struct pact_entry *pact, struct scope *scope)
{
    scope_subject(scope, pact->cycle);
    scope_subject(scope, pact->id);
    for (size_t i = 0; i < pact->lines.count; i++) {
        const struct line *line = &pact->lines.at[i];
        char id[2 * ID_MAX];
        if (line->kind != LINE_REPORT)
            continue;
        scope_subject(scope, text_of(line->id));
        int len = snprintf(id, sizeof id, "%.*s.q%u", TEXT_ARG(pact->cycle), line->number);
        scope_subject(scope, (struct text){id, (size_t)len});
    }
}

enum err pack_list_scope(
    const void *state, const struct request *request, struct scope *ret_scope, struct faults *why)
{
    const struct model *model = state;
    const struct pack_one *asked = request->body;
    if (!bodies_knows(model->bodies, asked->body))
        return refuse_unknown(asked->body, why);
    if (!access_sees_drafts(model->bodies, &request->office, asked->body))
        return faults_add(why, ERR_FORBIDDEN, "",
            "the pack of %.*s as it was holds its drafts, which only its own offices and the "
            "centre read",
            TEXT_ARG(asked->body));
    scope_subject(ret_scope, TEXT_LITERAL("government")); /* so that there always is something */
    for (size_t i = 0; i < model->pacts.count; i++) {
        const struct pact_entry *pact = (const void *)model->pacts.at[i];
        if (text_equal(pact->body, asked->body))
            name_pact(pact, ret_scope);
    }
    for (const struct thing_entry *one = model->things; one; one = one->hh.next)
        if (text_is(asked->body, one->body[0]) || text_is(asked->body, one->body[1]))
            scope_subject(ret_scope, text_of(one->id));
    return OK;
}
