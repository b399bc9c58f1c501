#include "facts/keys.h"

#include "base/clock.h"
#include "base/must.h"
#include "schema/pack.h"

#include <stdlib.h>
#include <uthash.h>

struct entry {
    struct signing_key shown;
    char *packed; /* owned, as are the texts below, which `shown` borrows from */
    char *reason;
    char proposed_by[ID_MAX + 1], confirmed_by[ID_MAX + 1];
    bool handed_over; /* it ended because its office changed hands */
    UT_hash_handle hh;
};

struct keys {
    struct entry *by_id;
    struct entry **at; /* in order of proposal */
    size_t count, room;
};

struct keys *keys_new(void)
{
    struct keys *keys = calloc(1, sizeof *keys);
    must(keys);
    return keys;
}

static void empty(struct entry *entry)
{
    free(entry->packed);
    free(entry->reason);
}

void keys_free(struct keys *keys)
{
    if (!keys)
        return;
    HASH_CLEAR(hh, keys->by_id);
    for (size_t i = 0; i < keys->count; i++) {
        empty(keys->at[i]);
        free(keys->at[i]);
    }
    free(keys->at);
    free(keys);
}

static struct entry *find(const struct keys *keys, struct text id)
{
    struct entry *entry = NULL;
    HASH_FIND(hh, keys->by_id, id.at, id.len, entry);
    return entry;
}

static struct text copy_id(char to[ID_MAX + 1], struct text id)
{
    must(id.len <= ID_MAX);
    if (id.len)
        memcpy(to, id.at, id.len);
    return (struct text){to, id.len};
}

static void say(struct entry *entry, struct text reason)
{
    free(entry->reason);
    entry->reason = NULL;
    entry->shown.reason = (struct text){0};
    if (reason.len == 0)
        return;
    must(entry->reason = malloc(reason.len));
    memcpy(entry->reason, reason.at, reason.len);
    entry->shown.reason = (struct text){entry->reason, reason.len};
}

static struct entry *push(struct keys *keys)
{
    if (keys->count == keys->room) {
        keys->room = keys->room ? 2 * keys->room : 16;
        keys->at = realloc(keys->at, keys->room * sizeof *keys->at);
        must(keys->at);
    }
    struct entry *entry = calloc(1, sizeof *entry);
    must(entry);
    keys->at[keys->count++] = entry;
    return entry;
}

/* A key that was declined never signed for anybody: it may be proposed once more. */
static const char *propose(struct keys *keys, const struct happened *happened)
{
    const struct key_proposed *said = happened->record;
    struct entry *entry = find(keys, said->id);
    if (entry && entry->shown.state != KEY_DECLINED)
        return "a key was proposed twice";
    if (entry) {
        HASH_DEL(keys->by_id, entry);
        empty(entry);
        memset(entry, 0, sizeof *entry);
    } else
        entry = push(keys);
    must(entry->packed = malloc(happened->data.len + 1));
    memcpy(entry->packed, happened->data.at, happened->data.len);
    struct text packed = {entry->packed, happened->data.len};
    struct key_proposed facts = {0};
    struct faults why = {0};
    if (pack_read_trusted(key_proposed_record(), packed, &facts, &why) != OK || facts.id.len == 0)
        return "the record of a proposed key cannot be read";
    entry->shown = (struct signing_key){
        .id = facts.id,
        .office = facts.proposal.office,
        .person = facts.proposal.person,
        .key = facts.proposal.key,
        .from = facts.proposal.from,
        .until = facts.proposal.until,
        .state = KEY_PROPOSED,
        .proposed_by = copy_id(entry->proposed_by, happened->actor.person),
        .proposed = happened->position,
        .packed = packed,
    };
    HASH_ADD_KEYPTR(hh, keys->by_id, entry->shown.id.at, entry->shown.id.len, entry);
    return NULL;
}

static void end(struct entry *entry, enum key_state state, const struct happened *happened)
{
    entry->shown.state = state;
    entry->shown.ended = happened->position;
    entry->shown.ended_ms = happened->at_ms;
}

