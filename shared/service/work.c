/* A request from its arrival to its one answer. Work objects and their buffers are used again, so
 * that a request in the steady state allocates nothing here. */
#include "service/runtime.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"

#include <stdlib.h>
#include <utlist.h>

#define PACKED_MAX     (80u * 1024u * 1024u)
#define KEEP_ROOM      (64u * 1024u) /* larger buffers are given back */
#define IDLE_MAX       1024
#define SLOW_US        1000000
#define WITHIN_MS      5000 /* for askers who do not say how long they wait */
#define TRACE_ID_AT    3
#define TRACE_ID_LEN   32
#define FRAMES_OF_HEAD 1

struct work *work_new(struct runtime *runtime, struct bus_message *message)
{
    struct work *work = runtime->idle;
    if (work) {
        runtime->idle = work->next;
        runtime->idle_count--;
        work->next = NULL;
    } else {
        work = calloc(1, sizeof *work);
        must(work);
        work->packed = BUF(PACKED_MAX);
    }
    work->runtime = runtime;
    work->message = message;
    work->what = MESSAGE_UNSET;
    work->came_us = runtime->now_us;
    work->envelope = (struct envelope){0};
    work->office = (struct office){0};
    work->due_us = UINT64_MAX;
    work->wants_newer = false;
    work->conflicts = 0;
    work->receipt = (struct receipt){0};
    runtime->in_hand++;
    return work;
}

void work_list(struct work *work, enum work_list list)
{
    struct runtime *runtime = work->runtime;
    if (work->listed && work->list == list)
        return;
    if (work->listed)
        DL_DELETE(runtime->lists[work->list], work);
    else { /* from here on it waits: for how long? */
        const struct whole *within = &work->envelope.within_ms;
        uint64_t wait_ms = within->given ? (uint64_t)within->value : WITHIN_MS;
        work->due_us = work->came_us + wait_ms * 1000;
    }
    DL_APPEND(runtime->lists[list], work);
    work->list = list;
    work->listed = true;
    if (work->message && work->due_us < runtime->next_due_us)
        runtime->next_due_us = work->due_us;
}

static void work_destroy(struct work *work)
{
    buf_free(&work->packed);
    free(work->pieces);
    free(work->holds);
    past_free(work->past);
    bus_message_free(work->message);
    free(work);
}

void work_end(struct work *work)
{
    struct runtime *runtime = work->runtime;
    if (work->message || work->calls || work->hold_count)
        return;
    if (work->listed)
        DL_DELETE(runtime->lists[work->list], work);
    work->listed = false;
    past_free(work->past);
    work->past = NULL;
    work->piece_count = 0;
    runtime->in_hand--;
    due_ended(work);
    if (runtime->idle_count >= IDLE_MAX) {
        work_destroy(work);
        return;
    }
    if (work->packed.room > KEEP_ROOM)
        buf_free(&work->packed);
    buf_clear(&work->packed);
    work->next = runtime->idle;
    runtime->idle = work;
    runtime->idle_count++;
}

static void destroy_all(struct work *first)
{
    for (struct work *work = first, *next; work; work = next) {
        next = work->next;
        work_destroy(work);
    }
}

void work_free_all(struct runtime *runtime)
{
    for (int list = 0; list < WORK_LISTS; list++)
        destroy_all(runtime->lists[list]);
    destroy_all(runtime->idle);
}

void work_piece(struct work *work, enum message event)
{
    if (work->piece_count == work->piece_room) {
        work->piece_room = work->piece_room ? work->piece_room * 2 : 8;
        work->pieces = realloc(work->pieces, work->piece_room * sizeof *work->pieces);
        must(work->pieces);
    }
    work->pieces[work->piece_count++] = (struct piece){work->packed.len, event};
}

struct text work_piece_at(const struct work *work, size_t index)
{
    must(index < work->piece_count);
    size_t from = index ? work->pieces[index - 1].end : 0;
    return (struct text){work->packed.at + from, work->pieces[index].end - from};
}

static void log_answer(const struct work *work, enum err status, uint64_t took_us)
{
    bool slow = took_us >= SLOW_US;
    bool command = work->what && message_row(work->what)->kind == MESSAGE_COMMAND;
    if (!slow && (status == OK || !command) && !log_wants(LOG_DEBUG))
        return;
    const struct text trace = work->envelope.traceparent;
    log_begin(slow                      ? LOG_WARN
              : status != OK && command ? LOG_INFO
                                        : LOG_DEBUG,
        status != OK ? "refused"
        : slow       ? "slow"
                     : "answered");
    log_text("message", work->envelope.message);
    log_str("status", err_word(status));
    if (status != OK) {
        log_str("member", work->first.member);
        log_str("detail", work->first.detail);
    }
    log_text("office", work->envelope.actor.office);
    if (trace.len >= TRACE_ID_AT + TRACE_ID_LEN)
        log_text("trace", (struct text){trace.at + TRACE_ID_AT, TRACE_ID_LEN});
    log_whole("microseconds", (int64_t)took_us);
    log_end();
}

/* Sends the answer: `head` and the frames behind it. A peer that is gone or full does not get it;
 * it asks again under the same key. */
