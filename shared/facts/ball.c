/* One table says what may follow what. A clock is a sum of spans that have ended and one that runs;
 * an act ends a span on its day and begins the next on the same day, so that no working day is
 * counted twice or lost. */
#include "facts/ball.h"

#include "base/buf.h"
#include "base/must.h"

/* Working days of the escalation (section 7 of the domain). */
#define DAYS_ACKNOWLEDGE       3
#define DAYS_PROMISE           5
#define PERCENT_HALF           50
#define PERCENT_MOST           80
#define DAYS_JOINT_SECRETARIES 1 /* beyond the norm, as the next two */
#define DAYS_SECRETARIES       5
#define DAYS_COMMITTEE         10
#define NORMS_PM               2  /* so many times the norm, or ... */
#define CALENDAR_DAYS_PM       41 /* ... plain days after the file was complete */

#define IS(state) (1u << DEPENDENCY_##state)
#define NOWHERE   (1u << dependency_state_UNSET)
#define WITH_BODY (IS(RAISED) | IS(ACKNOWLEDGED) | IS(PROMISED))
#define UNDER_WAY (WITH_BODY | IS(RETURNED) | IS(EXTERNAL))
#define STAY      dependency_state_UNSET

static const struct {
    uint32_t from; /* bits 1 << state */
    enum dependency_state to;
} table[MESSAGE_COUNT] = {
    [MESSAGE_dependency_raised] = {NOWHERE, DEPENDENCY_RAISED},
    [MESSAGE_dependency_acknowledged] = {IS(RAISED) | IS(PROMISED), DEPENDENCY_ACKNOWLEDGED},
    [MESSAGE_dependency_returned] = {WITH_BODY, DEPENDENCY_RETURNED},
    [MESSAGE_dependency_completed] = {IS(RETURNED), DEPENDENCY_ACKNOWLEDGED},
    [MESSAGE_dependency_promised] = {WITH_BODY, DEPENDENCY_PROMISED},
    [MESSAGE_dependency_granted] = {WITH_BODY | IS(EXTERNAL), DEPENDENCY_GRANTED},
    [MESSAGE_dependency_refused] = {WITH_BODY | IS(EXTERNAL), DEPENDENCY_REFUSED},
    [MESSAGE_dependency_externalised] = {WITH_BODY, DEPENDENCY_EXTERNAL},
    [MESSAGE_dependency_resumed] = {IS(EXTERNAL), DEPENDENCY_ACKNOWLEDGED},
    [MESSAGE_dependency_withdrawn] = {UNDER_WAY, DEPENDENCY_WITHDRAWN},
    [MESSAGE_dependency_reopened] = {IS(GRANTED) | IS(REFUSED), DEPENDENCY_ACKNOWLEDGED},
    [MESSAGE_dependency_explained] = {WITH_BODY, STAY},
    [MESSAGE_dependency_was_put_off] = {WITH_BODY, STAY},
    [MESSAGE_dependency_escalated] = {WITH_BODY, STAY},
};

enum dependency_state ball_after(enum message event, const struct ball *ball)
{
    enum dependency_state to = table[event].to;
    if (!(table[event].from >> ball->state & 1u) ||
        (event == MESSAGE_dependency_returned && ball->was_returned) ||
        (event == MESSAGE_dependency_acknowledged && ball->acknowledged) ||
        (event == MESSAGE_dependency_resumed && ball->outside))
        return dependency_state_UNSET;
    if (!to)
        return ball->state;
    if (event == MESSAGE_dependency_raised && ball->outside)
        return DEPENDENCY_EXTERNAL;
    bool goes_on = event == MESSAGE_dependency_acknowledged ||
                   event == MESSAGE_dependency_completed || event == MESSAGE_dependency_resumed;
    return goes_on && ball->promised ? DEPENDENCY_PROMISED : to;
}

static void name_possible(const struct ball *ball, struct buf *out)
{
    const char *before = "";
    for (enum message event = MESSAGE_UNSET + 1; event < MESSAGE_COUNT; event++)
        if (table[event].from && event != MESSAGE_dependency_escalated && ball_after(event, ball)) {
            buf_printf(out, "%s%s", before, message_row(event)->wire);
            before = ", ";
        }
}

