/* The reports of an agreement, and of each target the values so far: the trend that a successor
 * takes over. */
#include "apply.h"

#include "lines.h"

#include <stdio.h>
#include <string.h>

#include "base/decimal.h"

#define TREND_MOST 180 /* bytes: the oldest values give way */

/* The agreement of "PWR-2021.q3"; NULL when it is not there. */
static struct pact_entry *pact_of(
    const struct model *model, struct text report, uint32_t *ret_period)
{
    uint64_t period = 0;
    struct text rest, id = text_cut(report, '.', &rest);
    if (rest.len < 2 || rest.at[0] != 'q' ||
        !text_whole((struct text){rest.at + 1, rest.len - 1}, UINT32_MAX, &period))
        return NULL;
    *ret_period = (uint32_t)period;
    return model_pact(model, id);
}

static void report_put(struct pact_entry *pact, uint32_t period, const char *state, struct text id,
    const struct happened *happened)
{
    char what[48];
    (void)snprintf(what, sizeof what, "What was reached in period %u", period);
    lines_put(&pact->lines, LINE_REPORT, period, id, text_of(what), happened)->state = state;
}

static uint32_t number_of(struct text target)
{
    uint64_t number = 0;
    struct text digits;
    (void)text_cut(target, '.', &digits);
    return text_whole(digits, UINT32_MAX, &number) ? (uint32_t)number : 0;
}

/* "q1 19, q2 18.4": a value that comes again for its period replaces the one before. */
static void result_add(struct pact_entry *pact, uint32_t period, const struct happened *happened)
{
    const struct report_line *line = &((const struct reported *)happened->record)->line;
    uint32_t number = number_of(line->target);
    const struct line *old = lines_find(&pact->lines, LINE_RESULT, number);
    char trend[256] = "", mark[16], value[DECIMAL_TEXT_SIZE];
    (void)snprintf(mark, sizeof mark, "q%u ", period);
    if (old)
        (void)snprintf(trend, sizeof trend, "%.*s", TEXT_ARG(old->what));
    char *same = strstr(trend, mark);
    if (same)
        *same = '\0';
    while (strlen(trend) > TREND_MOST && strchr(trend, ','))
        memmove(trend, strchr(trend, ',') + 2, strlen(strchr(trend, ',') + 2) + 1);
    size_t len = strlen(trend);
    if (len > 0 && !same)
        len += (size_t)snprintf(trend + len, sizeof trend - len, ", ");
    (void)snprintf(trend + len, sizeof trend - len, "%s%s", mark,
        decimal_to_text(line->value.thousandths, value));
    lines_put(&pact->lines, LINE_RESULT, number, line->target, text_of(trend), happened)->state =
        choices_word(status_choices(), (int)line->own_word);
}

static void grade_put(struct pact_entry *pact, const struct happened *happened)
{
    const struct report_grade *grade = happened->record;
    struct line *line = lines_find(&pact->lines, LINE_RESULT, number_of(grade->target));
    if (!line)
        return;
    line->state = choices_word(evidence_grade_choices(), (int)grade->grade);
    line->position = happened->position;
}

static void release(struct model *model, const struct happened *happened)
{
    const struct period_released *released = happened->record;
    for (size_t i = 0; i < model->pacts.count; i++) {
        struct pact_entry *pact = (void *)model->pacts.at[i];
        struct line *line = lines_find(&pact->lines, LINE_REPORT, (uint32_t)released->period.value);
        if (line && text_equal(pact->cycle, released->cycle) &&
            strcmp(line->state, "not reported") != 0)
            line->state = "released";
        if (line && text_equal(pact->cycle, released->cycle))
            line->position = happened->position;
    }
}

void apply_reports(struct model *model, const struct happened *happened)
{
    uint32_t period = 0;
    struct text id = happened->subject;
    struct pact_entry *pact = pact_of(model, id, &period);
    switch ((int)happened->message) {
    case MESSAGE_period_released:
        release(model, happened);
        break;
    case MESSAGE_report_begun:
        if (pact)
            report_put(pact, period, "open", id, happened);
        break;
    case MESSAGE_report_certified:
        if (pact)
            report_put(pact, period, "certified", id, happened);
        break;
    case MESSAGE_report_missed:
        if (pact)
            report_put(pact, period, "not reported", id, happened);
        break;
    case MESSAGE_target_reported:
        if (pact)
            result_add(pact, period, happened);
        break;
    case MESSAGE_report_graded:
        if (pact)
            grade_put(pact, happened);
        break;
    default:
        break;
    }
}
