/* Everything that crosses a call is copied to memory of exactly its size, so that a sanitizer sees
 * whoever reads beyond it or keeps what was only lent. */
#include "signatures/chancery.h"

#include "base/must.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define PACKED_MAX (1u << 22)

struct chancery *chancery_open(const struct service *service)
{
    struct chancery *chancery = calloc(1, sizeof *chancery);
    must(chancery);
    chancery->service = service;
    chancery->state = chancery->service->state_new();
    chancery->roster = roster_new();
    chancery->lives = lives_new();
    chancery->decision = decision_new();
    chancery->reply = reply_open();
    chancery->today = 20210801;
    chancery->now_ms = INT64_C(1627801200000);
    return chancery;
}

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

void chancery_close(struct chancery *chancery)
{
    chancery->service->state_free(chancery->state);
    roster_free(chancery->roster);
    lives_free(chancery->lives);
    decision_free(chancery->decision);
    reply_close(chancery->reply);
    for (size_t i = 0; i < chancery->log_count; i++) {
        struct told *told = &chancery->log[i];
        const struct text all[] = {
            told->subject, told->about, told->person, told->office, told->data};
        for (size_t k = 0; k < sizeof all / sizeof *all; k++)
            disown(all[k]);
    }
    free(chancery->log);
    free(chancery);
}

static uint64_t next_version(struct chancery *chancery, struct text subject)
{
    for (size_t i = 0; i < chancery->subject_count; i++)
        if (text_is(subject, chancery->subjects[i].id))
            return ++chancery->subjects[i].version;
    must(chancery->subject_count < CHANCERY_SUBJECTS && subject.len <= ID_MAX);
    memcpy(chancery->subjects[chancery->subject_count].id, subject.at, subject.len);
    return chancery->subjects[chancery->subject_count++].version = 1;
}

uint64_t chancery_version(const struct chancery *chancery, const char *subject)
{
    for (size_t i = 0; i < chancery->subject_count; i++)
        if (strcmp(subject, chancery->subjects[i].id) == 0)
            return chancery->subjects[i].version;
    return 0;
}

/* Into the state alone, or into what the chancery knows beside it as well. */
static const char *fold(const struct service *service, void *state, struct chancery *beside,
    const struct told *told, uint64_t position)
{
    const struct record *record = message_row(told->message)->carries();
    struct faults why = {0};
    struct text data = own(told->data), entry = own(told->data);
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
        .record = value,
        .entry = entry};
    must(!beside || !roster_apply(beside->roster, &happened));
    must(!beside || !lives_apply(beside->lives, &happened));
    service->entry(state, &happened);
    const char *complaint = service->apply(state, &happened);
    free(value);
    disown(data);
    disown(entry);
    return complaint;
}

static const char *commit(struct chancery *chancery, struct told told)
{
    if (chancery->log_count == chancery->log_room) {
        chancery->log_room = chancery->log_room ? 2 * chancery->log_room : 64;
        chancery->log = realloc(chancery->log, chancery->log_room * sizeof *chancery->log);
        must(chancery->log);
    }
    told.subject = own(told.subject);
    told.about = own(told.about);
    told.person = own(told.person);
    told.office = own(told.office);
    told.data = own(told.data);
    told.version = next_version(chancery, told.subject);
    told.at_ms = chancery->now_ms;
    chancery->log[chancery->log_count++] = told;
    return fold(chancery->service, chancery->state, chancery,
        &chancery->log[chancery->log_count - 1], chancery->log_count);
}

const char *chancery_try(struct chancery *chancery, enum message event, const char *subject,
    const char *about, const void *record)
{
    BUF_CLEANUP struct buf packed = BUF(PACKED_MAX);
    pack_write(message_row(event)->carries(), record, &packed);
    must(!packed.full);
    return commit(chancery, (struct told){.message = event,
                                .subject = text_of(subject),
                                .about = text_of(about),
                                .person = TEXT_LITERAL("teller"),
                                .office = TEXT_LITERAL("administrator.1"),
                                .data = buf_as_text(&packed)});
}

void chancery_tell(struct chancery *chancery, enum message event, const char *subject,
    const char *about, const void *record)
{
    const char *complaint = chancery_try(chancery, event, subject, about, record);
    if (complaint)
        (void)fprintf(stderr, "%s of %s: %s\n", message_row(event)->wire, about, complaint);
    must(!complaint);
}

/* A body as it comes over the bus. */
struct carried {
    struct text packed;
    void *value;
};

static struct carried carry(
    struct chancery *chancery, const struct record *record, const void *body)
{
    BUF_CLEANUP struct buf packed = BUF(PACKED_MAX);
    pack_write(record, body, &packed);
    must(!packed.full);
    struct carried carried = {own(buf_as_text(&packed)), calloc(1, record->size)};
    must(carried.value);
    if (pack_read(record, carried.packed, PACK_REFUSE, carried.value, &chancery->why) != OK)
        must(chancery->why.total);
    return carried;
}

static void drop(struct carried carried)
{
    disown(carried.packed);
    free(carried.value);
}

/* What the runtime says before a service is asked. */
static enum err check_sender(struct chancery *chancery, const struct request *request)
{
    if (!message_allowed(request->message, request->office.role))
        return faults_add(&chancery->why, ERR_FORBIDDEN, "", "this role may not");
    if (request->actor.person.at &&
        !roster_holds(chancery->roster, request->actor.person, request->actor.office))
        return faults_add(&chancery->why, ERR_FORBIDDEN, "", "does not hold the office");
    return OK;
}