static const char *judge(struct keys *keys, const struct happened *happened)
{
    const struct key_one *one = happened->record;
    struct entry *entry = find(keys, one->key_id);
    if (!entry)
        return "a key that was never proposed was confirmed, declined or revoked";
    struct signing_key *key = &entry->shown;
    bool revoked = happened->message == MESSAGE_key_revoked;
    if (key->state != (revoked ? KEY_ENROLLED : KEY_PROPOSED))
        return "a key was confirmed, declined or revoked out of turn";
    if (happened->message == MESSAGE_key_enrolled) {
        key->state = KEY_ENROLLED;
        key->confirmed_by = copy_id(entry->confirmed_by, happened->actor.person);
        key->enrolled = happened->position;
        key->enrolled_ms = happened->at_ms;
        return NULL;
    }
    end(entry, revoked ? KEY_REVOKED : KEY_DECLINED, happened);
    say(entry, one->reason);
    return NULL;
}

/* An office has one holder, and its keys are that holder's: they all end with the posting. */
static void hand_over(struct keys *keys, const struct happened *happened)
{
    for (size_t i = 0; i < keys->count; i++) {
        struct entry *entry = keys->at[i];
        enum key_state state = entry->shown.state;
        if ((state != KEY_PROPOSED && state != KEY_ENROLLED) ||
            !text_equal(entry->shown.office, happened->subject))
            continue;
        end(entry, state == KEY_PROPOSED ? KEY_DECLINED : KEY_REVOKED, happened);
        say(entry, TEXT_LITERAL("the office changed hands"));
        entry->handed_over = true;
    }
}

const char *keys_apply(struct keys *keys, const struct happened *happened)
{
    switch (happened->message) {
    case MESSAGE_key_proposed:
        return propose(keys, happened);
    case MESSAGE_key_enrolled:
    case MESSAGE_key_declined:
    case MESSAGE_key_revoked:
        return judge(keys, happened);
    case MESSAGE_posting_ended:
        hand_over(keys, happened);
        return NULL;
    default:
        return NULL;
    }
}

size_t keys_count(const struct keys *keys)
{
    return keys->count;
}

const struct signing_key *keys_at(const struct keys *keys, size_t index)
{
    must(index < keys->count);
    return &keys->at[index]->shown;
}

const struct signing_key *keys_find(const struct keys *keys, struct text id)
{
    const struct entry *entry = find(keys, id);
    return entry ? &entry->shown : NULL;
}

static enum err refuse_state(const struct entry *entry, struct faults *why)
{
    const struct signing_key *key = &entry->shown;
    if (entry->handed_over)
        return faults_add(why, ERR_INVALID, "jws",
            "the key %.*s ended when %.*s changed hands, at position %lu of the ledger",
            TEXT_ARG(key->id), TEXT_ARG(key->office), key->ended);
    if (key->state == KEY_REVOKED)
        return faults_add(why, ERR_INVALID, "jws",
            "the key %.*s was revoked at position %lu of the ledger; enrol a new one",
            TEXT_ARG(key->id), key->ended);
    if (key->state == KEY_DECLINED)
        return faults_add(why, ERR_INVALID, "jws",
            "the key %.*s was proposed and declined; it is not enrolled", TEXT_ARG(key->id));
    return faults_add(why, ERR_INVALID, "jws",
        "the key %.*s is proposed and not enrolled; a second administrator has to confirm it",
        TEXT_ARG(key->id));
}

enum err keys_check(const struct keys *keys, struct text id, struct text office, struct text person,
    int32_t day, struct faults *why)
{
    const struct entry *entry = find(keys, id);
    char when[DAY_TEXT_SIZE];
    if (!entry)
        return faults_add(why, ERR_INVALID, "jws",
            "no key %.*s is enrolled; the register of keys has them", TEXT_ARG(id));
    const struct signing_key *key = &entry->shown;
    if (!text_equal(key->office, office))
        return faults_add(why, ERR_INVALID, "jws", "the key %.*s signs for %.*s, not for %.*s",
            TEXT_ARG(id), TEXT_ARG(key->office), TEXT_ARG(office));
    if (!text_equal(key->person, person))
        return faults_add(why, ERR_INVALID, "jws", "the key %.*s belongs to %.*s, not to %.*s",
            TEXT_ARG(id), TEXT_ARG(key->person), TEXT_ARG(person));
    if (key->state != KEY_ENROLLED)
        return refuse_state(entry, why);
    bool early = day < key->from;
    if (!early && day <= key->until)
        return OK;
    day_to_text(early ? key->from : key->until, when);
    return early ? faults_add(why, ERR_INVALID, "jws", "the key %.*s signs from %s only",
                       TEXT_ARG(id), when)
                 : faults_add(why, ERR_INVALID, "jws", "the key %.*s signed until %s only",
                       TEXT_ARG(id), when);
}
