#include "closing.h"

#include "held.h"
#include "results.h"

#include "base/must.h"
#include "base/rounding.h"

#include <stdlib.h>

void closing_judge(
    const struct report_entry *report, const struct target_entry *target, struct line_entry *line)
{
    const struct measure *measure = &target->measure;
    line->weight = target->weight;
    line->baseline = measure->baseline;
    line->milestone = report->period <= measure->periods ? measure->milestones[report->period - 1]
                                                         : measure->baseline;
    line->direction = measure->direction;
    line->status = STATUS_NO_DATA;
    line->claimed = line->supported = 0;
    if (!line->reported)
        return;
    line->claimed = (int32_t)results_claimed(
        (enum direction)line->direction, line->baseline, line->milestone, line->value);
    line->status = (uint8_t)results_status(line->claimed);
    line->supported = (int32_t)results_supported(line->claimed, (enum evidence_grade)line->grade);
}

/* How long it has not been on track, with the period before when that is closed. */
static uint16_t behind(const struct report_entry *report, const struct line_entry *line)
{
    if (line->status == STATUS_ON_TRACK)
        return 0;
    const struct report_entry *before =
        report->period > 1 ? report->agreement->reports[report->period - 2] : NULL;
    const struct line_entry *last =
        before && quarter_is_closed(before) ? quarter_line(before, line->number) : NULL;
    return (uint16_t)((last ? last->behind : 0) + 1);
}

static void count_line(struct report_sums *sums, const struct line_entry *line)
{
    sums->targets++;
    sums->lines += line->reported;
    sums->on_track += line->status == STATUS_ON_TRACK;
    sums->lagging += line->status == STATUS_LAGGING;
    sums->off_track += line->status == STATUS_OFF_TRACK;
    sums->no_data += line->status == STATUS_NO_DATA;
    sums->optimism += line->reported && line->own_word < line->status;
}

static int64_t mean(wide sum, int64_t weight)
{
    return weight ? rounding_divide(sum, weight) : 0;
}

static void sum_up(struct report_entry *report)
{
    struct report_sums sums = {0};
    wide claimed = 0, supported = 0, withheld = 0;
    for (size_t i = 0; i < report->line_count; i++) {
        const struct line_entry *line = &report->lines[i];
        count_line(&sums, line);
        sums.weight += line->weight;
        claimed += (wide)line->weight * line->claimed;
        supported += (wide)line->weight * line->supported;
        withheld += (wide)line->weight * line->withheld;
    }
    sums.claimed = mean(claimed, sums.weight);
    sums.supported = mean(supported, sums.weight);
    sums.withheld = mean(withheld, sums.weight);
    report->sums = sums;
}

/* What was withheld is moved to the account of who held it up. */
static void charge(
    struct model *model, const struct report_entry *report, const struct line_entry *line)
{
    struct body_entry *body = model_body(model, line->need->facts.raised.blocking_body);
    if (!body)
        return; /* outside the government: nobody's account */
    struct account *account = quarter_account(body, report->agreement->cycle);
    if (!account) {
        must(account = calloc(1, sizeof *account));
        account->cycle = report->agreement->cycle;
        account->next = body->accounts;
        body->accounts = account;
    }
    account->charged[report->period - 1] +=
        rounding_divide((wide)line->weight * line->withheld, RESULTS_FULL);
}

static void hold(struct model *model, const struct report_entry *report,
    const struct target_entry *target, struct line_entry *line)
{
    const struct held held = held_target(model, report->agreement, target, report->period);
    line->need = held.need;
    line->withheld = 0;
    if (!held.need || line->status == STATUS_NO_DATA)
        return; /* who says nothing cannot say that it waited */
    line->withheld = (int32_t)results_withheld(line->claimed, held.days, held.working_days);
    if (line->withheld > 0)
        charge(model, report, line);
}

void closing_close(struct model *model, struct report_entry *report)
{
    const struct agreement_entry *agreement = report->agreement;
    struct line_entry *lines = calloc(agreement->target_count + 1, sizeof *lines);
    must(lines);
    for (size_t i = 0; i < agreement->target_count; i++) {
        const struct target_entry *target = &agreement->targets[i];
        struct line_entry *filed = quarter_line(report, target->number);
        lines[i].number = target->number;
        lines[i].grade = GRADE_E0;
        if (filed) {
            lines[i] = *filed;
            filed->remark = (struct text){0};
            lines[i].reported = report->certified;
        }
        closing_judge(report, target, &lines[i]);
        hold(model, report, target, &lines[i]);
        lines[i].behind = behind(report, &lines[i]);
    }
    for (size_t i = 0; i < report->line_count; i++)
        free((void *)(uintptr_t)report->lines[i].remark.at);
    free(report->lines);
    report->lines = lines;
    report->line_count = report->line_room = agreement->target_count;
    sum_up(report);
}

void closing_grade(struct report_entry *report, struct line_entry *line)
{
    line->supported = (int32_t)results_supported(line->claimed, (enum evidence_grade)line->grade);
    sum_up(report);
}