enum err ball_check(
    enum message event, struct text dependency, const struct ball *ball, struct faults *why)
{
    BUF_CLEANUP struct buf possible = BUF(400);
    if (ball_after(event, ball))
        return OK;
    name_possible(ball, &possible);
    const char *again = event == MESSAGE_dependency_returned && ball->was_returned
                            ? "; a file is returned as incomplete once, with all that is missing"
                            : "";
    return faults_add(why, ERR_STATE, "dependency", "%.*s is %s%s; what can happen now: %.*s",
        TEXT_ARG(dependency), choices_word(dependency_state_choices(), (int)ball->state), again,
        TEXT_ARG(buf_as_text(&possible)));
}

/* ---- folding ---- */

static enum court court_of(enum dependency_state state)
{
    if (WITH_BODY >> state & 1u)
        return COURT_BLOCKING;
    return state == DEPENDENCY_RETURNED   ? COURT_WAITING
           : state == DEPENDENCY_EXTERNAL ? COURT_EXTERNAL
                                          : COURT_NOBODY;
}

static int32_t day_of(const struct happened *happened)
{
    switch ((int)happened->message) {
    case MESSAGE_dependency_raised:
        return ((const struct dependency_raised *)happened->record)->on;
    case MESSAGE_dependency_returned:
        return ((const struct dependency_return *)happened->record)->on;
    case MESSAGE_dependency_promised:
        return ((const struct dependency_promise *)happened->record)->on;
    case MESSAGE_dependency_was_put_off:
        return ((const struct dependency_put_off *)happened->record)->on;
    case MESSAGE_dependency_escalated:
        return ((const struct dependency_rung *)happened->record)->on;
    default:
        return ((const struct dependency_act *)happened->record)->on;
    }
}

/* The span that runs ends on a day. */
static void charge(struct ball *ball, const struct calendar *calendar, int32_t day)
{
    int32_t days = calendar_working_days(calendar, ball->since, day);
    if (ball->court == COURT_WAITING)
        ball->waiting += days;
    else if (ball->court == COURT_BLOCKING)
        ball->blocking += days;
    else if (ball->court == COURT_EXTERNAL)
        ball->external += days;
    if (day > ball->since)
        ball->since = day;
}

static void raise(struct ball *ball, const struct dependency_raised *record)
{
    *ball = (struct ball){.outside = text_is(record->raised.blocking_body, "EXTERNAL"),
        .raised_on = record->on,
        .since = record->on,
        .complete_since = record->on,
        .norm_days = (int32_t)record->norm_days.value,
        .rounds = 1};
}

static void reopen(struct ball *ball, int32_t day)
{
    ball->rounds++;
    ball->rungs = ball->put_off_days = 0;
    ball->was_returned = ball->assumed = false;
    ball->promised = ball->ended_on = 0;
    ball->complete_since = ball->since = day;
    ball->blocking_before = ball->blocking;
}

static void escalate(struct ball *ball, const struct dependency_rung *record)
{
    ball->rungs |= 1u << record->rung;
    if (record->rung != RUNG_PROMISE || !record->promised)
        return;
    ball->promised = record->promised;
    ball->assumed = true;
    ball->state = DEPENDENCY_PROMISED;
}

/* What an event changes besides state and clocks. */
static void change(struct ball *ball, const struct happened *happened, int32_t day)
{
    switch ((int)happened->message) {
    case MESSAGE_dependency_acknowledged:
    case MESSAGE_dependency_externalised:
        ball->acknowledged = true;
        break;
    case MESSAGE_dependency_returned:
        ball->acknowledged = ball->was_returned = true;
        ball->returns++;
        break;
    case MESSAGE_dependency_completed:
        ball->complete_since = day;
        break;
    case MESSAGE_dependency_promised:
        ball->promised = ((const struct dependency_promise *)happened->record)->promised;
        ball->acknowledged = true;
        ball->assumed = false;
        break;
    case MESSAGE_dependency_reopened:
        ball->returns++;
        reopen(ball, day);
        break;
    case MESSAGE_dependency_was_put_off:
        ball->was_put_off = true;
        ball->put_off_days =
            (uint32_t)((const struct dependency_put_off *)happened->record)->days.value;
        break;
    case MESSAGE_dependency_escalated:
        escalate(ball, happened->record);
        break;
    default:
        break;
    }
}

