/* Finding things of a quarter and naming them. */
#include "quarter.h"

#include "base/clock.h"
#include "base/hashes.h"
#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>

#define FIND(type, table, id)                                                                      \
    struct type *found = NULL;                                                                     \
    if ((id).len)                                                                                  \
        HASH_FIND(hh, table, (id).at, (id).len, found);                                            \
    return found

struct report_entry *quarter_report(const struct model *model, struct text id)
{
    FIND(report_entry, model->report_table, id);
}

struct evidence_entry *quarter_evidence(const struct model *model, struct text sha256)
{
    FIND(evidence_entry, model->evidence_table, sha256);
}

struct need_entry *quarter_need(const struct model *model, struct text id)
{
    FIND(need_entry, model->need_table, id);
}

struct draw_entry *quarter_draw(const struct model *model, struct text id)
{
    FIND(draw_entry, model->draw_table, id);
}

struct action_entry *quarter_action(const struct model *model, struct text id)
{
    uint64_t number;
    struct text rest;
    if (!text_is(text_cut(id, '-', &rest), "action") || !rest.at ||
        !text_whole(rest, model->action_count, &number) || number == 0)
        return NULL;
    return model->actions[number - 1];
}

struct line_entry *quarter_line(const struct report_entry *report, uint32_t number)
{
    size_t low = 0, high = report->line_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (report->lines[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < report->line_count && report->lines[low].number == number;
    return found ? &report->lines[low] : NULL;
}

struct text quarter_report_id(
    const struct agreement_entry *agreement, uint32_t period, char out[ID_MAX + 1])
{
    int len = snprintf(out, ID_MAX + 1, "%s.q%u", agreement->id, period);
    must(len > 0 && len <= ID_MAX);
    return (struct text){out, (size_t)len};
}

bool quarter_is_closed(const struct report_entry *report)
{
    return report->certified || report->missed;
}

bool quarter_is_released(const struct report_entry *report)
{
    return report->agreement->cycle->released >> report->period & 1u;
}

enum report_state quarter_state(const struct report_entry *report)
{
    if (quarter_is_released(report))
        return REPORT_RELEASED;
    if (report->missed)
        return REPORT_NOT_REPORTED;
    if (!report->certified)
        return REPORT_OPEN;
    return report->is_open ? REPORT_SCORED : REPORT_CERTIFIED;
}

struct account *quarter_account(const struct body_entry *body, const struct cycle_entry *cycle)
{
    struct account *account = body->accounts;
    while (account && account->cycle != cycle)
        account = account->next;
    return account;
}

struct period_view quarter_steps(const struct model *model, const struct report_entry *report)
{
    struct period_view steps;
    must(calendar_period(
        model->calendar, text_of(report->agreement->cycle->id), report->period, &steps));
    return steps;
}

bool quarter_concerns(const struct agreement_entry *agreement, int32_t ends_on, int32_t zone)
{
    return agreement->was_in_force && agreement->state != STATE_LAPSED &&
           day_of_moment(agreement->in_force_at, zone) <= ends_on;
}

static void free_text(struct text text)
{
    free((void *)(uintptr_t)text.at);
}

static void free_evidence(struct evidence_entry *evidence)
{
    free_text(evidence->media);
    free_text(evidence->name);
    free_text(evidence->person);
    free(evidence->reports);
    free(evidence);
}

static void free_said(struct report_entry *report)
{
    for (size_t i = 0; i < report->score_count; i++) {
        free_text(report->scores[i].person);
        free_text(report->scores[i].office);
        free_text(report->scores[i].packed);
    }
    for (size_t i = 0; i < report->appeal_count; i++) {
        free_text(report->appeals[i].person);
        free_text(report->appeals[i].reason);
        free_text(report->appeals[i].answer);
        free_text(report->appeals[i].answered_by);
    }
    for (size_t i = 0; i < report->answer_count; i++) {
        free_text(report->answers[i].answer);
        free_text(report->answers[i].person);
    }
    free(report->scores);
    free(report->appeals);
    free(report->answers);
}

static void free_report(struct report_entry *report)
{
    free_said(report);
    for (size_t i = 0; i < report->line_count; i++)
        free_text(report->lines[i].remark);
    for (size_t i = 0; i < report->filer_count; i++)
        free_text(report->filers[i]);
    free(report->filers);
    free(report->lines);
    free_text(report->certified_by);
    free(report);
}

static void free_action(struct action_entry *action)
{
    free_text(action->packed);
    free_text(action->opened_by);
    free_text(action->opened_in);
    free_text(action->done);
    free_text(action->done_by);
    free_text(action->found);
    free_text(action->verified_by);
    free(action);
}

void quarter_free(struct model *model)
{
    HASH_CLEAR(hh, model->report_table);
    HASH_CLEAR(hh, model->need_table);
    for (size_t i = 0; i < model->report_count; i++)
        free_report(model->reports[i]);
    for (size_t i = 0; i < model->need_count; i++) {
        free_text(model->needs[i]->packed);
        free(model->needs[i]);
    }
    for (size_t i = 0; i < model->action_count; i++)
        free_action(model->actions[i]);
    free(model->reports);
    free(model->needs);
    free(model->actions);
    free(model->orders);
    HASHES_FREE(model->evidence_table, evidence_entry, free_evidence);
    HASHES_FREE(model->draw_table, draw_entry, free);
}
