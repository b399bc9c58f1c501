/* The door of a service: who asks, whether they may, and whether it can be taken at all. What
 * passes here is a message of this service with a sender who may send it. */
#include "service/runtime.h"

#include "base/clock.h"
#include "base/log.h"

#define FRAMES_BEFORE_ROWS 2

/* An envelope that is not fine may still say whom to tell. */
static void refuse_unread(struct work *work)
{
    struct faults unread;
    faults_clear(&unread);
    struct envelope *envelope = &work->envelope;
    *envelope = (struct envelope){0};
    bool told =
        work->message->count > 0 &&
        pack_read_trusted(envelope_record(), work->message->frames[0], envelope, &unread) == OK &&
        envelope->id.len > 0;
    if (told) {
        work_refuse(work);
        return;
    }
    log_line(LOG_DEBUG, "dropped a request without an id", NULL, NULL);
    bus_message_free(work->message);
    work->message = NULL;
    work_end(work);
}

static enum err check_sender(struct work *work)
{
    struct faults *why = &work->runtime->why;
    const struct envelope *envelope = &work->envelope;
    if (envelope->has_actor) {
        work->office = office_read(envelope->actor.office);
        if (work->office.role == role_UNSET)
            return faults_add(why, ERR_FORBIDDEN, "", "there is no office \"%.*s\"",
                TEXT_ARG(envelope->actor.office));
    }
    bool command = message_row(work->what)->kind == MESSAGE_COMMAND;
    bool may = message_allowed(work->what, work->office.role);
    if (!envelope->has_actor && (!may || command))
        return faults_add(why, ERR_UNAUTHENTICATED, "", "%.*s needs a sign-in in an office",
            TEXT_ARG(envelope->message));
    if (!may)
        return faults_add(why, ERR_FORBIDDEN, "", "%.*s may not send %.*s",
            TEXT_ARG(envelope->actor.office), TEXT_ARG(envelope->message));
    return OK;
}

static enum err check_form(struct work *work)
{
    const struct runtime *runtime = work->runtime;
    const struct message_row *row = message_row(work->what);
    struct faults *why = &work->runtime->why;
    if (!runtime->commands[work->what] && !runtime->queries[work->what] &&
        !runtime->orders[work->what])
        return faults_add(why, ERR_BAD_INPUT, "", "%s does not answer %s",
            service_name(runtime->service->id), row->wire);
    bool rows = row->kind == MESSAGE_COMMAND && row->rows() != nothing_record();
    if (!rows && work->message->count > FRAMES_BEFORE_ROWS)
        return faults_add(why, ERR_BAD_INPUT, "", "%s carries one record and no rows", row->wire);
    return OK;
}

static enum err check_ready(struct work *work)
{
    struct runtime *runtime = work->runtime;
    bool command = runtime->commands[work->what] != NULL;
    const char *stuck = follow_stuck(runtime->follow);
    const char *complaint = runtime_complaint(runtime);
    const char *held = readonly_reason(runtime);
    if (runtime->in_hand > runtime->settings->queue)
        return faults_add(&runtime->why, ERR_UNAVAILABLE, "", "%llu requests are waiting already",
            (unsigned long long)runtime->settings->queue);
    if (held && command)
        return faults_add(&runtime->why, ERR_READ_ONLY, "", "%s", held);
    /* What is in memory can be read even while nothing can be written. */
    bool readable = follow_caught_up(runtime->follow) && !stuck;
    if (complaint && (command || !readable))
        return faults_add(&runtime->why, ERR_UNAVAILABLE, "", "%s", complaint);
    return OK;
}

static void begin(struct work *work)
{
    if (work->runtime->commands[work->what])
        command_begin(work);
    else
        query_begin(work);
}

struct request intake_facts(const struct work *work, int64_t now_ms)
{
    const struct runtime *runtime = work->runtime;
    int32_t zone = (int32_t)runtime->settings->zone_minutes;
    return (struct request){.actor = work->envelope.actor,
        .office = work->office,
        .now_ms = now_ms,
        .wall_ms = clock_wall_ms(),
        .today = day_of_moment(now_ms, zone),
        .zone = zone,
        .demo = runtime->settings->demo == 1,
        .origin = text_of(runtime->settings->origin),
        .roster = runtime->roster,
        .calendar = runtime->calendar};
}

enum err intake_request(struct work *work, struct request *ret_request)
{
    struct runtime *runtime = work->runtime;
    const struct bus_message *message = work->message;
    const struct record *carries = message_row(work->what)->carries();
    faults_clear(&runtime->why);
    enum err err =
        pack_read(carries, message->frames[1], PACK_REFUSE, runtime->body, &runtime->why);
    if (err != OK)
        return err;
    *ret_request = intake_facts(work, runtime_now_ms(runtime));
    ret_request->message = work->what;
    ret_request->body = runtime->body;
    ret_request->rows = message->frames + FRAMES_BEFORE_ROWS;
    ret_request->row_count = message->count - FRAMES_BEFORE_ROWS;
    ret_request->expected = work->envelope.expected;
    return OK;
}

bool intake_is_seat(const struct office *office)
{
    return office->role != role_UNSET && office->role != ROLE_PERSON &&
           office->role != ROLE_SETUP && office->role != ROLE_CLOCK;
}

enum err intake_holder(struct work *work)
{
    struct runtime *runtime = work->runtime;
    const struct actor *actor = &work->envelope.actor;
    if (!work->envelope.has_actor || roster_holds(runtime->roster, actor->person, actor->office))
        return OK;
    bool asks = message_row(work->what)->kind == MESSAGE_QUERY;
    if (work->office.role == ROLE_SETUP && asks)
        return OK; /* who has founded it reads the founders' codes; the answerer says until when */
    if (work->office.role == ROLE_SETUP)
        return faults_add(&runtime->why, ERR_FORBIDDEN, "", "the government is founded already");
    if (work->office.role == ROLE_PERSON)
        return faults_add(&runtime->why, ERR_FORBIDDEN, "",
            "there is no person %.*s: sign in as somebody who is registered",
            TEXT_ARG(actor->person));
    return faults_add(&runtime->why, ERR_FORBIDDEN, "",
        "%.*s does not hold %.*s any more: sign in again or name another office",
        TEXT_ARG(actor->person), TEXT_ARG(actor->office));
}

static bool may_begin(const struct work *work)
{
    const struct whole *least = &work->envelope.least;
    if (work->runtime->commands[work->what] && due_pending(work->runtime))
        return false;
    return !least->given || follow_position(work->runtime->follow) >= (uint64_t)least->value;
}

/* Goes on with what had to wait until more was folded. */
void intake_turn(struct runtime *runtime)
{
    for (struct work *work = runtime->lists[WORK_PARKED], *next; work; work = next) {
        next = work->next;
        if (may_begin(work))
            begin(work);
    }
}

void intake(struct runtime *runtime, struct bus_message *message)
{
    struct work *work = work_new(runtime, message);
    faults_clear(&runtime->why);
    if (envelope_read(message, &work->envelope, &work->what, &runtime->why) != OK) {
        work->what = MESSAGE_UNSET;
        refuse_unread(work);
    } else if (message_row(work->what)->service == SERVICE_any)
        status_answer(work);
    else if (check_form(work) != OK || check_sender(work) != OK || check_ready(work) != OK)
        work_refuse(work);
    else if (may_begin(work))
        begin(work);
    else
        work_list(work, WORK_PARKED);
}
