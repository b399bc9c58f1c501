/* Everything that crosses a call is copied to memory of exactly its size, so that a sanitizer sees
 * whoever reads beyond it or keeps what was only lent. */
#include "offices/house.h"

#include "base/clock.h"
#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>

#define PACKED_MAX (1u << 20)

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

/* ---- opening ---- */
void house_open_empty_with(struct house *house, const struct service *service)
{
    *house = (struct house){.service = service, .now_ms = HOUSE_START_MS};
    house->state = house->service->state_new();
    house->roster = roster_new();
    house->decision = decision_new();
    house->reply = reply_open();
}

void house_open_with(struct house *house, const struct service *service)
{
    house_open_empty_with(house, service);
    struct government_found found = {.first = {TEXT_LITERAL(HOUSE_FIRST), TEXT_LITERAL("One"), {0}},
        .second = {TEXT_LITERAL(HOUSE_SECOND), TEXT_LITERAL("Two"), {0}},
        .has_first = true,
        .has_second = true};
    must(house_do(house, "operator@setup", MESSAGE_government_found, &found, 0) == OK);
    struct body body = {.id = TEXT_LITERAL("PWR"),
        .name = TEXT_LITERAL("Power"),
        .kind = TEXT_LITERAL("division"),
        .valid_from = 20200101};
    house_feed(house, MESSAGE_body_registered, "PWR", "PWR", &body);
    body.id = TEXT_LITERAL("EDU");
    house_feed(house, MESSAGE_body_registered, "EDU", "EDU", &body);
}

void house_close(struct house *house)
{
    house->service->state_free(house->state);
    roster_free(house->roster);
    decision_free(house->decision);
    reply_close(house->reply);
    scope_free(&house->scope);
    for (size_t i = 0; i < house->subject_count; i++)
        disown(house->subjects[i].id);
    for (size_t i = 0; i < house->log_count; i++) {
        disown(house->log[i].subject);
        disown(house->log[i].about);
        disown(house->log[i].data);
    }
    free(house->log);
}

/* ---- folding ---- */
static uint64_t next_version(struct house *house, struct text subject)
{
    for (size_t i = 0; i < house->subject_count; i++)
        if (text_equal(house->subjects[i].id, subject))
            return ++house->subjects[i].version;
    must(house->subject_count < HOUSE_SUBJECTS);
    house->subjects[house->subject_count].id = own(subject);
    return house->subjects[house->subject_count++].version = 1;
}

uint64_t house_version(const struct house *house, const char *subject)
{
    for (size_t i = 0; i < house->subject_count; i++)
        if (text_is(house->subjects[i].id, subject))
            return house->subjects[i].version;
    return 0;
}

static void fold(const struct house *house, void *state, struct roster *roster,
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
        .actor = {text_of(past->person), text_of(past->office)},
        .data = data,
        .record = value};
    const char *complaint = house->service->apply(state, &happened);
    if (!complaint && roster)
        complaint = roster_apply(roster, &happened);
    if (complaint)
        (void)fprintf(stderr, "position %lu: %s\n", position, complaint);
    must(!complaint);
    free(value);
    disown(data);
}

static void log_add(struct house *house, struct past past)
{
    if (house->log_count == house->log_room) {
        house->log_room = house->log_room ? 2 * house->log_room : 64;
        house->log = realloc(house->log, house->log_room * sizeof *house->log);
        must(house->log);
    }
    past.at_ms = house->now_ms;
    past.version = next_version(house, past.subject);
    house->log[house->log_count++] = past;
    fold(house, house->state, house->roster, &house->log[house->log_count - 1], house->log_count);
}

void house_feed(struct house *house, enum message event, const char *subject, const char *about,
    const void *record)
{
    BUF_CLEANUP struct buf packed = BUF(PACKED_MAX);
    pack_write(message_row(event)->carries(), record, &packed);
    must(!packed.full);
    log_add(house, (struct past){.message = event,
                       .subject = own(text_of(subject)),
                       .about = own(text_of(about)),
                       .data = own(buf_as_text(&packed)),
                       .person = "some.body",
                       .office = "secretariat"});
}