static void send_answer(
    struct work *work, struct answer *head, enum err status, struct text *frames, size_t count)
{
    struct runtime *runtime = work->runtime;
    must(work->message);
    head->id = work->envelope.id;
    head->status = text_of(err_word(status));
    buf_clear(&runtime->head);
    pack_write(answer_record(), head, &runtime->head);
    must(!runtime->head.full);
    frames[0] = buf_as_text(&runtime->head);
    if (!bus_send(runtime->server, work->message->peer, frames, count))
        log_line(LOG_DEBUG, "the asker is gone", NULL, NULL);
    uint64_t took_us = clock_mono_us() - work->came_us;
    struct counter *counter = &runtime->counters[work->what];
    counter->calls++;
    counter->refusals += status != OK;
    counter->microseconds += took_us;
    log_answer(work, status, took_us);
    bus_message_free(work->message);
    work->message = NULL;
    work->envelope = (struct envelope){0};
}

void work_keep_refusal(struct work *work)
{
    size_t ends[FAULTS_KEPT];
    must(work->calls == 0 && work->runtime->why.total > 0);
    buf_clear(&work->packed);
    work->piece_count = 0;
    work->first = work->runtime->why.kept[0];
    size_t count = envelope_write_faults(&work->runtime->why, &work->packed, ends);
    for (size_t i = 0; i < count; i++) {
        work_piece(work, MESSAGE_UNSET);
        work->pieces[i].end = ends[i];
    }
}

static void send_refusal(struct work *work, struct text *frames, size_t faults)
{
    struct answer head = {.position = {(int64_t)follow_position(work->runtime->follow), true}};
    send_answer(work, &head, work->first.err, frames, FRAMES_OF_HEAD + faults);
    work_end(work);
}

void work_send_refusal(struct work *work)
{
    struct text frames[FRAMES_OF_HEAD + FAULTS_KEPT];
    for (size_t i = 0; i < work->piece_count; i++)
        frames[FRAMES_OF_HEAD + i] = work_piece_at(work, i);
    send_refusal(work, frames, work->piece_count);
}

/* What work->packed holds may be under way: it is not touched. */
void work_refuse(struct work *work)
{
    struct text frames[FRAMES_OF_HEAD + FAULTS_KEPT];
    size_t ends[FAULTS_KEPT];
    struct buf *out = &work->runtime->refusal;
    must(work->runtime->why.total > 0);
    buf_clear(out);
    work->first = work->runtime->why.kept[0];
    size_t count = envelope_write_faults(&work->runtime->why, out, ends);
    for (size_t i = 0; i < count; i++) {
        size_t from = i ? ends[i - 1] : 0;
        frames[FRAMES_OF_HEAD + i] = (struct text){out->at + from, ends[i] - from};
    }
    send_refusal(work, frames, count);
}

void work_fail(struct work *work, enum err err, const char *member, const char *detail, ...)
{
    va_list args;
    va_start(args, detail);
    faults_clear(&work->runtime->why);
    faults_addv(&work->runtime->why, err, member, detail, args);
    va_end(args);
    work_refuse(work);
}

void work_reply(struct work *work, const struct reply *reply, uint64_t position)
{
    if (!reply_fits(reply)) {
        work_fail(work, ERR_TOO_LARGE, "", "the answer is over 8 MiB: ask for a smaller page");
        return;
    }
    struct text frames[BUS_FRAMES_MAX];
    struct answer head = {.position = {(int64_t)position, true}};
    reply_head(reply, &head);
    size_t count = reply_count(reply);
    for (size_t i = 0; i < count; i++)
        frames[FRAMES_OF_HEAD + i] = reply_frame_at(reply, i);
    send_answer(work, &head, OK, frames, FRAMES_OF_HEAD + count);
    work_end(work);
}

void work_receipt(struct work *work)
{
    struct runtime *runtime = work->runtime;
    struct text frames[FRAMES_OF_HEAD + 1];
    struct answer head = {.version = work->receipt.version, .position = work->receipt.position};
    buf_clear(&runtime->key);
    pack_write(receipt_record(), &work->receipt, &runtime->key);
    frames[FRAMES_OF_HEAD] = buf_as_text(&runtime->key);
    send_answer(work, &head, OK, frames, FRAMES_OF_HEAD + 1);
}

static void sweep(struct runtime *runtime, struct work *work)
{
    if (!work->message)
        return;
    if (work->due_us > runtime->now_us) {
        if (work->due_us < runtime->next_due_us)
            runtime->next_due_us = work->due_us;
        return;
    }
    const char *complaint = runtime_complaint(runtime);
    work_fail(work, ERR_DEADLINE, "", "not done in time%s%s; repeat it with the same key",
        complaint ? ": " : "", complaint ? complaint : "");
}

void work_sweep(struct runtime *runtime)
{
    if (runtime->now_us < runtime->next_due_us)
        return;
    runtime->next_due_us = UINT64_MAX;
    for (int list = 0; list < WORK_LISTS; list++)
        for (struct work *work = runtime->lists[list], *next; work; work = next) {
            next = work->next;
            sweep(runtime, work);
        }
}
