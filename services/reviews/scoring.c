/* The committee's part: five criteria, each member unseen by the others until all have scored or
 * the day has come. Who must not judge the body is not waited for. */
#include "commands.h"

#include "opening.h"
#include "recusal.h"

static const struct score_entry *score_of(const struct report_entry *report, struct text person)
{
    for (size_t i = 0; i < report->score_count; i++)
        if (report->scores[i].round == report->round &&
            text_equal(report->scores[i].person, person))
            return &report->scores[i];
    return NULL;
}

/* Whether every member who may score has scored, the one who does it now counted. */
static bool is_last(const struct model *model, const struct request *request,
    const struct report_entry *report, struct decision *decision)
{
    bool last = true;
    for (size_t i = 0; i < model->posts.count; i++) {
        const struct post_entry *post = (const void *)model->posts.at[i];
        if (post->office.role != ROLE_COMMITTEE)
            continue;
        struct text holder = roster_holder(request->roster, post->id);
        decision_expect(decision, post->id);
        if (!holder.at || text_equal(holder, request->actor.person))
            continue;
        decision_expect(decision, holder);
        last = last && (score_of(report, holder) ||
                           recusal_of(model, request->roster, holder, report->agreement));
    }
    return last;
}

enum err score_give_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct model *model = state;
    const struct score_give *give = request->body;
    const struct report_entry *report = quarter_report(model, give->report);
    if (!report || !quarter_is_closed(report))
        return faults_add(why, report ? ERR_STATE : ERR_NOT_FOUND, "report",
            "%.*s is not certified: there is nothing to score yet", TEXT_ARG(give->report));
    enum err err = recusal_check(model, request, report->agreement, ret_decision, why);
    if (err)
        return err;
    if (report->missed || report->is_open)
        return faults_add(why, ERR_STATE, "report", "%s: %s", report->id,
            report->missed ? "nothing was reported, and it is scored 0"
                           : "the scores are open, none is added");
    if (score_of(report, request->actor.person))
        return faults_add(why, ERR_STATE, "report", "%.*s has scored %s: each member does so once",
            TEXT_ARG(request->actor.person), report->id);
    decision_add(ret_decision, MESSAGE_score_given, give->report, give->report, give);
    if (is_last(model, request, report, ret_decision))
        opening_add(report, give, request->today, ret_decision);
    return OK;
}

enum err appeal_make_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct model *model = state;
    const struct appeal *appeal = request->body;
    const struct report_entry *report = quarter_report(model, appeal->report);
    if (!report ||
        !bodies_act_for(model->bodies, request->office.body, text_of(report->agreement->body->id)))
        return report ? faults_add(why, ERR_FORBIDDEN, "report",
                            "the minister of the body appeals, nobody else")
                      : faults_add(why, ERR_NOT_FOUND, "report", "there is no report %.*s",
                            TEXT_ARG(appeal->report));
    if (!report->is_open)
        return faults_add(why, ERR_STATE, "report", "the scores of %s are not open", report->id);
    if (report->appeal_count > 0)
        return faults_add(
            why, ERR_STATE, "report", "%s was appealed already: that is done once", report->id);
    int32_t last = calendar_day_after(report->opened_on, report->agreement->cycle->appeal_days);
    if (request->today > last)
        return faults_add(why, ERR_STATE, "report",
            "the scores of %s opened on %d: there were %d days to appeal", report->id,
            report->opened_on, report->agreement->cycle->appeal_days);
    decision_add(ret_decision, MESSAGE_appeal_made, appeal->report, appeal->report, appeal);
    return OK;
}

enum err appeal_decide_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    struct appeal_decide answer = *(const struct appeal_decide *)request->body;
    const struct report_entry *report = quarter_report(state, answer.report);
    if (!report)
        return faults_add(
            why, ERR_NOT_FOUND, "report", "there is no report %.*s", TEXT_ARG(answer.report));
    enum err err = recusal_check(state, request, report->agreement, ret_decision, why);
    if (err)
        return err;
    if (report->appeal_count == 0 || report->appeals[report->appeal_count - 1].upheld)
        return faults_add(
            why, ERR_STATE, "report", "no appeal against %s waits for an answer", report->id);
    if (answer.on && answer.on != request->today)
        return faults_add(why, ERR_INVALID, "on", "it is filled in by the service");
    answer.on = request->today;
    decision_add(ret_decision, MESSAGE_appeal_decided, answer.report, answer.report, &answer);
    return OK;
}
