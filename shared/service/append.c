/* From a decision to its receipt. A subject is marked busy from the moment its append is queued
 * until its events are folded: decisions on it wait, so that each is made on what lies before it.
 * Only another instance of the service can still come between, which the ledger then refuses. */
#include "service/runtime.h"

#include "base/must.h"
#include "service/cause.h"

#include <sodium.h>
#include <stdlib.h>

#define CONFLICTS_MAX 3

void append_key(struct work *work)
{
    struct buf *key = &work->runtime->key;
    const struct envelope *envelope = &work->envelope;
    buf_clear(key);
    buf_text(key, envelope->actor.person);
    buf_char(key, '/');
    buf_text(key, envelope->actor.office);
    buf_char(key, '/');
    buf_text(key, envelope->key);
}

static void hash_part(crypto_generichash_state *hash, struct text part)
{
    unsigned char len[4]; /* so that no two lists of parts look alike */
    for (int i = 0; i < 4; i++)
        len[i] = (unsigned char)(part.len >> (8 * i));
    crypto_generichash_update(hash, len, sizeof len);
    crypto_generichash_update(hash, (const unsigned char *)part.at, part.len);
}

void append_fingerprint(const struct work *work, unsigned char out[FINGERPRINT_SIZE])
{
    crypto_generichash_state hash;
    const struct whole *expected = &work->envelope.expected;
    crypto_generichash_init(&hash, NULL, 0, FINGERPRINT_SIZE);
    hash_part(&hash, work->message ? work->envelope.message : work->envelope.key);
    hash_part(&hash, expected->given
                         ? (struct text){(const char *)&expected->value, sizeof expected->value}
                         : TEXT_LITERAL(""));
    for (size_t i = 1; work->message && i < work->message->count; i++)
        hash_part(&hash, work->message->frames[i]);
    crypto_generichash_final(&hash, out, FINGERPRINT_SIZE);
}

bool append_read_receipt(struct work *work, const struct ledger_result *result)
{
    struct runtime *runtime = work->runtime;
    struct receipt receipt = {0};
    faults_clear(&runtime->why);
    if (pack_read_trusted(receipt_record(), result->answer, &receipt, &runtime->why) != OK ||
        receipt.id.len > ID_MAX || receipt.events.value < 1)
        return false;
    memcpy(work->thing, receipt.id.at, receipt.id.len);
    receipt.id.at = work->thing;
    receipt.record = TEXT_LITERAL("accepted");
    work->last = result->first + (uint64_t)receipt.events.value - 1;
    receipt.position = (struct whole){(int64_t)work->last, true};
    work->receipt = receipt;
    return true;
}

static void let_go(struct work *work)
{
    for (size_t i = 0; i < work->hold_count; i++)
        if (work->holds[i].changed)
            subjects_set_busy(work->runtime->subjects, work->holds[i].thing, false);
    work->hold_count = 0;
    work->runtime->freed = true;
}

void append_settle(struct work *work)
{
    if (follow_position(work->runtime->follow) < work->last) {
        work_list(work, WORK_SETTLING);
        return;
    }
    let_go(work);
    work_end(work);
}

static struct hold *hold_of(struct work *work, struct text subject)
{
    uint32_t thing = subjects_place(work->runtime->subjects, subject);
    for (size_t i = work->hold_count; i-- > 0;)
        if (work->holds[i].thing == thing)
            return &work->holds[i];
    if (work->hold_count == work->hold_room) {
        work->hold_room = work->hold_room ? work->hold_room * 2 : 4;
        work->holds = realloc(work->holds, work->hold_room * sizeof *work->holds);
        must(work->holds);
    }
    struct hold *hold = &work->holds[work->hold_count++];
    *hold =
        (struct hold){.thing = thing, .version = subjects_version(work->runtime->subjects, thing)};
    return hold;
}

/* Takes what the decision rests on; false when one of it is being changed by another command. */
static bool take_hold(struct work *work)
{
    struct runtime *runtime = work->runtime;
    const struct decision *decision = runtime->decision;
    work->hold_count = 0;
    for (size_t i = 0; i < decision_count(decision); i++)
        hold_of(work, decision_event(decision, i).subject)->changed = true;
    for (size_t i = 0; i < decision_relied_count(decision); i++)
        (void)hold_of(work, decision_relied(decision, i));
    if (intake_is_seat(&work->office)) /* so that nobody writes for an office that changed hands */
        (void)hold_of(work, work->envelope.actor.office);
    for (size_t i = 0; i < work->hold_count; i++)
        if (subjects_busy(runtime->subjects, work->holds[i].thing)) {
            work->blocker = work->holds[i].thing;
            work->wants_newer = false;
            work->hold_count = 0;
            return false;
        }
    return true;
}

/* The events as they will lie in the ledger, in work->packed. */
static void pack_events(struct work *work, const struct decision *decision, const char *cause)
{
    struct event event = {.at = {work->decided_ms, true},
        .actor = work->envelope.actor,
        .has_actor = true,
        .cause = {cause, CAUSE_LEN}};
    buf_clear(&work->packed);
    work->piece_count = 0;
    for (size_t i = 0; i < decision_count(decision); i++) {
        struct decided decided = decision_event(decision, i);
        event.type = text_of(message_row(decided.event)->wire);
        event.subject = decided.subject;
        event.about = decided.about;
        event.data = decided.data;
        pack_write(event_record(), &event, &work->packed);
        work_piece(work, decided.event);
    }
    must(!work->packed.full);
}

