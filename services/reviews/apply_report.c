/* Evidence, the lines of reports and what becomes of them. A line is judged by the text in force
 * when it comes; when the report is closed all are judged once more, and for good. */
#include "apply.h"

#include "closing.h"
#include "quarter.h"

#include "base/must.h"

#include <stdlib.h>

static const char *evidence_put(struct model *model, const struct happened *happened)
{
    const struct evidence *record = happened->record;
    if (quarter_evidence(model, record->sha256) || record->sha256.len != SHA256_TEXT)
        return "a file recorded twice, or without a digest";
    struct evidence_entry *evidence = calloc(1, sizeof *evidence);
    must(evidence);
    memcpy(evidence->sha256, record->sha256.at, SHA256_TEXT);
    apply_id(evidence->body, record->body);
    evidence->bytes = record->bytes.value;
    evidence->at = happened->at_ms;
    evidence->media = apply_own(record->media);
    evidence->name = apply_own(record->name);
    evidence->person = apply_own(happened->actor.person);
    HASH_ADD_KEYPTR(hh, model->evidence_table, evidence->sha256, SHA256_TEXT, evidence);
    return NULL;
}

static struct report_entry *report_put(
    struct model *model, const struct happened *happened, struct text agreement_id, int64_t period)
{
    struct agreement_entry *agreement = model_agreement(model, agreement_id);
    if (!agreement || period < 1 || period > PERIODS_MOST || agreement->reports[period - 1])
        return NULL;
    struct report_entry *report = calloc(1, sizeof *report);
    must(report);
    APPLY_ID(report, happened->subject);
    report->index = model->report_count;
    report->agreement = agreement;
    report->period = (uint32_t)period;
    report->position = happened->position;
    report->round = 1;
    agreement->reports[period - 1] = report;
    if (model->report_count == model->report_room) {
        model->report_room = model->report_room ? 2 * model->report_room : 256;
        must(model->reports = realloc(model->reports, model->report_room * sizeof(void *)));
    }
    model->reports[model->report_count++] = report;
    HASH_ADD_KEYPTR(hh, model->report_table, report->id, happened->subject.len, report);
    return report;
}

static struct line_entry *line_put(struct report_entry *report, uint32_t number)
{
    struct line_entry *line = quarter_line(report, number);
    if (line)
        return line;
    if (report->line_count == report->line_room) {
        report->line_room = report->line_room ? 2 * report->line_room : 64;
        report->lines = realloc(report->lines, report->line_room * sizeof *report->lines);
        must(report->lines);
    }
    size_t at = report->line_count++;
    for (; at > 0 && report->lines[at - 1].number > number; at--)
        report->lines[at] = report->lines[at - 1];
    report->lines[at] = (struct line_entry){.number = number};
    return &report->lines[at];
}

static void remember_filer(struct report_entry *report, struct text person)
{
    for (size_t i = 0; i < report->filer_count; i++)
        if (text_equal(report->filers[i], person))
            return;
    report->filers = realloc(report->filers, (report->filer_count + 1) * sizeof *report->filers);
    must(report->filers);
    report->filers[report->filer_count++] = apply_own(person);
}

static void name_evidence(struct evidence_entry *evidence, const struct report_entry *report)
{
    for (size_t i = 0; i < evidence->report_count; i++)
        if (evidence->reports[i] == report)
            return;
    size_t count = evidence->report_count + 1;
    must(evidence->reports = realloc(evidence->reports, count * sizeof(void *)));
    evidence->reports[evidence->report_count++] = report;
}

static const char *line_fold(
    struct model *model, struct report_entry *report, const struct happened *happened)
{
    const struct report_line *record = &((const struct reported *)happened->record)->line;
    struct agreement_entry *agreement = NULL;
    const struct target_entry *target = model_target_of(model, record->target, &agreement);
    if (!target || agreement != report->agreement || quarter_is_closed(report))
        return "a value of a target that is not there, or of a report that is closed";
    struct line_entry *line = line_put(report, target->number);
    free((void *)(uintptr_t)line->remark.at);
    line->reported = true;
    line->value = record->value.thousandths;
    line->own_word = (uint8_t)record->own_word;
    line->remark = apply_own(record->remark);
    line->evidence = quarter_evidence(model, record->evidence);
    line->grade = line->evidence ? GRADE_E1 : GRADE_E0;
    line->filed_at = happened->at_ms;
    if (line->evidence)
        name_evidence(line->evidence, report);
    closing_judge(report, target, line);
    report->filed_at = happened->at_ms;
    remember_filer(report, happened->actor.person);
    return NULL;
}

