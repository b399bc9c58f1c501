/* Everything that crosses a call is copied to memory of exactly its size, so that a sanitizer sees
 * whoever reads beyond it or keeps what was only lent. */
#include "targets/world.h"

#include "base/clock.h"
#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>

#define PACKED_MAX   (1u << 20)
#define ZONE_MINUTES 300

void world_open(struct world *world, const struct service *service)
{
    *world = (struct world){.service = service, .now_ms = WORLD_BEGINS};
    world->state = service->state_new();
    world->calendar = calendar_new();
    world->roster = roster_new();
    world->decision = decision_new();
    world->reply = reply_open();
}

static struct text own(struct text text)
{
    char *copy = malloc(text.len ? text.len : 1);
    must(copy);
    memcpy(copy, text.at, text.len);
    return (struct text){copy, text.len};
}

static void disown(struct text text)
{
    free((void *)(uintptr_t)text.at);
}

void world_close(struct world *world)
{
    world->service->state_free(world->state);
    calendar_free(world->calendar);
    roster_free(world->roster);
    decision_free(world->decision);
    reply_close(world->reply);
    scope_free(&world->scope);
    for (size_t i = 0; i < world->subject_count; i++)
        disown(world->subjects[i].id);
    for (size_t i = 0; i < world->log_count; i++) {
        disown(world->log[i].subject);
        disown(world->log[i].about);
        disown(world->log[i].data);
        disown(world->log[i].office);
    }
    free(world->log);
}

static uint64_t next_version(struct world *world, struct text subject)
{
    for (size_t i = 0; i < world->subject_count; i++)
        if (text_equal(world->subjects[i].id, subject))
            return ++world->subjects[i].version;
    must(world->subject_count < WORLD_SUBJECTS);
    world->subjects[world->subject_count].id = own(subject);
    return world->subjects[world->subject_count++].version = 1;
}

/* calendar: NULL when the state is folded again. */
static const char *fold(const struct service *service, void *state, struct calendar *calendar,
    const struct past *past, uint64_t position)
{
    const struct record *record = message_row(past->message)->carries();
    struct faults why = {0};
    struct text data = own(past->data);
    void *value = malloc(record->size);
    must(value);
    must(pack_read_trusted(record, data, value, &why) == OK);
    struct happened happened = {.message = past->message,
        .position = position,
        .version = past->version,
        .at_ms = past->at_ms,
        .subject = past->subject,
        .about = past->about,
        .actor = {TEXT_LITERAL("a.khan"), past->office},
        .data = data,
        .record = value,
        .entry = data}; /* nobody here looks at the whole */
    const char *complaint = calendar ? calendar_apply(calendar, &happened) : NULL;
    if (!complaint)
        complaint = service->apply(state, &happened);
    free(value);
    disown(data);
    return complaint;
}

static const char *keep(struct world *world, enum message event, struct text subject,
    struct text about, struct text data)
{
    if (world->log_count == world->log_room) {
        world->log_room = world->log_room ? 2 * world->log_room : 64;
        world->log = realloc(world->log, world->log_room * sizeof *world->log);
        must(world->log);
    }
    uint64_t version = next_version(world, subject);
    world->log[world->log_count] = (struct past){event, own(subject), own(about), own(data),
        own(text_of(world->office ? world->office : "focal.PWR")), version, world->now_ms};
    world->log_count++;
    return fold(world->service, world->state, world->calendar, &world->log[world->log_count - 1],
        world->log_count);
}

static void must_fold(const struct world *world, const char *complaint)
{
    if (complaint)
        (void)fprintf(stderr, "position %zu: %s\n", world->log_count, complaint);
    must(!complaint);
}

static void commit(struct world *world)
{
    must(!decision_complaint(world->decision) && decision_count(world->decision) > 0);
    for (size_t i = 0; i < decision_count(world->decision); i++) {
        struct decided decided = decision_event(world->decision, i);
        must_fold(world, keep(world, decided.event, decided.subject, decided.about, decided.data));
    }
}

const char *world_try(struct world *world, enum message event, const char *subject,
    const char *about, const void *record)
{
    BUF_CLEANUP struct buf packed = BUF(PACKED_MAX);
    pack_write(message_row(event)->carries(), record, &packed);
    must(!packed.full);
    return keep(world, event, text_of(subject), text_of(about), buf_as_text(&packed));
}

void world_happen(struct world *world, enum message event, const char *subject, const char *about,
    const void *record)
{
    must_fold(world, world_try(world, event, subject, about, record));
}

/* A body as it comes over the bus. */
struct carried {
    struct text packed;
    void *value;
};

static struct carried carry(struct world *world, const struct record *record, const void *body)
{
    BUF_CLEANUP struct buf packed = BUF(PACKED_MAX);
    pack_write(record, body, &packed);
    must(!packed.full);
    struct carried carried = {own(buf_as_text(&packed)), malloc(record->size)};
    must(carried.value);
    if (pack_read(record, carried.packed, PACK_REFUSE, carried.value, &world->why) != OK)
        must(world->why.total);
    return carried;
}

static void drop(struct carried carried)
{
    disown(carried.packed);
    free(carried.value);
}

