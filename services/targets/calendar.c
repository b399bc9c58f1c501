/* Commands on business time: the clock of a demonstration, holidays, and the working week. What has
 * passed stays as it was, or deadlines that were met would turn out missed. */
#include "commands.h"

#include "base/clock.h"

#include <stdio.h>

#define CALENDAR     TEXT_LITERAL("calendar") /* the subject of all these events */
#define LEAP_MOST_MS (INT64_C(3 * 366) * 86400000)

enum err clock_move_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    (void)state;
    const struct clock_move *move = request->body;
    char now[MOMENT_TEXT_SIZE];
    if (!request->demo)
        return faults_add(
            why, ERR_FORBIDDEN, "", "business time is the wall's: it moves in demonstrations only");
    moment_to_text(request->now_ms, now);
    if (move->to.ms < request->now_ms)
        return faults_add(why, ERR_INVALID, "to",
            "it is %s already, and the clock never goes back; give a later moment", now);
    if (move->to.ms > request->now_ms + LEAP_MOST_MS)
        return faults_add(why, ERR_INVALID, "to",
            "it is %s: the clock goes at most three years ahead at once", now);
    decision_add(ret_decision, MESSAGE_clock_moved, CALENDAR, CALENDAR, move);
    return OK;
}

enum err holiday_declare_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    (void)state;
    const struct holiday *holiday = request->body;
    struct text known = calendar_holiday(request->calendar, holiday->on);
    if (holiday->on < request->today)
        return faults_add(why, ERR_INVALID, "on",
            "that day is over, and what was counted on it stays; declare today or a later day");
    if (known.at)
        return faults_add(why, ERR_EXISTS, "on",
            "that day is a holiday already: %.*s; cancel it first to give it another name",
            TEXT_ARG(known));
    decision_add(ret_decision, MESSAGE_holiday_declared, CALENDAR, CALENDAR, holiday);
    return OK;
}

enum err holiday_cancel_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    (void)state;
    const struct holiday_one *holiday = request->body;
    if (!calendar_holiday(request->calendar, holiday->on).at)
        return faults_add(
            why, ERR_NOT_FOUND, "on", "that day is no holiday; the list of holidays has them");
    if (holiday->on <= request->today)
        return faults_add(why, ERR_INVALID, "on",
            "that holiday has begun or is over, and what was counted on it stays; only later ones "
            "are cancelled");
    decision_add(ret_decision, MESSAGE_holiday_cancelled, CALENDAR, CALENDAR, holiday);
    return OK;
}

static bool is_weekday(struct text day)
{
    static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    for (size_t i = 0; i < sizeof days / sizeof *days; i++)
        if (text_is(day, days[i]))
            return true;
    return false;
}

static void check_working(const struct week *week, struct faults *why)
{
    if (week->working.head.count == 0)
        faults_add(why, ERR_INVALID, "working", "a week has at least one working day");
    for (uint32_t i = 0; i < week->working.head.count; i++) {
        struct text day = week->working.at[i];
        char member[24];
        (void)snprintf(member, sizeof member, "working/%u", i);
        if (!is_weekday(day))
            faults_add(why, ERR_INVALID, member,
                "\"%.*s\" is no day: mon, tue, wed, thu, fri, sat or sun", TEXT_ARG(day));
        for (uint32_t j = 0; j < i; j++)
            if (text_equal(day, week->working.at[j]))
                faults_add(why, ERR_INVALID, member, "%.*s is named twice", TEXT_ARG(day));
    }
}

enum err week_set_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    (void)state;
    const struct week *week = request->body;
    if (week->from <= request->today)
        faults_add(why, ERR_INVALID, "from",
            "what was counted stays: a week begins later than today, at the earliest tomorrow");
    check_working(week, why);
    if (why->total)
        return faults_err(why);
    decision_add(ret_decision, MESSAGE_week_was_set, CALENDAR, CALENDAR, week);
    return OK;
}
