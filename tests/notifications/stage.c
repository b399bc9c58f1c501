/* Everything that crosses a call is copied to memory of exactly its size, so that a sanitizer sees
 * whoever reads beyond it or keeps what was only lent. */
#include "notifications/stage.h"

#include "base/clock.h"
#include "base/must.h"
#include "hours.h"
#include "table.h"

#include <stdio.h>
#include <stdlib.h>

#define PACKED_MAX (1u << 20)
#define DUE_MOST   1000 /* decisions until nothing is due */

static struct text own(struct text text)
{
    char *copy = malloc(text.len ? text.len : 1);
    must(copy);
    if (text.len)
        memcpy(copy, text.at, text.len);
    return (struct text){copy, text.len};
}

static void disown(struct text text)
{
    free((void *)(uintptr_t)text.at);
}

struct stage *stage_new(void)
{
    struct stage *stage = calloc(1, sizeof *stage);
    must(stage);
    stage->service = table_service();
    stage->model = stage->service->state_new();
    stage->calendar = calendar_new();
    stage->decision = decision_new();
    stage->reply = reply_open();
    stage_at(stage, 20210701, 12);
    return stage;
}

void stage_free(struct stage *stage)
{
    stage->service->state_free(stage->model);
    calendar_free(stage->calendar);
    decision_free(stage->decision);
    reply_close(stage->reply);
    for (size_t i = 0; i < stage->log_count; i++) {
        disown(stage->log[i].subject);
        disown(stage->log[i].about);
        disown(stage->log[i].person);
        disown(stage->log[i].office);
        disown(stage->log[i].data);
    }
    free(stage->log);
    free(stage);
}

static void fold(const struct service *service, void *state, struct calendar *calendar,
    const struct stage_told *told, uint64_t position)
{
    const struct record *record = message_row(told->message)->carries();
    struct faults why = {0};
    struct text data = own(told->data);
    void *value = calloc(1, record->size);
    must(value);
    must(pack_read_trusted(record, data, value, &why) == OK);
    struct happened happened = {.message = told->message,
        .position = position,
        .version = position, /* grows, more is not asked of it here */
        .at_ms = told->at_ms,
        .subject = told->subject,
        .about = told->about,
        .actor = {told->person, told->office},
        .data = data,
        .record = value};
    const char *complaint = calendar ? calendar_apply(calendar, &happened) : NULL;
    if (!complaint)
        complaint = service->apply(state, &happened);
    if (complaint)
        (void)fprintf(stderr, "position %lu: %s\n", position, complaint);
    must(!complaint);
    free(value);
    disown(data);
}

static void commit(struct stage *stage, enum message message, struct text subject,
    struct text about, struct text office, struct text data)
{
    if (stage->log_count == stage->log_room) {
        stage->log_room = stage->log_room ? 2 * stage->log_room : 64;
        stage->log = realloc(stage->log, stage->log_room * sizeof *stage->log);
        must(stage->log);
    }
    char person[ID_MAX + 8];
    (void)snprintf(person, sizeof person, "p.%.*s", TEXT_ARG(office));
    struct stage_told *told = &stage->log[stage->log_count++];
    *told = (struct stage_told){message, own(subject), own(about), own(text_of(person)),
        own(office), own(data), stage->now_ms};
    fold(stage->service, stage->model, stage->calendar, told, stage->log_count);
}

void stage_tell(struct stage *stage, const char *office, enum message event, const char *subject,
    const char *about, const void *value)
{
    const struct record *record = message_row(event)->carries();
    void *empty = calloc(1, record->size);
    BUF_CLEANUP struct buf packed = BUF(PACKED_MAX);
    must(empty);
    pack_write(record, value ? value : empty, &packed);
    must(!packed.full);
    commit(stage, event, text_of(subject), text_of(about), text_of(office), buf_as_text(&packed));
    free(empty);
}

static void commit_decided(struct stage *stage, const char *office)
{
    must(!decision_complaint(stage->decision));
    for (size_t i = 0; i < decision_count(stage->decision); i++) {
        struct decided decided = decision_event(stage->decision, i);
        commit(stage, decided.event, decided.subject, decided.about, text_of(office), decided.data);
    }
}

void stage_at(struct stage *stage, int32_t day, int hour)
{
    int64_t at = hours_moment(day, hour, STAGE_ZONE);
    must(at >= stage->now_ms);
    stage->now_ms = at;
}

/* ---- commands, queries and due work ---- */
static struct request request_of(const struct stage *stage, const char *office)
{
    return (struct request){.actor = {TEXT_LITERAL("somebody"), text_of(office)},
        .office = office_read(text_of(office)),
        .now_ms = stage->now_ms,
        .wall_ms = stage->now_ms,
        .today = day_of_moment(stage->now_ms, STAGE_ZONE),
        .zone = STAGE_ZONE,
        .calendar = stage->calendar};
}

/* Packs a body and reads it back as from the public. */
static void *carry(
    struct stage *stage, const struct record *record, const void *body, struct text *ret_packed)
{
    BUF_CLEANUP struct buf packed = BUF(PACKED_MAX);
    void *value = calloc(1, record->size), *empty = calloc(1, record->size);
    must(value && empty);
    pack_write(record, body ? body : empty, &packed);
    *ret_packed = own(buf_as_text(&packed));
    if (pack_read(record, *ret_packed, PACK_REFUSE, value, &stage->why) != OK)
        must(stage->why.total);
    free(empty);
    return value;
}

