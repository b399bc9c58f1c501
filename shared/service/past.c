/* Questions about the past: a history lists events, `at` folds them into a state of its own and
 * asks that. Both read only the events that the scope names, by position, a few pages at a time. */
#include "service/runtime.h"

#include "base/clock.h"
#include "base/must.h"
#include "service/scope.h"

#include <stdio.h>
#include <stdlib.h>

#define GAP_MAX       8   /* events of others that are read along rather than asked around */
#define SPAN_MAX      512 /* events asked for at once */
#define READS_AHEAD   2
#define HISTORY_MAX   (2u * 1024u * 1024u) /* bytes of a page, near enough */
#define LIMIT_PRESET  50
#define POSITION_SIZE 21

struct past {
    uint32_t *positions; /* of the events in question, in order */
    size_t count;
    const struct service *service;
    size_t asked, came; /* how many of them */
    bool over;          /* the rest does not matter */
    void *state;        /* of `at`; NULL for a history */
    uint64_t until;     /* `at`: last position; 0: until_ms counts */
    int64_t until_ms;
    uint64_t folded; /* last position that was folded */
    uint64_t total;  /* of a history: on all pages */
    bool more;       /* of a history: there is another page */
};

void past_free(struct past *past)
{
    if (!past)
        return;
    if (past->state)
        past->service->state_free(past->state);
    free(past->positions);
    free(past);
}

static void refuse(struct work *work, enum err err, const char *member, const char *detail)
{
    work->past->over = true;
    work_fail(work, err, member, "%s", detail);
}

/* ---- what is asked for ---- */
/* A position, or a day: then everything before the day after it begins. */
static const char *read_at(struct work *work, struct past *past)
{
    struct text at = work->envelope.at;
    uint64_t now = follow_position(work->runtime->follow);
    if (text_whole(at, INT64_MAX, &past->until)) {
        if (past->until == 0)
            return "positions begin at 1";
        return past->until <= now ? NULL : "the ledger does not reach that far yet";
    }
    int32_t day = day_from_text(at);
    if (!day)
        return "is neither a position (a whole number) nor a day (2021-07-01)";
    int64_t zone_ms = (int64_t)work->runtime->settings->zone_minutes * 60000;
    past->until_ms = ((int64_t)day_number(day) + 1) * 86400000 - zone_ms;
    past->until = now;
    return NULL;
}

static const void *member(const struct request *request, const char *name)
{
    size_t hint = 0;
    const struct record *record = message_row(request->message)->carries();
    const struct slot *slot = record_find(record, text_of(name), &hint);
    return slot ? (const char *)request->body + slot->offset : NULL;
}

/* Cuts the page out of the positions. */
static const char *cut_page(const struct request *request, struct past *past)
{
    const struct whole *limit = member(request, "limit");
    const struct text *after = member(request, "after");
    uint64_t from = 0;
    if (after && after->at && !text_whole(*after, INT64_MAX, &from))
        return "is not where a page of this history ends: take it from `next`";
    size_t most = limit && limit->given ? (size_t)limit->value : LIMIT_PRESET, first = 0;
    past->total = past->count;
    while (first < past->count && past->positions[first] <= from)
        first++;
    past->count -= first;
    memmove(past->positions, past->positions + first, past->count * sizeof *past->positions);
    past->more = past->count > most;
    if (past->more)
        past->count = most;
    return NULL;
}

/* ---- the answers ---- */
static void answer_history(struct work *work)
{
    struct runtime *runtime = work->runtime;
    const struct past *past = work->past;
    reply_empty(runtime->reply);
    for (size_t i = 0; i < work->piece_count; i++) {
        buf_text(reply_frame(runtime->reply), work_piece_at(work, i));
        reply_end_frame(runtime->reply);
    }
    reply_total(runtime->reply, past->total);
    if (past->more) {
        char next[POSITION_SIZE];
        int len = snprintf(next, sizeof next, "%llu", (unsigned long long)past->folded);
        reply_next(runtime->reply, (struct text){next, (size_t)len});
    }
    work_reply(work, runtime->reply, follow_position(runtime->follow));
}

static void answer_at(struct work *work)
{
    struct runtime *runtime = work->runtime;
    struct past *past = work->past;
    struct request request;
    if (past->folded == 0) {
        refuse(work, ERR_NOT_FOUND, "at", "it did not exist then");
        return;
    }
    enum err err = intake_request(work, &request);
    reply_empty(runtime->reply);
    if (err == OK)
        err = runtime->queries[work->what]->answer(
            past->state, &request, runtime->reply, &runtime->why);
    if (err == OK) {
        reply_subject(runtime->reply, (struct text){0}); /* of then: not kept by readers of now */
        work_reply(work, runtime->reply, past->until);
        return;
    }
    if (runtime->why.total == 0)
        (void)faults_add(&runtime->why, err, "", "%s", err_sentence(err));
    work_refuse(work);
}

/* ---- reading ---- */
static void page_came(
    void *owner, const struct ledger_entry *entries, size_t count, struct text why);