/* Bodies of requests go through the codec and the rules of their record first. */
struct carried {
    struct text packed;
    void *value;
};

static struct carried carry(struct house *house, const struct record *record, const void *body)
{
    BUF_CLEANUP struct buf packed = BUF(PACKED_MAX);
    pack_write(record, body, &packed);
    must(!packed.full);
    struct carried carried = {own(buf_as_text(&packed)), malloc(record->size)};
    must(carried.value);
    if (pack_read(record, carried.packed, PACK_REFUSE, carried.value, &house->why) != OK)
        must(house->why.total);
    return carried;
}

static void drop(struct carried carried)
{
    disown(carried.packed);
    free(carried.value);
}

/* Who acts, as the runtime would let pass. */
static enum err begin(struct house *house, const char *actor, enum message message,
    const struct carried *carried, struct request *ret_request)
{
    struct text office, person = text_cut(text_of(actor), '@', &office);
    *ret_request = (struct request){.message = message,
        .actor = {person, office},
        .office = office_read(office),
        .body = carried->value,
        .now_ms = house->now_ms,
        .wall_ms = house->now_ms - house->ahead_ms,
        .today = day_of_moment(house->now_ms, 300),
        .zone = 300,
        .origin = TEXT_LITERAL("misaq/PK"),
        .roster = house->roster};
    if (!person.len)
        ret_request->actor = (struct actor){0};
    enum err err = faults_err(&house->why);
    if (err == OK && !message_allowed(message, ret_request->office.role))
        err = faults_add(&house->why, ERR_FORBIDDEN, "", "this role may not");
    bool checked = person.len && ret_request->office.role != ROLE_SETUP;
    if (err == OK && checked && !roster_holds(house->roster, person, office))
        err = faults_add(&house->why, ERR_FORBIDDEN, "", "does not hold it");
    return err;
}

static void commit(struct house *house, const struct request *request)
{
    must(!decision_complaint(house->decision) && decision_count(house->decision) > 0);
    struct text thing = decision_thing(house->decision);
    (void)snprintf(house->thing, sizeof house->thing, "%.*s", TEXT_ARG(thing));
    for (size_t i = 0; i < decision_count(house->decision); i++) {
        struct decided decided = decision_event(house->decision, i);
        struct past past = {.message = decided.event,
            .subject = own(decided.subject),
            .about = own(decided.about),
            .data = own(decided.data)};
        (void)snprintf(past.person, sizeof past.person, "%.*s", TEXT_ARG(request->actor.person));
        (void)snprintf(past.office, sizeof past.office, "%.*s", TEXT_ARG(request->actor.office));
        log_add(house, past);
    }
}

enum err house_do(struct house *house, const char *actor, enum message command, const void *body,
    uint64_t expected)
{
    struct request request;
    faults_clear(&house->why);
    decision_clear(house->decision);
    struct carried carried = carry(house, message_row(command)->carries(), body);
    enum err err = begin(house, actor, command, &carried, &request);
    request.expected = (struct whole){(int64_t)expected, expected > 0};
    for (size_t i = 0; err == OK && i < house->service->command_count; i++)
        if (house->service->commands[i].message == command) {
            err = house->service->commands[i].decide(
                house->state, &request, house->decision, &house->why);
            must((err == OK) == (house->why.total == 0));
            if (err == OK)
                commit(house, &request);
        }
    drop(carried);
    return err;
}

static enum err question(
    struct house *house, const char *actor, enum message query, const void *body, bool past)
{
    struct request request;
    faults_clear(&house->why);
    reply_empty(house->reply);
    scope_free(&house->scope);
    struct carried carried = carry(house, message_row(query)->carries(), body);
    enum err err = begin(house, actor, query, &carried, &request);
    for (size_t i = 0; err == OK && i < house->service->query_count; i++) {
        const struct service_query *row = &house->service->queries[i];
        if (row->message != query)
            continue;
        err = past ? row->scope(house->state, &request, &house->scope, &house->why)
                   : row->answer(house->state, &request, house->reply, &house->why);
        must((err == OK) == (house->why.total == 0));
    }
    drop(carried);
    return err;
}

