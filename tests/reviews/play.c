/* Everything that crosses a call is copied to memory of exactly its size, so that a sanitizer sees
 * whoever reads beyond it or keeps what was only lent. */
#include "reviews/play.h"

#include "base/clock.h"
#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>

#define PACKED_MAX   (1u << 20)
#define ZONE_MINUTES 300

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

void play_free(struct play *play)
{
    play->service->state_free(play->state);
    roster_free(play->roster);
    calendar_free(play->calendar);
    decision_free(play->decision);
    reply_close(play->reply);
    for (size_t i = 0; i < play->subject_count; i++)
        disown(play->subjects[i].id);
    for (size_t i = 0; i < play->log_count; i++) {
        disown(play->log[i].subject);
        disown(play->log[i].about);
        disown(play->log[i].person);
        disown(play->log[i].office);
        disown(play->log[i].data);
    }
    free(play->log);
    free(play);
}

static uint64_t *version_of(struct play *play, struct text subject)
{
    for (size_t i = 0; i < play->subject_count; i++)
        if (text_equal(play->subjects[i].id, subject))
            return &play->subjects[i].version;
    must(play->subject_count < PLAY_SUBJECTS);
    play->subjects[play->subject_count].id = own(subject);
    play->subjects[play->subject_count].version = 0;
    return &play->subjects[play->subject_count++].version;
}

uint64_t play_version(const struct play *play, const char *subject)
{
    for (size_t i = 0; i < play->subject_count; i++)
        if (text_is(play->subjects[i].id, subject))
            return play->subjects[i].version;
    return 0;
}

static void fold(const struct service *service, void *state, struct play *play,
    const struct told *told, uint64_t position)
{
    const struct record *record = message_row(told->message)->carries();
    struct faults why = {0};
    struct text data = own(told->data);
    void *value = calloc(1, record->size);
    must(value);
    must(pack_read_trusted(record, data, value, &why) == OK);
    struct happened happened = {.message = told->message,
        .position = position,
        .version = told->version,
        .at_ms = told->at_ms,
        .subject = told->subject,
        .about = told->about,
        .actor = {told->person, told->office},
        .data = data,
        .record = value};
    const char *complaint = service->apply(state, &happened);
    if (!complaint && play)
        complaint = roster_apply(play->roster, &happened);
    if (!complaint && play)
        complaint = calendar_apply(play->calendar, &happened);
    if (complaint)
        (void)fprintf(stderr, "position %lu: %s\n", position, complaint);
    must(!complaint);
    free(value);
    disown(data);
}

static void commit(struct play *play, enum message message, struct text subject, struct text about,
    struct actor actor, struct text data)
{
    if (play->log_count == play->log_room) {
        play->log_room = play->log_room ? 2 * play->log_room : 64;
        play->log = realloc(play->log, play->log_room * sizeof *play->log);
        must(play->log);
    }
    struct told *told = &play->log[play->log_count++];
    *told = (struct told){message, own(subject), own(about), own(actor.person), own(actor.office),
        own(data), ++*version_of(play, subject), play->now_ms + (int64_t)play->log_count};
    fold(play->service, play->state, play, told, play->log_count);
}

void play_tell_by(struct play *play, struct actor actor, enum message event, const char *subject,
    const char *about, const void *value)
{
    const struct record *record = message_row(event)->carries();
    void *empty = calloc(1, record->size);
    BUF_CLEANUP struct buf packed = BUF(PACKED_MAX);
    must(empty);
    pack_write(record, value ? value : empty, &packed);
    must(!packed.full);
    commit(play, event, text_of(subject), text_of(about), actor, buf_as_text(&packed));
    free(empty);
}

void play_tell(struct play *play, enum message event, const char *subject, const char *about,
    const void *value)
{
    struct actor actor = {TEXT_LITERAL("a.dmin"), TEXT_LITERAL("administrator.1")};
    play_tell_by(play, actor, event, subject, about, value);
}

struct play *play_new(const struct service *service)
{
    struct play *play = calloc(1, sizeof *play);
    must(play);
    play->service = service;
    play->state = service->state_new();
    play->roster = roster_new();
    play->calendar = calendar_new();
    play->now_ms = 1600000000000;
    play->decision = decision_new();
    play->reply = reply_open();
    return play;
}

/* ---- commands and queries ---- */
struct carried {
    struct text packed;
    void *value;
};

static struct carried carry(struct play *play, const struct record *record, const void *body)
{
    BUF_CLEANUP struct buf packed = BUF(PACKED_MAX);
    pack_write(record, body, &packed);
    must(!packed.full);
    struct carried carried = {own(buf_as_text(&packed)), calloc(1, record->size)};
    must(carried.value);
    if (pack_read(record, carried.packed, PACK_REFUSE, carried.value, &play->why) != OK)
        must(play->why.total);
    return carried;
}

static struct request request_of(struct play *play, const char *person, const char *office,
    enum message message, const struct carried *carried)
{
    must(roster_holds(play->roster, text_of(person), text_of(office)));
    return (struct request){.message = message,
        .actor = {text_of(person), text_of(office)},
        .office = office_read(text_of(office)),
        .body = carried->value,
        .rows = play->rows,
        .row_count = play->row_count,
        .now_ms = play->now_ms,
        .today = day_of_moment(play->now_ms, ZONE_MINUTES),
        .zone = ZONE_MINUTES,
        .calendar = play->calendar,
        .roster = play->roster};
}