static const char *grade_fold(
    struct model *model, struct report_entry *report, const struct happened *happened)
{
    const struct report_grade *record = happened->record;
    struct text id;
    uint32_t number;
    struct line_entry *line =
        model_split_target(record->target, &id, &number) ? quarter_line(report, number) : NULL;
    (void)model;
    if (!line)
        return "a grade of a line that is not there";
    line->graded = true;
    line->grade = (uint8_t)record->grade;
    closing_grade(report, line);
    return NULL;
}

/* Drawn targets are verified in the latest report of each. */
static const char *draw_fold(struct model *model, const struct happened *happened)
{
    const struct draw_made *record = happened->record;
    struct draw_entry *draw = calloc(1, sizeof *draw);
    must(draw);
    APPLY_ID(draw, record->id);
    HASH_ADD_KEYPTR(hh, model->draw_table, draw->id, record->id.len, draw);
    for (uint32_t i = 0; i < record->drawn.head.count; i++) {
        struct agreement_entry *agreement = NULL;
        const struct target_entry *target = model_target_of(model, record->drawn.at[i], &agreement);
        uint32_t period = target ? PERIODS_MOST : 0;
        while (period > 0 && !agreement->reports[period - 1])
            period--;
        struct line_entry *line =
            period ? quarter_line(agreement->reports[period - 1], target->number) : NULL;
        if (line)
            line->draw = draw;
    }
    return NULL;
}

static const char *answer_fold(struct report_entry *report, const struct happened *happened)
{
    const struct screen_answer *record = happened->record;
    struct text id;
    uint32_t number = 0;
    if (record->target.len && !model_split_target(record->target, &id, &number))
        return "an answer about a target that is not there";
    size_t count = report->answer_count + 1;
    must(report->answers = realloc(report->answers, count * sizeof *report->answers));
    report->answers[report->answer_count++] = (struct answer_entry){.screen = record->screen,
        .target = number,
        .answer = apply_own(record->answer),
        .person = apply_own(happened->actor.person),
        .at = happened->at_ms};
    return NULL;
}

static const char *release(struct model *model, const struct happened *happened)
{
    const struct period_released *record = happened->record;
    struct cycle_entry *cycle = model_cycle(model, record->cycle);
    if (!cycle || record->period.value > PERIODS_MOST)
        return "a period released of a cycle that is not there";
    cycle->released |= 1u << record->period.value;
    return NULL;
}

static const char *report_fold(struct model *model, const struct happened *happened)
{
    struct report_entry *report = quarter_report(model, happened->subject);
    if (happened->message == MESSAGE_report_begun) {
        const struct report_begun *record = happened->record;
        report =
            report ? NULL : report_put(model, happened, record->agreement, record->period.value);
    } else if (happened->message == MESSAGE_report_missed && !report) {
        const struct report_missed *record = happened->record;
        report = report_put(model, happened, record->agreement, record->period.value);
    }
    if (!report)
        return "an event of a report that was never begun";
    report->version = happened->version;
    switch ((int)happened->message) {
    case MESSAGE_target_reported:
        return line_fold(model, report, happened);
    case MESSAGE_report_certified:
        report->certified = true;
        report->certified_at = happened->at_ms;
        report->certified_by = apply_own(happened->actor.person);
        closing_close(model, report);
        return NULL;
    case MESSAGE_report_missed:
        report->missed = true;
        closing_close(model, report);
        return NULL;
    case MESSAGE_report_graded:
        return grade_fold(model, report, happened);
    case MESSAGE_screen_answered:
        return answer_fold(report, happened);
    default: /* report.begun */
        return NULL;
    }
}

const char *apply_report(struct model *model, const struct happened *happened)
{
    model->due_is_old = true;
    switch ((int)happened->message) {
    case MESSAGE_evidence_recorded:
        return evidence_put(model, happened);
    case MESSAGE_draw_made:
        return draw_fold(model, happened);
    case MESSAGE_period_released:
        return release(model, happened);
    default:
        return report_fold(model, happened);
    }
}