/* The receipt but for the position, which only the ledger knows. */
static void write_receipt(struct work *work, const struct decision *decision)
{
    size_t count = decision_count(decision);
    struct decided last = decision_event(decision, count - 1);
    struct text thing = decision_thing(decision);
    if (thing.len == 0)
        thing = last.about;
    memcpy(work->thing, thing.at, thing.len);
    uint64_t version = hold_of(work, last.subject)->version;
    for (size_t i = 0; i < count; i++)
        version += text_equal(decision_event(decision, i).subject, last.subject);
    work->receipt = (struct receipt){.id = {work->thing, thing.len},
        .version = {(int64_t)version, true},
        .events = {(int64_t)count, true},
        .record = TEXT_LITERAL("accepted")};
}

/* Folds what was appended and tells everyone. Who does not hear it finds it in the ledger. */
static void publish(struct work *work, uint64_t first)
{
    struct runtime *runtime = work->runtime;
    bool told = true;
    for (size_t i = 0; i < work->piece_count; i++) {
        struct text type = text_of(message_row(work->pieces[i].event)->wire);
        struct text packed = work_piece_at(work, i);
        follow_offer(runtime->follow, first + i, packed);
        told = told && envelope_publish(runtime->publisher, type, first + i, packed);
    }
}

/* Another instance was faster: decide again once this one has folded what the other wrote. */
static void lose(struct work *work, struct text subject)
{
    struct runtime *runtime = work->runtime;
    uint32_t thing = subjects_find(runtime->subjects, subject);
    uint64_t version = 0;
    for (size_t i = 0; i < work->hold_count; i++)
        if (work->holds[i].thing == thing)
            version = work->holds[i].version;
    let_go(work);
    runtime->conflicts++;
    if (!work->message)
        work_end(work);
    else if (thing == SUBJECT_NONE || ++work->conflicts > CONFLICTS_MAX)
        work_fail(work, ERR_CONFLICT, "", "%.*s was changed by others again and again: try again",
            TEXT_ARG(subject));
    else {
        work->blocker = thing;
        work->wants_newer = true;
        work->newer_than = version;
        work_list(work, WORK_WAITING);
        follow_refresh(runtime->follow);
    }
}

static void give_up(struct work *work, enum err err, const char *detail, struct text why)
{
    let_go(work);
    if (work->message)
        work_fail(work, err, "", "%s%.*s", detail, TEXT_ARG(why));
    else
        work_end(work);
}

static void appended(void *owner, const struct ledger_result *result)
{
    struct work *work = owner;
    struct runtime *runtime = work->runtime;
    work->calls--;
    switch (result->outcome) {
    case LEDGER_APPENDED:
        work->last = result->first + work->piece_count - 1;
        work->receipt.position = (struct whole){(int64_t)work->last, true};
        publish(work, result->first);
        break;
    case LEDGER_SEEN:
        if (!append_read_receipt(work, result)) {
            give_up(work, ERR_INTERNAL, "the stored receipt is not readable", (struct text){0});
            return;
        }
        break;
    case LEDGER_CONFLICT:
        lose(work, result->subject);
        return;
    case LEDGER_REUSED:
        give_up(work, ERR_KEY_REUSED, "send a new key with a new request", (struct text){0});
        return;
    case LEDGER_UNKNOWN_KEY:
    case LEDGER_FAILED:
    default:
        give_up(work, ERR_UNAVAILABLE, "", result->why);
        return;
    }
    follow_head(runtime->follow, work->last);
    if (work->message)
        work_receipt(work);
    append_settle(work);
}

/* runtime->key holds the key. */
static void append(struct work *work, struct text fingerprint)
{
    struct runtime *runtime = work->runtime;
    struct ledger_expectation expectations[LEDGER_SUBJECTS_MAX];
    const struct decision *decision = runtime->decision;
    size_t count = decision_count(decision);
    if (runtime->event_room < count) {
        runtime->event_room = count * 2;
        runtime->events = realloc(runtime->events, runtime->event_room * sizeof *runtime->events);
        must(runtime->events);
    }
    for (size_t i = 0; i < count; i++)
        runtime->events[i] =
            (struct ledger_event){decision_event(decision, i).subject, work_piece_at(work, i)};
    for (size_t i = 0; i < work->hold_count; i++) {
        struct hold *hold = &work->holds[i];
        expectations[i] =
            (struct ledger_expectation){subjects_id(runtime->subjects, hold->thing), hold->version};
        if (hold->changed)
            subjects_set_busy(runtime->subjects, hold->thing, true);
    }
    buf_clear(&runtime->head);
    pack_write(receipt_record(), &work->receipt, &runtime->head);
    work->calls++;
    work_list(work, WORK_UNDER_WAY);
    ledger_append(runtime->ledger,
        &(struct ledger_append){.key = buf_as_text(&runtime->key),
            .fingerprint = fingerprint,
            .answer = buf_as_text(&runtime->head),
            .expectations = expectations,
            .expectation_count = work->hold_count,
            .events = runtime->events,
            .event_count = count},
        appended, work);
}

void append_decision(struct work *work)
{
    unsigned char bytes[FINGERPRINT_SIZE];
    const struct text fingerprint = {(const char *)bytes, sizeof bytes};
    char cause[CAUSE_LEN + 1];
    if (!take_hold(work)) {
        work_list(work, WORK_WAITING);
        return;
    }
    if (work->hold_count > LEDGER_SUBJECTS_MAX) {
        work->hold_count = 0;
        work_fail(work, ERR_TOO_LARGE, "", "it touches more than %d things at once: split it",
            LEDGER_SUBJECTS_MAX);
        return;
    }
    write_receipt(work, work->runtime->decision);
    append_fingerprint(work, bytes);
    append_key(work);
    cause_of(buf_as_text(&work->runtime->key), fingerprint, cause);
    pack_events(work, work->runtime->decision, cause);
    append(work, fingerprint);
}