enum err world_do_rows(struct world *world, const char *office, enum message command,
    const void *body, uint64_t expected, struct world_rows rows)
{
    faults_clear(&world->why);
    decision_clear(world->decision);
    struct carried carried = carry(world, message_row(command)->carries(), body);
    struct request request = {.message = command,
        .actor = {text_of("a.khan"), text_of(office)},
        .office = office_read(text_of(office)),
        .body = carried.value,
        .rows = rows.packed,
        .row_count = rows.count,
        .expected = {(int64_t)expected, expected > 0},
        .now_ms = world->now_ms,
        .wall_ms = world->now_ms - calendar_ahead_ms(world->calendar),
        .today = day_of_moment(world->now_ms, ZONE_MINUTES),
        .zone = ZONE_MINUTES,
        .demo = world->demo,
        .roster = world->roster,
        .calendar = world->calendar};
    enum err err = faults_err(&world->why);
    if (err == OK && !message_allowed(command, request.office.role))
        err = faults_add(&world->why, ERR_FORBIDDEN, "", "this office may not");
    for (size_t i = 0; err == OK && i < world->service->command_count; i++)
        if (world->service->commands[i].message == command) {
            err = world->service->commands[i].decide(
                world->state, &request, world->decision, &world->why);
            must((err == OK) == (world->why.total == 0));
            world->office = office;
            if (err == OK)
                commit(world);
            world->office = NULL;
        }
    drop(carried);
    return err;
}

size_t world_due(struct world *world)
{
    BUF_CLEANUP struct buf key = BUF(512);
    struct request request = {.actor = {TEXT_LITERAL("clock"), TEXT_LITERAL("clock")},
        .office = {.role = ROLE_CLOCK},
        .now_ms = world->now_ms,
        .today = day_of_moment(world->now_ms, ZONE_MINUTES),
        .zone = ZONE_MINUTES,
        .calendar = world->calendar};
    faults_clear(&world->why);
    decision_clear(world->decision);
    must(world->service->due->decide(world->state, &request, world->decision, &key, &world->why) ==
         OK);
    size_t count = decision_count(world->decision);
    must(!key.full && (count == 0 || key.len > 0));
    if (count)
        commit(world);
    return count;
}

enum err world_do(struct world *world, const char *office, enum message command, const void *body,
    uint64_t expected)
{
    return world_do_rows(world, office, command, body, expected, (struct world_rows){0});
}

static enum err question(
    struct world *world, const char *office, enum message query, const void *body, bool past)
{
    faults_clear(&world->why);
    reply_empty(world->reply);
    scope_free(&world->scope);
    struct carried carried = carry(world, message_row(query)->carries(), body);
    struct request request = {.message = query,
        .office = office_read(text_of(office)),
        .body = carried.value,
        .now_ms = world->now_ms,
        .wall_ms = world->now_ms - calendar_ahead_ms(world->calendar),
        .today = day_of_moment(world->now_ms, ZONE_MINUTES),
        .zone = ZONE_MINUTES,
        .demo = world->demo,
        .calendar = world->calendar};
    enum err err = faults_err(&world->why);
    for (size_t i = 0; err == OK && i < world->service->query_count; i++) {
        const struct service_query *row = &world->service->queries[i];
        if (row->message != query)
            continue;
        err = past ? row->scope(world->state, &request, &world->scope, &world->why)
                   : row->answer(world->state, &request, world->reply, &world->why);
        must((err == OK) == (world->why.total == 0));
    }
    drop(carried);
    return err;
}

enum err world_ask(struct world *world, const char *office, enum message query, const void *body)
{
    return question(world, office, query, body, false);
}

enum err world_scope(struct world *world, const char *office, enum message query, const void *body)
{
    return question(world, office, query, body, true);
}

void world_read(struct world *world, size_t frame, const struct record *record, void *ret)
{
    struct faults why = {0};
    must(pack_read(record, reply_frame_at(world->reply, frame), PACK_REFUSE, ret, &why) == OK);
}

struct answer world_head(const struct world *world)
{
    struct answer answer = {0};
    reply_head(world->reply, &answer);
    return answer;
}

static bool in_scope(const struct scope *scope, const struct past *past)
{
    for (size_t i = 0; i < scope->count; i++)
        if (text_equal(scope->named[i].about ? past->about : past->subject,
                (struct text){scope->named[i].id, scope->named[i].len}))
            return true;
    return false;
}

void *world_fold_again(const struct world *world, const struct scope *only)
{
    void *state = world->service->state_new();
    for (size_t i = 0; i < world->log_count; i++)
        if (!only || in_scope(only, &world->log[i]))
            must_fold(world, fold(world->service, state, NULL, &world->log[i], i + 1));
    return state;
}

bool world_faults(const struct world *world, const char *member)
{
    for (uint32_t i = 0; i < faults_kept(&world->why); i++)
        if (strcmp(world->why.kept[i].member, member) == 0)
            return true;
    return false;
}

void world_digest(const struct world *world, const void *state, struct buf *out)
{
    world->service->digest(state, out);
    must(!out->full);
}

void world_print(const struct world *world)
{
    for (uint32_t i = 0; i < faults_kept(&world->why); i++)
        (void)fprintf(stderr, "%s %s: %s\n", err_word(world->why.kept[i].err),
            world->why.kept[i].member, world->why.kept[i].detail);
}
