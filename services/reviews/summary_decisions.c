/* Decisions that the PM can take: of each thing that goes wrong what would set it right, then the
 * oldest requests. Taken, one becomes a corrective action. */
#include "commands.h"
#include "queries.h"

#include "action_new.h"
#include "results.h"
#include "summary.h"

#include <stdio.h>

#define DAYS_TO_ACT 10 /* working days, from the day by which decisions are to be taken */

struct choice {
    const char *kind; /* "grant", "report", "recover" */
    struct text thing;
    struct text report, target, dependency;
    struct text owner_body;
};

static bool is_about(struct text asked, struct text thing)
{
    return text_equal(asked, thing) && asked.len > 0;
}

/* The corrective action that a decision has become; one that was given up is none. */
static const struct action_entry *taken(
    const struct model *model, const struct summary_decision *decision)
{
    for (size_t i = 0; i < model->action_count; i++) {
        const struct action_entry *action = model->actions[i];
        const struct action_open *opened = &action->facts.opened;
        if (action->facts.decision != FLAG_YES || action->state == ACTION_DROPPED)
            continue;
        if (decision->dependency.len ? is_about(decision->dependency, opened->dependency)
            : decision->target.len
                ? is_about(decision->target, opened->target) && !opened->dependency.len
                : is_about(decision->report, opened->report) && !opened->target.len &&
                      !opened->dependency.len)
            return action;
    }
    return NULL;
}

static void write_words(const struct model *model, const struct choice *choice, char *out)
{
    const struct need_entry *need = quarter_need(model, choice->dependency);
    if (need)
        (void)snprintf(out, SUMMARY_WORDS, "%.*s answers %.*s: %.*s", TEXT_ARG(choice->owner_body),
            TEXT_ARG(choice->thing),
            (int)(need->facts.raised.what.len < 300 ? need->facts.raised.what.len : 0),
            need->facts.raised.what.at);
    else if (choice->target.len)
        (void)snprintf(out, SUMMARY_WORDS,
            "%.*s says how %.*s comes back to what was promised, and by when",
            TEXT_ARG(choice->owner_body), TEXT_ARG(choice->thing));
    else
        (void)snprintf(out, SUMMARY_WORDS,
            "%.*s says why %.*s was not reported, and reports the next period in time",
            TEXT_ARG(choice->owner_body), TEXT_ARG(choice->thing));
}

static struct text verifier_of(const struct model *model)
{
    static const char *const offices[] = {"secretariat", "pmo"};
    for (size_t i = 0; i < sizeof offices / sizeof *offices; i++)
        if (model_post(model, text_of(offices[i])))
            return text_of(offices[i]);
    return (struct text){0};
}

static bool is_there(const struct summary *page, struct text name)
{
    for (uint32_t i = 0; i < page->decisions.head.count; i++)
        if (text_equal(page->decisions.at[i].decision, name))
            return true;
    return false;
}

static void add(const struct model *model, const struct request *request,
    struct summary_sheet *sheet, const struct choice *choice)
{
    struct summary *page = &sheet->page;
    uint32_t place = page->decisions.head.count;
    if (place == SUMMARY_DECISIONS)
        return;
    int len =
        snprintf(sheet->names[place], ID_MAX + 1, "%s.%.*s", choice->kind, TEXT_ARG(choice->thing));
    struct text name = {sheet->names[place], (size_t)len};
    struct text owner = summary_head_of(model, choice->owner_body, sheet->owners[place]);
    struct text verifier = verifier_of(model);
    int32_t from =
        request->today > page->steps.decisions_by ? request->today : page->steps.decisions_by;
    if (len > ID_MAX || is_there(page, name) || !owner.len || !verifier.len)
        return;
    write_words(model, choice, sheet->words[place]);
    struct summary_decision *decision = &page->decisions.at[place];
    *decision = (struct summary_decision){.decision = name,
        .what = text_of(sheet->words[place]),
        .owner = owner,
        .verifier = verifier,
        .due = calendar_working_after(model->calendar, from, DAYS_TO_ACT),
        .report = choice->report,
        .target = choice->target,
        .dependency = choice->dependency};
    const struct action_entry *action = taken(model, decision);
    if (action)
        decision->action = text_of(action->id);
    page->decisions.head = (struct list_head){place + 1, true};
}

void summary_decisions(
    const struct model *model, const struct request *request, struct summary_sheet *sheet)
{
    const struct summary *page = &sheet->page;
    for (uint32_t i = 0; i < page->wrong.head.count; i++) {
        const struct summary_wrong *wrong = &page->wrong.at[i];
        struct choice choice = {.kind = "report",
            .thing = wrong->report,
            .report = wrong->report,
            .owner_body = wrong->body};
        if (wrong->target.len) {
            choice.kind = "recover";
            choice.thing = choice.target = wrong->target;
        }
        if (wrong->dependency.len) {
            choice.kind = "grant";
            choice.thing = choice.dependency = wrong->dependency;
            choice.owner_body = wrong->waits_for;
        }
        add(model, request, sheet, &choice);
    }
    for (uint32_t i = 0; i < page->blockers.head.count; i++) {
        const struct summary_blocker *blocker = &page->blockers.at[i];
        const struct choice choice = {.kind = "grant",
            .thing = blocker->dependency,
            .dependency = blocker->dependency,
            .owner_body = blocker->blocking_body};
        add(model, request, sheet, &choice);
    }
}

enum err summary_get_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct summary_one *asked = request->body;
    struct summary_sheet sheet;
    enum err err = summary_fill(state, request, asked->quarter, &sheet, why);
    if (err == OK)
        reply_add(ret_reply, summary_record(), &sheet.page);
    return err;
}

enum err summary_decide_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct summary_decide *decide = request->body;
    const struct summary_decision *decision = NULL;
    struct summary_sheet sheet;
    enum err err = summary_fill(state, request, decide->quarter, &sheet, why);
    if (err)
        return err;
    for (uint32_t i = 0; i < sheet.page.decisions.head.count; i++)
        if (text_equal(sheet.page.decisions.at[i].decision, decide->decision))
            decision = &sheet.page.decisions.at[i];
    if (!decision)
        return faults_add(why, ERR_NOT_FOUND, "decision",
            "%.*s does not stand on the page; it may have been settled meanwhile",
            TEXT_ARG(decide->decision));
    if (decision->action.len)
        return faults_add(
            why, ERR_EXISTS, "decision", "it was taken: it is %.*s", TEXT_ARG(decision->action));
    const struct action_open open = {.report = decision->report,
        .target = decision->target,
        .dependency = decision->dependency,
        .what = decide->what.len ? decide->what : decision->what,
        .owner = decide->owner.len ? decide->owner : decision->owner,
        .verifier = decision->verifier,
        .due = decide->due ? decide->due : decision->due};
    return action_new(state, request, &open, ret_decision, why);
}