static void read_on(struct work *work)
{
    struct past *past = work->past;
    while (work->calls < READS_AHEAD && past->asked < past->count && !past->over) {
        uint32_t first = past->positions[past->asked], last = first;
        while (++past->asked < past->count) {
            uint32_t next = past->positions[past->asked];
            if (next - last > GAP_MAX || next - first >= SPAN_MAX)
                break;
            last = next;
        }
        work->calls++;
        work_list(work, WORK_UNDER_WAY);
        ledger_read(work->runtime->ledger, first, last, last - first + 1, page_came, work);
    }
}

static const char *list_event(struct work *work, const struct event *event, uint64_t position)
{
    struct event_view view = {.position = {(int64_t)position, true},
        .type = event->type,
        .subject = event->subject,
        .about = event->about,
        .at = event->at,
        .actor = event->actor,
        .has_actor = event->has_actor,
        .cause = event->cause,
        .data = event->data};
    struct past *past = work->past;
    pack_write(event_view_record(), &view, &work->packed);
    work_piece(work, MESSAGE_UNSET);
    past->folded = position;
    if (work->packed.len > HISTORY_MAX && past->came < past->count) {
        past->more = true;
        past->over = true;
    }
    return NULL;
}

static const char *take_event(struct work *work, const struct ledger_entry *entry)
{
    struct runtime *runtime = work->runtime;
    struct past *past = work->past;
    struct event event;
    enum message message;
    past->came++;
    const char *why = folder_read(&runtime->folder, entry->packed, &event, &message);
    if (why || !past->state)
        return why ? why : list_event(work, &event, entry->position);
    if (past->until_ms && event.at.ms >= past->until_ms) {
        past->over = true;
        return NULL;
    }
    past->folded = entry->position;
    if (message == MESSAGE_UNSET)
        return NULL;
    uint64_t version = subjects_version_at(
        runtime->subjects, subjects_find(runtime->subjects, event.subject), entry->position);
    why = folder_complete(&runtime->folder, entry->position, version);
    return why ? why : past->service->apply(past->state, &runtime->folder.happened);
}

static void page_came(
    void *owner, const struct ledger_entry *entries, size_t count, struct text why)
{
    struct work *work = owner;
    struct past *past = work->past;
    work->calls--;
    const char *complaint = entries ? NULL : "the ledger cannot be read";
    for (size_t i = 0; i < count && work->message && !past->over && !complaint; i++)
        if (past->came < past->count && entries[i].position == past->positions[past->came])
            complaint = take_event(work, &entries[i]);
    if (work->message && complaint) {
        char detail[200];
        (void)snprintf(
            detail, sizeof detail, "%s%s%.*s", complaint, why.at ? ": " : "", TEXT_ARG(why));
        refuse(work, ERR_UNAVAILABLE, "", detail);
        return;
    }
    if (!work->message || (past->over && work->calls > 0)) {
        work_end(work);
        return;
    }
    read_on(work);
    if (work->calls > 0)
        return;
    if (past->came < past->count && !past->over) {
        refuse(work, ERR_UNAVAILABLE, "", "the ledger ends before events that were in it");
        return;
    }
    if (past->state)
        answer_at(work);
    else
        answer_history(work);
}

/* Finds the events in question; NULL, or what is wrong with the member in *ret_member. */
static const char *locate(
    struct work *work, const struct request *request, bool history, const char **ret_member)
{
    struct past *past = work->past;
    *ret_member = history ? "after" : "at";
    if (history)
        return cut_page(request, past);
    const char *complaint = read_at(work, past);
    if (complaint)
        return complaint;
    while (past->count && past->positions[past->count - 1] > past->until)
        past->count--;
    past->state = work->runtime->service->state_new();
    must(past->state);
    return NULL;
}

void past_take(struct work *work, const struct request *request)
{
    struct runtime *runtime = work->runtime;
    const struct service_query *query = runtime->queries[work->what];
    bool history = query->answer == NULL;
    struct scope scope = {0};
    if (!query->scope || (history && work->envelope.at.at)) {
        work_fail(work, ERR_INVALID, "at",
            history ? "a history is told whole: page through it with limit and after"
                    : "this question is answered for now only");
        return;
    }
    enum err err = query->scope(runtime->state, request, &scope, &runtime->why);
    if (err != OK) {
        scope_free(&scope);
        if (runtime->why.total == 0)
            (void)faults_add(&runtime->why, err, "", "%s", err_sentence(err));
        work_refuse(work);
        return;
    }
    work->past = calloc(1, sizeof *work->past);
    must(work->past);
    work->past->service = runtime->service;
    work->past->positions = scope_positions(&scope, runtime->subjects, &work->past->count);
    scope_free(&scope);
    const char *wrong, *complaint = NULL;
    if (work->past->count == 0)
        refuse(work, ERR_NOT_FOUND, "", "nothing of that name has a history");
    else if ((complaint = locate(work, request, history, &wrong)))
        refuse(work, ERR_INVALID, wrong, complaint);
    else if (work->past->count == 0 && !history)
        refuse(work, ERR_NOT_FOUND, "at", "it did not exist then");
    else if (work->past->count == 0)
        answer_history(work);
    else
        read_on(work);
}