enum err stage_do(struct stage *stage, const char *office, enum message command, const void *body)
{
    faults_clear(&stage->why);
    decision_clear(stage->decision);
    struct text packed;
    void *value = carry(stage, message_row(command)->carries(), body, &packed);
    struct request request = request_of(stage, office);
    request.message = command;
    request.body = value;
    enum err err = faults_err(&stage->why);
    for (size_t i = 0; err == OK && i < stage->service->command_count; i++)
        if (stage->service->commands[i].message == command)
            err = stage->service->commands[i].decide(
                stage->model, &request, stage->decision, &stage->why);
    must((err == OK) == (stage->why.total == 0));
    if (err == OK)
        commit_decided(stage, office);
    disown(packed);
    free(value);
    return err;
}

enum err stage_ask(struct stage *stage, const char *office, enum message query, const void *body)
{
    faults_clear(&stage->why);
    reply_empty(stage->reply);
    struct text packed;
    void *value = carry(stage, message_row(query)->carries(), body, &packed);
    struct request request = request_of(stage, office);
    request.message = query;
    request.body = value;
    enum err err = faults_err(&stage->why);
    for (size_t i = 0; err == OK && i < stage->service->query_count; i++)
        if (stage->service->queries[i].message == query)
            err = stage->service->queries[i].answer(
                stage->model, &request, stage->reply, &stage->why);
    must((err == OK) == (stage->why.total == 0));
    disown(packed);
    free(value);
    return err;
}

int64_t stage_next(struct stage *stage)
{
    return stage->service->due->next(stage->model, stage->calendar, STAGE_ZONE);
}

size_t stage_due_once(struct stage *stage)
{
    if (stage_next(stage) > stage->now_ms)
        return 0;
    BUF_CLEANUP struct buf key = BUF(4096);
    faults_clear(&stage->why);
    decision_clear(stage->decision);
    struct request request = request_of(stage, "clock");
    must(stage->service->due->decide(stage->model, &request, stage->decision, &key, &stage->why) ==
         OK);
    size_t count = decision_count(stage->decision);
    must((count > 0) == (key.len > 0) && key.len < sizeof stage->key && !key.full);
    if (count)
        (void)snprintf(stage->key, sizeof stage->key, "%.*s", TEXT_ARG(buf_as_text(&key)));
    commit_decided(stage, "clock");
    return count;
}

size_t stage_due(struct stage *stage)
{
    size_t count = 0, rounds = 0;
    while (stage_next(stage) <= stage->now_ms) {
        must(rounds++ < DUE_MOST);
        count += stage_due_once(stage);
    }
    return count;
}

/* ---- what came of it ---- */
void stage_read(struct stage *stage, size_t frame, const struct record *record, void *ret)
{
    struct faults why = {0};
    enum err err = pack_read(record, reply_frame_at(stage->reply, frame), PACK_REFUSE, ret, &why);
    if (err)
        (void)fprintf(stderr, "%s: %s\n", why.kept[0].member, why.kept[0].detail);
    must(err == OK);
}

struct answer stage_head(const struct stage *stage)
{
    struct answer answer = {0};
    reply_head(stage->reply, &answer);
    return answer;
}

void stage_reminders(const struct stage *stage, size_t from, struct buf *out)
{
    struct faults why = {0};
    struct reminder reminder;
    for (size_t i = from; i < stage->log_count; i++) {
        if (stage->log[i].message != MESSAGE_reminder_sent)
            continue;
        must(pack_read_trusted(reminder_record(), stage->log[i].data, &reminder, &why) == OK);
        buf_printf(out, "%.*s %.*s %s %d\n", TEXT_ARG(reminder.office), TEXT_ARG(reminder.about),
            choices_word(urgency_choices(), (int)reminder.urgency), reminder.due);
    }
}

void stage_digests(const struct stage *stage, size_t from, struct buf *out)
{
    struct faults why = {0};
    struct digest_made made;
    for (size_t i = from; i < stage->log_count; i++) {
        if (stage->log[i].message != MESSAGE_digest_made)
            continue;
        must(pack_read_trusted(digest_made_record(), stage->log[i].data, &made, &why) == OK);
        buf_printf(out, "%.*s %ld-%ld %ld %d\n", TEXT_ARG(made.office), made.from.value,
            made.upto.value, made.unread.value, made.on);
    }
}

static struct model *fold_again(const struct stage *stage)
{
    struct model *model = stage->service->state_new();
    for (size_t i = 0; i < stage->log_count; i++)
        fold(stage->service, model, NULL, &stage->log[i], i + 1);
    return model;
}

void stage_restart(struct stage *stage)
{
    stage->service->state_free(stage->model);
    stage->model = fold_again(stage);
}

bool stage_same_again(const struct stage *stage)
{
    BUF_CLEANUP struct buf now = BUF(1 << 24), again = BUF(1 << 24);
    struct model *model = fold_again(stage);
    stage->service->digest(stage->model, &now);
    stage->service->digest(model, &again);
    stage->service->state_free(model);
    bool same = text_equal(buf_as_text(&now), buf_as_text(&again)) && !now.full;
    buf_free(&again);
    return same;
}

bool stage_says(const struct stage *stage, const char *words)
{
    for (uint32_t i = 0; i < faults_kept(&stage->why); i++)
        if (strstr(stage->why.kept[i].detail, words))
            return true;
    return false;
}