const char *ball_apply(
    struct ball *ball, const struct calendar *calendar, const struct happened *happened)
{
    int32_t day = day_of(happened);
    if (happened->message == MESSAGE_dependency_raised && !ball->state)
        raise(ball, happened->record);
    enum dependency_state after = ball_after(happened->message, ball);
    if (!after)
        return "a dependency was not in a state in which that happens";
    if (!day)
        return "an act on a dependency without its day";
    if (happened->message == MESSAGE_dependency_resumed) /* nobody's days do not count */
        ball->complete_since =
            calendar_day_after(ball->complete_since, calendar_days(ball->since, day));
    charge(ball, calendar, day);
    ball->state = after;
    change(ball, happened, day);
    ball->court = court_of(ball->state);
    ball->ended_on = ball->court == COURT_NOBODY ? day : 0;
    return NULL;
}

/* ---- reading ---- */

int32_t ball_days(
    const struct ball *ball, const struct calendar *calendar, enum court court, int32_t today)
{
    bool runs = ball->court != COURT_NOBODY && (court == ball->court || court == COURT_NOBODY);
    int32_t days = runs ? calendar_working_days(calendar, ball->since, today) : 0;
    switch (court) {
    case COURT_WAITING:
        return days + ball->waiting;
    case COURT_BLOCKING:
        return days + ball->blocking;
    case COURT_EXTERNAL:
        return days + ball->external;
    default:
        return days + ball->waiting + ball->blocking + ball->external;
    }
}

int32_t ball_beyond(const struct ball *ball, const struct calendar *calendar, int32_t today)
{
    int32_t beyond =
        ball_days(ball, calendar, COURT_BLOCKING, today) - ball->blocking_before - ball->norm_days;
    return ball->norm_days > 0 && beyond > 0 ? beyond : 0;
}

/* The day on which who has to act has had the ball for so many working days of this round. */
static int32_t full_on(const struct ball *ball, const struct calendar *calendar, int32_t days)
{
    int32_t had = ball->blocking - ball->blocking_before;
    return days <= had ? ball->since : calendar_working_after(calendar, ball->since, days - had);
}

static int32_t share(const struct ball *ball, int32_t percent)
{
    return (ball->norm_days * percent + 99) / 100;
}

static int32_t pm_on(const struct ball *ball, const struct calendar *calendar)
{
    int32_t put_off = (int32_t)ball->put_off_days;
    int32_t by_norm = full_on(ball, calendar, NORMS_PM * ball->norm_days + put_off);
    int32_t by_days = calendar_working_after(
        calendar, calendar_day_after(ball->complete_since, CALENDAR_DAYS_PM), put_off);
    return by_days < by_norm ? by_days : by_norm;
}

/* 0: this rung is not for this dependency, as it stands. */
static int32_t rung_on(const struct ball *ball, const struct calendar *calendar, enum rung rung)
{
    int32_t late = ball->norm_days + (int32_t)ball->put_off_days;
    switch (rung) {
    case RUNG_ACKNOWLEDGE:
        return ball->acknowledged || ball->rounds > 1 ? 0
                                                      : full_on(ball, calendar, DAYS_ACKNOWLEDGE);
    case RUNG_PROMISE:
        return ball->promised ? 0 : full_on(ball, calendar, DAYS_PROMISE);
    case RUNG_HALF:
        return full_on(ball, calendar, share(ball, PERCENT_HALF));
    case RUNG_MOST:
        return full_on(ball, calendar, share(ball, PERCENT_MOST));
    case RUNG_JOINT_SECRETARIES:
        return full_on(ball, calendar, late + DAYS_JOINT_SECRETARIES);
    case RUNG_SECRETARIES:
        return full_on(ball, calendar, late + DAYS_SECRETARIES);
    case RUNG_COMMITTEE:
        return full_on(ball, calendar, late + DAYS_COMMITTEE);
    case RUNG_PM:
        return pm_on(ball, calendar);
    case rung_UNSET:
    default:
        return 0;
    }
}

int32_t ball_next_rung(
    const struct ball *ball, const struct calendar *calendar, enum rung *ret_rung)
{
    int32_t first = 0;
    if (ball->court != COURT_BLOCKING || ball->norm_days == 0)
        return 0;
    for (enum rung rung = RUNG_ACKNOWLEDGE; rung <= RUNG_PM; rung++) {
        int32_t day = ball->rungs >> rung & 1u ? 0 : rung_on(ball, calendar, rung);
        if (day && (!first || day < first)) {
            first = day;
            *ret_rung = rung;
        }
    }
    return first;
}