static void commit_all(struct play *play, struct actor actor)
{
    for (size_t i = 0; i < decision_count(play->decision); i++) {
        struct decided decided = decision_event(play->decision, i);
        commit(play, decided.event, decided.subject, decided.about, actor, decided.data);
    }
}

size_t play_fall_due(struct play *play)
{
    const struct service_due *due = play->service->due;
    struct actor clock = {TEXT_LITERAL("clock"), TEXT_LITERAL("clock")};
    size_t events = 0;
    while (due->next(play->state, play->calendar, ZONE_MINUTES) <= play->now_ms) {
        BUF_CLEANUP struct buf key = BUF(512);
        struct request request = {.actor = clock,
            .office = {.role = ROLE_CLOCK},
            .now_ms = play->now_ms,
            .today = day_of_moment(play->now_ms, ZONE_MINUTES),
            .zone = ZONE_MINUTES,
            .roster = play->roster,
            .calendar = play->calendar};
        faults_clear(&play->why);
        decision_clear(play->decision);
        must(due->decide(play->state, &request, play->decision, &key, &play->why) == OK);
        must(decision_count(play->decision) > 0 && key.len > 0 && !key.full);
        events += decision_count(play->decision);
        commit_all(play, clock);
    }
    return events;
}

void play_move(struct play *play, int32_t day)
{
    int64_t noon = day_number(day) * INT64_C(86400000) + INT64_C(7) * 3600000; /* UTC+5 */
    must(noon >= play->now_ms);
    while (play->now_ms < noon) {
        play->now_ms =
            noon - play->now_ms > INT64_C(86400000) ? play->now_ms + INT64_C(86400000) : noon;
        (void)play_fall_due(play);
    }
}

enum err play_do(struct play *play, const char *person, const char *office, enum message command,
    const void *body, uint64_t expected)
{
    faults_clear(&play->why);
    decision_clear(play->decision);
    struct carried carried = carry(play, message_row(command)->carries(), body);
    struct request request = request_of(play, person, office, command, &carried);
    request.expected = (struct whole){(int64_t)expected, expected > 0};
    enum err err = faults_err(&play->why);
    if (err == OK && !message_allowed(command, request.office.role))
        err = faults_add(&play->why, ERR_FORBIDDEN, "", "this office may not");
    for (size_t i = 0; err == OK && i < play->service->command_count; i++)
        if (play->service->commands[i].message == command) {
            err = play->service->commands[i].decide(
                play->state, &request, play->decision, &play->why);
            must((err == OK) == (play->why.total == 0));
            if (err == OK)
                commit_all(play, request.actor);
        }
    disown(carried.packed);
    free(carried.value);
    return err;
}

enum err play_ask(
    struct play *play, const char *person, const char *office, enum message query, const void *body)
{
    faults_clear(&play->why);
    reply_empty(play->reply);
    struct carried carried = carry(play, message_row(query)->carries(), body);
    struct request request = request_of(play, person, office, query, &carried);
    enum err err = faults_err(&play->why);
    if (err == OK && !message_allowed(query, request.office.role))
        err = faults_add(&play->why, ERR_FORBIDDEN, "", "this office may not");
    for (size_t i = 0; err == OK && i < play->service->query_count; i++) {
        const struct service_query *row = &play->service->queries[i];
        if (row->message != query)
            continue;
        err = row->answer(play->state, &request, play->reply, &play->why);
        must((err == OK) == (play->why.total == 0));
    }
    disown(carried.packed);
    free(carried.value);
    return err;
}

void play_read(struct play *play, size_t frame, const struct record *record, void *ret)
{
    struct faults why = {0};
    enum err err = pack_read(record, reply_frame_at(play->reply, frame), PACK_REFUSE, ret, &why);
    if (err)
        (void)fprintf(stderr, "%s: %s\n", why.kept[0].member, why.kept[0].detail);
    must(err == OK);
}

struct answer play_head(const struct play *play)
{
    struct answer answer = {0};
    reply_head(play->reply, &answer);
    return answer;
}

bool play_faults(const struct play *play, const char *member)
{
    for (uint32_t i = 0; i < faults_kept(&play->why); i++)
        if (strcmp(play->why.kept[i].member, member) == 0)
            return true;
    return false;
}

bool play_says(const struct play *play, const char *words)
{
    for (uint32_t i = 0; i < faults_kept(&play->why); i++)
        if (strstr(play->why.kept[i].detail, words))
            return true;
    return false;
}

bool play_same_again(const struct play *play)
{
    BUF_CLEANUP struct buf now = BUF(1 << 24), again = BUF(1 << 24);
    void *state = play->service->state_new();
    for (size_t i = 0; i < play->log_count; i++)
        fold(play->service, state, NULL, &play->log[i], i + 1);
    play->service->digest(play->state, &now);
    play->service->digest(state, &again);
    play->service->state_free(state);
    bool same = text_equal(buf_as_text(&now), buf_as_text(&again));
    buf_free(&again);
    return same;
}

void play_print(const struct play *play)
{
    for (uint32_t i = 0; i < faults_kept(&play->why); i++)
        (void)fprintf(stderr, "%s %s: %s\n", err_word(play->why.kept[i].err),
            play->why.kept[i].member, play->why.kept[i].detail);
}
