/* Answers about business time. The clock's goes on by itself, so no reader may keep it. */
#include "queries.h"

#include "paging.h"

#define FIRST_YEAR 1900 /* of all days */

enum err clock_get_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    (void)state;
    (void)why;
    struct clock_view view = {
        .now = {request->now_ms, true},
        .today = request->today,
        .working_day = calendar_works(request->calendar, request->today) ? FLAG_YES : FLAG_NO,
        .ahead_ms = {calendar_ahead_ms(request->calendar), true},
    };
    reply_add(ret_reply, clock_view_record(), &view);
    return OK;
}

/* The page begins behind the day on which the one before ended. */
enum err holiday_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    (void)state;
    const struct holiday_list *asked = request->body;
    const struct calendar *calendar = request->calendar;
    struct paging_cursor after;
    enum err err = paging_read(asked->after, "on", &after, why);
    if (err)
        return err;
    int32_t year = asked->year.given ? (int32_t)asked->year.value : FIRST_YEAR, last = 0;
    uint64_t total = 0;
    int64_t limit = asked->limit.given ? asked->limit.value : PAGING_DEFAULT, taken = 0;
    bool more = false;
    for (int32_t day = (year - 1) * 10000 + 1231;
         (day = calendar_next_holiday(calendar, day)) != 0;) {
        if (asked->year.given && day / 10000 != year)
            break;
        total++;
        if (after.given && day <= after.key)
            continue;
        more = taken == limit;
        if (more)
            continue;
        struct holiday_view view = {
            .holiday = {.on = day, .name = calendar_holiday(calendar, day)}};
        reply_add(ret_reply, holiday_view_record(), &view);
        taken++;
        last = day;
    }
    reply_total(ret_reply, total);
    if (more)
        paging_next(ret_reply, "on", last, TEXT_LITERAL("calendar"));
    return OK;
}

enum err period_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    (void)state;
    const struct cycle_one *asked = request->body;
    uint32_t count = calendar_periods(request->calendar, asked->cycle);
    struct period_view view;
    if (count == 0)
        return faults_add(why, ERR_NOT_FOUND, "cycle",
            "there is no cycle %.*s; the list of cycles has them", TEXT_ARG(asked->cycle));
    for (uint32_t period = 1; period <= count; period++)
        if (calendar_period(request->calendar, asked->cycle, period, &view))
            reply_add(ret_reply, period_view_record(), &view);
    reply_total(ret_reply, count);
    return OK;
}
