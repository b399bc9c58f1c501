/* Commands on cycles. A cycle's days are where all deadlines of its periods come from, so they are
 * checked here once and for all: nobody can mend a cycle that a body has reported in. */
#include "commands.h"

#include "model.h"

#include "base/clock.h"

/* The last day of the first `months` months from a day that is one of the first 28. */
static int32_t last_day(int32_t starts_on, int64_t months)
{
    int64_t month = starts_on / 100 % 100 - 1 + months;
    int64_t day = (starts_on / 10000 + month / 12) * 10000 + (month % 12 + 1) * 100;
    return day_from_number(day_number((int32_t)day + starts_on % 100) - 1);
}

static bool check_days(const struct cycle *cycle, struct faults *why)
{
    int64_t months = 12 / cycle->periods_a_year.value;
    char day[DAY_TEXT_SIZE];
    if (cycle->ends_on <= cycle->starts_on)
        faults_add(why, ERR_INVALID, "ends_on", "the last day must lie after the first");
    if (cycle->starts_on % 100 > 28)
        faults_add(why, ERR_INVALID, "starts_on",
            "periods begin on the same day of a month, and not every month has a day %d",
            cycle->starts_on % 100);
    if (12 % cycle->periods_a_year.value)
        faults_add(why, ERR_INVALID, "periods_a_year",
            "a period is a number of whole months: 1, 2, 3, 4, 6 or 12 a year, not %ld",
            cycle->periods_a_year.value);
    else if (cycle->periods.value % cycle->periods_a_year.value)
        faults_add(why, ERR_INVALID, "periods",
            "%ld periods are no whole years of %ld periods each", cycle->periods.value,
            cycle->periods_a_year.value);
    if (why->total)
        return false;
    int32_t ends_on = last_day(cycle->starts_on, months * cycle->periods.value);
    if (cycle->ends_on == ends_on)
        return true;
    day_to_text(ends_on, day);
    faults_add(why, ERR_INVALID, "ends_on",
        "%ld periods of %ld months end on %s; give that day or another number of periods",
        cycle->periods.value, months, day);
    return false;
}

/* The steps of a period follow one another; two may fall on one day. */
static void check_order(const struct cycle *cycle, struct faults *why)
{
    const struct {
        const char *member;
        int64_t days;
    } steps[] = {
        {"report_days", cycle->report_days.value},
        {"certify_days", cycle->certify_days.value},
        {"grade_days", cycle->grade_days.value},
        {"preread_days", cycle->preread_days.value},
        {"sessions_first_days", cycle->sessions_first_days.value},
        {"sessions_last_days", cycle->sessions_last_days.value},
        {"scores_days", cycle->scores_days.value},
        {"appeal_days", cycle->scores_days.value + cycle->appeal_days.value},
        {"summary_days", cycle->summary_days.value},
        {"decisions_days", cycle->decisions_days.value},
        {"release_days", cycle->release_days.value},
    };
    for (size_t i = 1; i < sizeof steps / sizeof *steps; i++)
        if (steps[i].days < steps[i - 1].days)
            faults_add(why, ERR_INVALID, steps[i].member,
                "that step falls on day %ld after the end of the period, before the step of %s, "
                "which is day %ld",
                steps[i].days, steps[i - 1].member, steps[i - 1].days);
}

/* A period is public before the next one ends, or two would be reviewed at once. */
static void check_release(const struct cycle *cycle, struct faults *why)
{
    int64_t months = 12 / cycle->periods_a_year.value;
    for (int64_t i = 1; i < cycle->periods.value; i++) {
        int32_t ends = day_number(last_day(cycle->starts_on, months * i));
        int32_t next = day_number(last_day(cycle->starts_on, months * (i + 1)));
        if (ends + cycle->release_days.value < next)
            continue;
        faults_add(why, ERR_INVALID, "release_days",
            "period %ld would be released %ld days after its end, and period %ld ends after %d: "
            "release it before that",
            i, cycle->release_days.value, i + 1, next - ends);
        return;
    }
}

enum err cycle_create_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct model *model = state;
    const struct cycle *cycle = request->body;
    uint64_t year;
    if (check_days(cycle, why))
        check_release(cycle, why);
    check_order(cycle, why);
    if (cycle->id.len != 4 || !text_whole(cycle->id, 9999, &year) ||
        (int64_t)year != cycle->starts_on / 10000)
        faults_add(why, ERR_INVALID, "id",
            "a cycle is named by the year in which it begins, here %d", cycle->starts_on / 10000);
    if (model_cycle(model, cycle->id))
        faults_add(why, ERR_EXISTS, "id", "the cycle %.*s exists already", TEXT_ARG(cycle->id));
    if (why->total)
        return faults_err(why);
    decision_id(ret_decision, cycle->id);
    decision_add(ret_decision, MESSAGE_cycle_created, cycle->id, cycle->id, cycle);
    return OK;
}
