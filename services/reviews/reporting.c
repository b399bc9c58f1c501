/* What a body reports on a period, and the secretary's word for it. Values are held against the
 * unit of their target, so that a slip of the keyboard does not become a result. */
#include "commands.h"

#include "quarter.h"

#include "base/clock.h"
#include "base/decimal.h"
#include "base/must.h"
#include "facts/access.h"

#include <stdio.h>
#include <stdlib.h>

struct filing {
    const struct model *model;
    const struct agreement_entry *agreement;
    const struct report_entry *report; /* NULL: its first line comes now */
    struct period_view steps;
    char report_id[ID_MAX + 1];
};

/* Who does not write for a body learns nothing of what it has. */
static enum err find_agreement(const struct model *model, const struct request *request,
    struct text id, const char *member, const struct agreement_entry **ret_agreement,
    struct faults *why)
{
    const struct agreement_entry *agreement = model_agreement(model, id);
    struct text rest, body = agreement ? text_of(agreement->body->id) : text_cut(id, '-', &rest);
    if (bodies_knows(model->bodies, body) &&
        !access_writes_for(model->bodies, &request->office, body))
        return faults_add(why, ERR_FORBIDDEN, member,
            "%.*s does not write for %.*s: a body reports on its own targets",
            TEXT_ARG(request->actor.office), TEXT_ARG(body));
    if (!agreement || !agreement->was_in_force)
        return faults_add(
            why, ERR_NOT_FOUND, member, "%.*s is no agreement in force", TEXT_ARG(id));
    *ret_agreement = agreement;
    return OK;
}

static enum err check_time(
    const struct filing *filing, const struct request *request, struct faults *why)
{
    const struct period_view *steps = &filing->steps;
    char day[DAY_TEXT_SIZE];
    day_to_text(steps->ends_on, day);
    if (request->today <= steps->ends_on)
        return faults_add(why, ERR_STATE, "period",
            "the period ends on %s: it is reported from the day after", day);
    if (!quarter_concerns(filing->agreement, steps->ends_on, request->zone))
        return faults_add(why, ERR_STATE, "period",
            "%s was not in force on %s, when the period ended: there is nothing to report",
            filing->agreement->id, day);
    day_to_text(steps->certify_by, day);
    if ((filing->report && filing->report->missed) || request->today > steps->certify_by)
        return faults_add(
            why, ERR_STATE, "period", "the period was closed on %s: it is not reported", day);
    if (filing->report && filing->report->certified)
        return faults_add(why, ERR_STATE, "period",
            "%s is certified: no value of a closed period changes", filing->report->id);
    return OK;
}

static enum err open_filing(const struct model *model, const struct request *request,
    struct text agreement, struct whole period, const char *member, struct filing *ret_filing,
    struct faults *why)
{
    struct filing filing = {.model = model};
    enum err err = find_agreement(model, request, agreement, member, &filing.agreement, why);
    if (err)
        return err;
    must(filing.agreement);
    if (!calendar_period(model->calendar, text_of(filing.agreement->cycle->id),
            (uint32_t)period.value, &filing.steps))
        return faults_add(why, ERR_INVALID, "period", "cycle %s has %u periods",
            filing.agreement->cycle->id,
            calendar_periods(model->calendar, text_of(filing.agreement->cycle->id)));
    filing.report = filing.agreement->reports[period.value - 1];
    (void)quarter_report_id(filing.agreement, (uint32_t)period.value, filing.report_id);
    err = check_time(&filing, request, why);
    if (err == OK)
        *ret_filing = filing;
    return err;
}

static void check_value(
    const struct target_entry *target, const struct report_line *line, struct faults *why)
{
    int64_t value = line->value.thousandths;
    if (target->measure.is_share && (value < 0 || value > 100 * DECIMAL_ONE))
        faults_add(why, ERR_INVALID, "value", "%.*s is a share: it lies between 0 and 100",
            TEXT_ARG(line->target));
    else if (target->measure.never_negative && value < 0)
        faults_add(why, ERR_INVALID, "value",
            "%.*s is counted: there is no less than nothing of it", TEXT_ARG(line->target));
}

static void check_word(const struct report_line *line, struct faults *why)
{
    if (line->own_word == STATUS_NO_DATA)
        faults_add(why, ERR_INVALID, "own_word",
            "who reports a value has data; leave the line out when there is none");
    else if (line->own_word != STATUS_ON_TRACK && !line->remark.len)
        faults_add(
            why, ERR_INVALID, "remark", "what is not on track needs a word about what happened");
}

