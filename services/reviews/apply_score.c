/* The committee's scores and the appeals against them, round by round: an appeal that is upheld
 * begins another. */
#include "apply.h"

#include "quarter.h"

#include "base/must.h"
#include "schema/pack.h"

#include <stdlib.h>

static const char *score_put(struct report_entry *report, const struct happened *happened)
{
    struct faults why = {0};
    size_t count = report->score_count + 1;
    must(report->scores = realloc(report->scores, count * sizeof *report->scores));
    struct score_entry *score = &report->scores[report->score_count++];
    *score = (struct score_entry){.person = apply_own(happened->actor.person),
        .office = apply_own(happened->actor.office),
        .packed = apply_own(happened->data),
        .at = happened->at_ms,
        .position = happened->position,
        .round = report->round};
    return pack_read_trusted(score_give_record(), score->packed, &score->facts, &why) == OK
               ? NULL
               : "the record of a score cannot be read";
}

static void appeal_put(struct report_entry *report, const struct happened *happened)
{
    const struct appeal *record = happened->record;
    size_t count = report->appeal_count + 1;
    must(report->appeals = realloc(report->appeals, count * sizeof *report->appeals));
    report->appeals[report->appeal_count++] = (struct appeal_entry){.report = report,
        .person = apply_own(happened->actor.person),
        .reason = apply_own(record->reason),
        .position = happened->position,
        .at = happened->at_ms};
}

static const char *appeal_answer(struct report_entry *report, const struct happened *happened)
{
    const struct appeal_decide *record = happened->record;
    struct appeal_entry *appeal =
        report->appeal_count ? &report->appeals[report->appeal_count - 1] : NULL;
    if (!appeal || appeal->upheld)
        return "an answer to an appeal that was not made";
    appeal->upheld = record->upheld;
    appeal->answer = apply_own(record->reason);
    appeal->answered_by = apply_own(happened->actor.person);
    if (record->upheld != FLAG_YES)
        return NULL;
    report->round++;
    report->is_open = false;
    report->reopened_on = record->on;
    return NULL;
}

const char *apply_score(struct model *model, const struct happened *happened)
{
    struct report_entry *report = quarter_report(model, happened->subject);
    if (!report)
        return "a score of a report that was never begun";
    model->due_is_old = true;
    report->version = happened->version;
    switch ((int)happened->message) {
    case MESSAGE_score_given:
        return score_put(report, happened);
    case MESSAGE_appeal_made:
        appeal_put(report, happened);
        return NULL;
    case MESSAGE_appeal_decided:
        return appeal_answer(report, happened);
    default: {
        const struct scores_opened *record = happened->record;
        report->is_open = true;
        report->opened_on = record->on;
        report->median = record->median;
        return NULL;
    }
    }
}
