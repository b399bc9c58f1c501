/* Files of evidence, known by their digest, and how far each carries. The gateway has the bytes. */
#include "commands.h"
#include "queries.h"

#include "quarter.h"
#include "recusal.h"

#include "facts/access.h"

static bool is_digest(struct text text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!((text.at[i] >= '0' && text.at[i] <= '9') || (text.at[i] >= 'a' && text.at[i] <= 'f')))
            return false;
    return text.len == SHA256_TEXT;
}

/* Ids end at 64 characters, which a digest fills: the subject of a file is its first 40. */
enum err evidence_record_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    struct evidence evidence = *(const struct evidence *)request->body;
    if (!is_digest(evidence.sha256))
        return faults_add(why, ERR_INVALID, "sha256", "64 digits of a SHA-256 in small hex");
    if (evidence.body.at)
        return faults_add(why, ERR_INVALID, "body", "it is filled in by the service");
    if (quarter_evidence(state, evidence.sha256))
        return faults_add(why, ERR_EXISTS, "sha256", "this file is recorded already");
    BUF_CLEANUP struct buf subject = BUF(ID_MAX);
    buf_printf(&subject, "evidence.%.40s", evidence.sha256.at);
    evidence.body = request->office.body;
    decision_id(ret_decision, evidence.sha256);
    decision_add(
        ret_decision, MESSAGE_evidence_recorded, buf_as_text(&subject), evidence.sha256, &evidence);
    return OK;
}

static bool sees_file(
    const struct model *model, const struct request *request, const struct evidence_entry *evidence)
{
    bool sees = access_sees_drafts(model->bodies, &request->office, text_of(evidence->body));
    for (size_t i = 0; i < evidence->report_count && !sees; i++)
        sees = quarter_is_released(evidence->reports[i]);
    return sees;
}

enum err evidence_get_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct evidence_one *asked = request->body;
    const struct evidence_entry *evidence = quarter_evidence(state, asked->sha256);
    if (!evidence || !sees_file(state, request, evidence))
        return faults_add(why, ERR_NOT_FOUND, "sha256", "there is no file of that SHA-256");
    struct evidence_view view = {.evidence = {.sha256 = text_of(evidence->sha256),
                                     .bytes = {evidence->bytes, true},
                                     .media = evidence->media},
        .person = evidence->person,
        .at = {evidence->at, true}};
    const size_t most = sizeof view.reports.at / sizeof *view.reports.at;
    if (evidence->name.len)
        view.evidence.name = evidence->name;
    if (evidence->body[0])
        view.evidence.body = text_of(evidence->body);
    for (size_t i = 0; i < evidence->report_count && view.reports.head.count < most; i++)
        view.reports.at[view.reports.head.count++] = text_of(evidence->reports[i]->id);
    view.reports.head.given = view.reports.head.count > 0;
    reply_add(ret_reply, evidence_view_record(), &view);
    return OK;
}

static enum err check_grade(
    const struct line_entry *line, const struct report_grade *grade, struct faults *why)
{
    if (!line->reported)
        return faults_add(
            why, ERR_STATE, "target", "nothing was reported on %.*s", TEXT_ARG(grade->target));
    if (!line->evidence && (grade->grade == GRADE_E1 || grade->grade == GRADE_E2))
        return faults_add(why, ERR_INVALID, "grade",
            "there is no file: E0, or E3 and E4 for what was seen elsewhere");
    return OK;
}

enum err report_grade_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct model *model = state;
    const struct report_grade *grade = request->body;
    struct agreement_entry *agreement = NULL;
    const struct target_entry *target = model_target_of(model, grade->target, &agreement);
    const struct report_entry *report = target && grade->period.value <= PERIODS_MOST
                                            ? agreement->reports[grade->period.value - 1]
                                            : NULL;
    if (!report)
        return faults_add(why, ERR_NOT_FOUND, target ? "period" : "target",
            "there is no report on %.*s in period %ld", TEXT_ARG(grade->target),
            grade->period.value);
    if (!report->certified || quarter_is_released(report))
        return faults_add(why, ERR_STATE, "period",
            "%s is %s: evidence is graded after it was "
            "certified and before it is released",
            report->id, choices_word(report_state_choices(), (int)quarter_state(report)));
    enum err err = recusal_check(model, request, agreement, ret_decision, why);
    const struct line_entry *line = quarter_line(report, target->number);
    if (err)
        return err;
    if (!line)
        return faults_add(
            why, ERR_STATE, "target", "%.*s was not due then", TEXT_ARG(grade->target));
    err = check_grade(line, grade, why);
    if (err == OK)
        decision_add(
            ret_decision, MESSAGE_report_graded, text_of(report->id), grade->target, grade);
    return err;
}