static struct request request_of(const struct chancery *chancery, enum message message,
    const char *person, const char *office, const void *body, uint64_t expected)
{
    return (struct request){.message = message,
        .actor = {text_of(person), text_of(office)},
        .office = office_read(text_of(office)),
        .body = body,
        .expected = {(int64_t)expected, expected > 0},
        .now_ms = chancery->now_ms,
        .today = chancery->today,
        .origin = TEXT_LITERAL(CHANCERY_ORIGIN),
        .roster = chancery->roster};
}

enum err chancery_would(struct chancery *chancery, const char *person, const char *office,
    enum message command, const void *body, uint64_t expected)
{
    faults_clear(&chancery->why);
    decision_clear(chancery->decision);
    struct carried carried = carry(chancery, message_row(command)->carries(), body);
    struct request request = request_of(chancery, command, person, office, carried.value, expected);
    enum err err = faults_err(&chancery->why);
    if (err == OK)
        err = check_sender(chancery, &request);
    for (size_t i = 0; err == OK && i < chancery->service->command_count; i++)
        if (chancery->service->commands[i].message == command) {
            err = chancery->service->commands[i].decide(
                chancery->state, &request, chancery->decision, &chancery->why);
            must((err == OK) == (chancery->why.total == 0) && !chancery->why.prefix[0]);
        }
    drop(carried);
    return err;
}

enum err chancery_do(struct chancery *chancery, const char *person, const char *office,
    enum message command, const void *body, uint64_t expected)
{
    enum err err = chancery_would(chancery, person, office, command, body, expected);
    if (err)
        return err;
    must(!decision_complaint(chancery->decision) && decision_count(chancery->decision) > 0);
    for (size_t i = 0; i < decision_count(chancery->decision); i++) {
        struct decided decided = decision_event(chancery->decision, i);
        must(!commit(chancery, (struct told){.message = decided.event,
                                   .subject = decided.subject,
                                   .about = decided.about,
                                   .person = text_of(person),
                                   .office = text_of(office),
                                   .data = decided.data}));
    }
    return OK;
}

enum err chancery_ask(struct chancery *chancery, const char *person, const char *office,
    enum message query, const void *body)
{
    faults_clear(&chancery->why);
    reply_empty(chancery->reply);
    struct carried carried = carry(chancery, message_row(query)->carries(), body);
    struct request request = request_of(chancery, query, person, office, carried.value, 0);
    enum err err = faults_err(&chancery->why);
    if (err == OK)
        err = check_sender(chancery, &request);
    for (size_t i = 0; err == OK && i < chancery->service->query_count; i++)
        if (chancery->service->queries[i].message == query) {
            err = chancery->service->queries[i].answer(
                chancery->state, &request, chancery->reply, &chancery->why);
            must((err == OK) == (chancery->why.total == 0) && reply_fits(chancery->reply));
        }
    drop(carried);
    return err;
}

void chancery_read(struct chancery *chancery, size_t frame, const struct record *record, void *ret)
{
    struct faults why = {0};
    memset(ret, 0, record->size);
    must(pack_read(record, reply_frame_at(chancery->reply, frame), PACK_REFUSE, ret, &why) == OK);
}

void chancery_raw(struct chancery *chancery, struct buf *out)
{
    for (size_t i = 0; i < reply_count(chancery->reply); i++)
        buf_text(out, reply_frame_at(chancery->reply, i));
    must(!out->full);
}

struct answer chancery_head(const struct chancery *chancery)
{
    struct answer answer = {0};
    reply_head(chancery->reply, &answer);
    return answer;
}

bool chancery_says(const struct chancery *chancery, const char *member, const char *words)
{
    for (uint32_t i = 0; i < faults_kept(&chancery->why); i++)
        if ((!member || strcmp(chancery->why.kept[i].member, member) == 0) &&
            strstr(chancery->why.kept[i].detail, words))
            return true;
    return false;
}

void chancery_refused(const struct chancery *chancery, enum err is, enum err expected,
    const char *member, const char *words)
{
    if (is == expected && chancery_says(chancery, member, words))
        return;
    chancery_print(chancery);
    fail_msg("%s instead of %s, \"%s\"", err_word(is), err_word(expected), words);
}

void chancery_done(const struct chancery *chancery, enum err is)
{
    if (is == OK)
        return;
    chancery_print(chancery);
    fail_msg("%s", err_word(is));
}

enum agreement_state chancery_state(const struct chancery *chancery, const char *agreement)
{
    return lives_state(chancery->lives, text_of(agreement));
}

bool chancery_stands(struct text text, const char *words)
{
    return memmem(text.at, text.len, words, strlen(words)) != NULL;
}

void chancery_print(const struct chancery *chancery)
{
    for (uint32_t i = 0; i < faults_kept(&chancery->why); i++)
        (void)fprintf(stderr, "%s %s: %s\n", err_word(chancery->why.kept[i].err),
            chancery->why.kept[i].member, chancery->why.kept[i].detail);
}

void chancery_check_again(const struct chancery *chancery)
{
    BUF_CLEANUP struct buf is = BUF(1u << 24), again = BUF(1u << 24);
    void *state = chancery->service->state_new();
    for (size_t i = 0; i < chancery->log_count; i++)
        must(!fold(chancery->service, state, NULL, &chancery->log[i], i + 1));
    chancery->service->digest(chancery->state, &is);
    chancery->service->digest(state, &again);
    must(!is.full && is.len > 0 && text_equal(buf_as_text(&is), buf_as_text(&again)));
    chancery->service->state_free(state);
}
