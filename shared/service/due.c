/* What falls due by itself: a decision without an asker, one at a time, as soon as business time
 * has come. Whether it was written is seen by the ledger being folded further; if it was not, it is
 * tried again after a pause that grows, and commands go on meanwhile. */
#include "service/runtime.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"

#define PAUSE_LEAST_US 200000
#define PAUSE_MOST_US  5000000
#define SHORT_US       5000 /* for a subject that a command is changing */
#define FAILURES_MOST  5    /* doublings of the least pause until the most */

int64_t runtime_now_ms(const struct runtime *runtime)
{
    return clock_wall_ms() - (int64_t)runtime->settings->behind_s * 1000 +
           calendar_ahead_ms(runtime->calendar);
}

static bool can_be_done(const struct runtime *runtime)
{
    return runtime->service->due && !runtime_complaint(runtime);
}

bool due_pending(const struct runtime *runtime)
{
    const struct due *due = &runtime->due;
    return can_be_done(runtime) && due->failures == 0 &&
           (due->work || due->next_ms <= runtime_now_ms(runtime));
}

uint64_t due_next_us(const struct runtime *runtime)
{
    const struct due *due = &runtime->due;
    if (!can_be_done(runtime) || due->work || due->next_ms == INT64_MAX)
        return UINT64_MAX;
    int64_t wait_ms = due->next_ms - runtime_now_ms(runtime);
    uint64_t at_us = runtime->now_us + (wait_ms > 0 ? (uint64_t)wait_ms * 1000 : 0);
    return at_us < due->again_us ? due->again_us : at_us;
}

/* Told once, until something is written again. */
static void fail(struct runtime *runtime, const char *what, const char *detail)
{
    struct due *due = &runtime->due;
    uint64_t pause_us = (uint64_t)PAUSE_LEAST_US << due->failures;
    if (!due->told)
        log_line(LOG_ERROR, what, "why", detail);
    due->told = true;
    due->failures += due->failures < FAILURES_MOST;
    due->again_us = runtime->now_us + (pause_us < PAUSE_MOST_US ? pause_us : PAUSE_MOST_US);
    follow_refresh(runtime->follow);
}

static struct work *begin(struct runtime *runtime, struct request *ret_request)
{
    const struct actor nobody = {TEXT_LITERAL("clock"), TEXT_LITERAL("clock")};
    struct work *work = work_new(runtime, NULL);
    work->envelope.actor = nobody;
    work->office = (struct office){.role = ROLE_CLOCK};
    work->decided_ms = runtime_now_ms(runtime);
    *ret_request = intake_facts(work, work->decided_ms);
    return work;
}

/* Appends what was decided, under a key of this service. */
static void append(struct work *work, struct text what)
{
    struct runtime *runtime = work->runtime;
    BUF_CLEANUP struct buf key = BUF(1024);
    buf_printf(&key, "due/%s/%.*s", service_name(runtime->service->id), TEXT_ARG(what));
    must(!key.full && what.len > 0);
    work->envelope.key = buf_as_text(&key);
    runtime->due.work = work;
    append_decision(work);
    work->envelope.key = (struct text){0};
    if (work->listed && work->list == WORK_WAITING) { /* a command is changing the same thing */
        runtime->due.again_us = runtime->now_us + SHORT_US;
        work_end(work);
    }
}

static void decide(struct runtime *runtime)
{
    struct request request;
    BUF_CLEANUP struct buf key = BUF(512);
    struct work *work = begin(runtime, &request);
    faults_clear(&runtime->why);
    decision_clear(runtime->decision);
    enum err err = runtime->service->due->decide(
        runtime->state, &request, runtime->decision, &key, &runtime->why);
    const char *complaint = err        ? runtime->why.kept[0].detail
                            : key.full ? "its key is too long"
                                       : decision_complaint(runtime->decision);
    if (!complaint && decision_count(runtime->decision) > 0) {
        append(work, buf_as_text(&key));
        return;
    }
    work_end(work);
    runtime->due.next_ms =
        runtime->service->due->next(runtime->state, runtime->calendar, request.zone);
    if (complaint || runtime->due.next_ms <= request.now_ms)
        fail(runtime, "what falls due cannot be decided",
            complaint ? complaint : "nothing comes of it");
}

/* Whether the last try has come to something: the ledger is folded further than it was then. */
static bool has_moved_on(struct runtime *runtime)
{
    struct due *due = &runtime->due;
    uint64_t position = follow_position(runtime->follow);
    if (due->tried && position == due->position)
        return false;
    due->position = position;
    due->failures = 0;
    due->told = due->tried = false;
    return true;
}

void due_turn(struct runtime *runtime)
{
    struct due *due = &runtime->due;
    const struct service_due *service = runtime->service->due;
    if (!can_be_done(runtime) || due->work)
        return;
    due->next_ms =
        service->next(runtime->state, runtime->calendar, (int32_t)runtime->settings->zone_minutes);
    if (runtime->now_us < due->again_us || due->next_ms > runtime_now_ms(runtime))
        return;
    if (!has_moved_on(runtime)) {
        due->tried = false;
        fail(runtime, "what falls due was not written", "the ledger did not take it");
        return;
    }
    due->tried = true;
    decide(runtime);
}

void due_ended(struct work *work)
{
    if (work->runtime->due.work == work)
        work->runtime->due.work = NULL;
}