/* NULL when there is no such target; faults are added for what else is wrong. */
static const struct target_entry *check_line(
    const struct filing *filing, const struct report_line *line, struct faults *why)
{
    struct agreement_entry *agreement = NULL;
    const struct target_entry *target = model_target_of(filing->model, line->target, &agreement);
    if (!target || agreement != filing->agreement) {
        faults_add(why, ERR_INVALID, "target", "%.*s is no target of %s", TEXT_ARG(line->target),
            filing->agreement->id);
        return NULL;
    }
    check_value(target, line, why);
    check_word(line, why);
    if (line->evidence.at && !quarter_evidence(filing->model, line->evidence))
        faults_add(why, ERR_INVALID, "evidence",
            "there is no file of that SHA-256; send it to /v1/evidence first");
    return target;
}

/* What the decision says of its report when no line has come yet; and that the text by which the
 * lines are judged is the one that was seen. */
static void begin(const struct filing *filing, struct decision *decision)
{
    struct text id = text_of(filing->report_id);
    const struct report_begun begun = {
        .id = id, .agreement = text_of(filing->agreement->id), .period = filing->steps.period};
    decision_id(decision, id);
    decision_expect(decision, begun.agreement);
    if (!filing->report)
        decision_add(decision, MESSAGE_report_begun, id, id, &begun);
}

static void add_line(
    const struct filing *filing, const struct report_line *line, struct decision *decision)
{
    const struct reported reported = {.report = text_of(filing->report_id), .line = *line};
    decision_add(decision, MESSAGE_target_reported, reported.report, line->target, &reported);
}

enum err report_put_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct report_put *put = request->body;
    struct filing filing = {0};
    struct text rest, agreement = text_cut(put->line.target, '.', &rest);
    enum err err = open_filing(state, request, agreement, put->period, "target", &filing, why);
    if (err)
        return err;
    (void)check_line(&filing, &put->line, why);
    if (why->total)
        return faults_err(why);
    begin(&filing, ret_decision);
    add_line(&filing, &put->line, ret_decision);
    return OK;
}

/* Reads and checks all rows, and adds those that are right: a refusal drops the decision. */
static void file_rows(const struct filing *filing, const struct request *request,
    struct decision *decision, struct faults *why)
{
    const struct agreement_entry *agreement = filing->agreement;
    bool *named = calloc(agreement->target_count + 1, sizeof *named);
    must(named);
    for (size_t i = 0; i < request->row_count; i++) {
        struct report_line line = {0};
        if (request_row(request, i, &line, why))
            continue;
        (void)snprintf(why->prefix, sizeof why->prefix, "rows/%zu/", i);
        const struct target_entry *target = check_line(filing, &line, why);
        if (target && named[target - agreement->targets])
            faults_add(why, ERR_INVALID, "target", "%.*s is named twice", TEXT_ARG(line.target));
        if (target)
            named[target - agreement->targets] = true;
        why->prefix[0] = '\0';
        if (!why->total)
            add_line(filing, &line, decision);
    }
    free(named);
}

enum err report_file_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct report_file *file = request->body;
    struct filing filing = {0};
    enum err err =
        open_filing(state, request, file->agreement, file->period, "agreement", &filing, why);
    if (err)
        return err;
    if (request->row_count == 0)
        return faults_add(why, ERR_INVALID, "rows", "a report has at least one line");
    begin(&filing, ret_decision);
    file_rows(&filing, request, ret_decision, why);
    return faults_err(why);
}

static bool has_filed(const struct report_entry *report, struct text person)
{
    for (size_t i = 0; i < report->filer_count; i++)
        if (text_equal(report->filers[i], person))
            return true;
    return false;
}

enum err report_certify_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct model *model = state;
    const struct report_certify *certify = request->body;
    const struct report_entry *report = quarter_report(model, certify->report);
    struct text rest, id = text_cut(certify->report, '.', &rest);
    const struct agreement_entry *agreement = NULL;
    enum err err = find_agreement(model, request, id, "report", &agreement, why);
    if (err)
        return err;
    if (!report)
        return faults_add(why, ERR_NOT_FOUND, "report", "nothing was reported under %.*s yet",
            TEXT_ARG(certify->report));
    if (quarter_is_closed(report))
        return faults_add(why, ERR_STATE, "report", "%s is closed: it was %s", report->id,
            report->missed ? "not reported in time" : "certified");
    if (has_filed(report, request->actor.person))
        return faults_add(why, ERR_FORBIDDEN, "",
            "%.*s filed lines of %s and must not certify the own report: another secretary has to",
            TEXT_ARG(request->actor.person), report->id);
    err = request_expects(request, report->version, why);
    if (err)
        return err;
    decision_expect(ret_decision, text_of(agreement->id));
    decision_add(ret_decision, MESSAGE_report_certified, certify->report, certify->report, certify);
    return OK;
}