enum err house_ask(struct house *house, const char *actor, enum message query, const void *body)
{
    return question(house, actor, query, body, false);
}

enum err house_scope(struct house *house, const char *actor, enum message query, const void *body)
{
    return question(house, actor, query, body, true);
}

enum err house_errand(
    struct house *house, void *tools, const char *actor, enum message errand, const void *body)
{
    struct request request;
    BUF_CLEANUP struct buf order = BUF(1u << 16);
    faults_clear(&house->why);
    reply_empty(house->reply);
    struct carried carried = carry(house, message_row(errand)->carries(), body);
    enum err err = begin(house, actor, errand, &carried, &request);
    for (size_t i = 0; err == OK && i < house->service->errand_count; i++) {
        const struct service_errand *row = &house->service->errands[i];
        if (row->message != errand)
            continue;
        err = row->order(house->state, &request, &order, &house->why);
        struct text alone = own(buf_as_text(&order));
        if (err == OK)
            err = row->run(tools, alone, house->reply, &house->why);
        disown(alone);
        must((err == OK) == (house->why.total == 0));
    }
    drop(carried);
    return err;
}

/* ---- the two administrators ---- */
void house_register(struct house *house, const char *person)
{
    struct person record = {.id = text_of(person), .name = text_of(person)};
    must(
        house_do(house, HOUSE_FIRST "@administrator.1", MESSAGE_person_register, &record, 0) == OK);
}

void house_create(struct house *house, const char *office)
{
    struct office_new record = {text_of(office), text_of(office)};
    must(house_do(house, HOUSE_FIRST "@administrator.1", MESSAGE_office_create, &record, 0) == OK);
}

void house_post(struct house *house, const char *office, const char *person)
{
    struct posting_propose proposal = {.office = text_of(office), .person = text_of(person)};
    must(house_do(house, HOUSE_FIRST "@administrator.1", MESSAGE_posting_propose, &proposal, 0) ==
         OK);
    char id[ID_MAX + 1];
    memcpy(id, house->thing, sizeof id);
    struct posting_one one = {.posting = text_of(id)};
    must(house_do(house, HOUSE_SECOND "@administrator.2", MESSAGE_posting_confirm, &one, 0) == OK);
}

/* ---- looking ---- */
size_t house_frames(const struct house *house)
{
    return reply_count(house->reply);
}

void house_read(struct house *house, size_t frame, const struct record *record, void *ret)
{
    struct faults why = {0};
    must(pack_read(record, reply_frame_at(house->reply, frame), PACK_REFUSE, ret, &why) == OK);
}

static bool in_scope(const struct scope *scope, const struct past *past)
{
    for (size_t i = 0; i < scope->count; i++)
        if (text_equal(scope->named[i].about ? past->about : past->subject,
                (struct text){scope->named[i].id, scope->named[i].len}))
            return true;
    return false;
}

void *house_fold_again(const struct house *house, const struct scope *only, uint64_t until)
{
    void *state = house->service->state_new();
    for (size_t i = 0; i < house->log_count && i < until; i++)
        if (!only || in_scope(only, &house->log[i]))
            fold(house, state, NULL, &house->log[i], i + 1);
    return state;
}

void house_digest(const struct house *house, const void *state, struct buf *out)
{
    house->service->digest(state, out);
    must(!out->full);
}

bool house_faults(const struct house *house, const char *member, const char *words)
{
    for (uint32_t i = 0; i < faults_kept(&house->why); i++)
        if (strcmp(house->why.kept[i].member, member) == 0 &&
            strstr(house->why.kept[i].detail, words))
            return true;
    return false;
}

void house_print(const struct house *house)
{
    for (uint32_t i = 0; i < faults_kept(&house->why); i++)
        (void)fprintf(stderr, "%s %s: %s\n", err_word(house->why.kept[i].err),
            house->why.kept[i].member, house->why.kept[i].detail);
}
