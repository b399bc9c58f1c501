#include "facts/departments.h"

#include "base/must.h"
#include "schema/pack.h"

#include <stdlib.h>

#define PUBLIC_TOPICS "public."

struct departments {
    struct department_entry **at;
    size_t count, room;
    uint64_t revoked;
};

struct departments *departments_new(void)
{
    struct departments *departments = calloc(1, sizeof *departments);
    must(departments);
    return departments;
}

void departments_free(struct departments *departments)
{
    if (!departments)
        return;
    for (size_t i = 0; i < departments->count; i++) {
        struct department_entry *entry = departments->at[i];
        for (size_t a = 0; a < entry->count; a++) {
            free(entry->accesses[a].packed);
            free(entry->accesses[a].reason);
        }
        free(entry->accesses);
        free(entry->packed);
        free(entry);
    }
    free(departments->at);
    free(departments);
}

static char *kept(struct text text)
{
    char *copy = malloc(text.len + 1);
    must(copy);
    memcpy(copy, text.at, text.len);
    copy[text.len] = '\0';
    return copy;
}

static void copy_id(char to[ID_MAX + 1], struct text id)
{
    must(id.len <= ID_MAX);
    memcpy(to, id.at, id.len);
    to[id.len] = '\0';
}

/* Keeps the data of an event and reads it from there. */
static char *keep_record(
    const struct happened *happened, const struct record *record, void *ret_facts)
{
    static struct faults why;
    char *packed = kept(happened->data);
    faults_clear(&why);
    memset(ret_facts, 0, record->size);
    if (pack_read_trusted(record, (struct text){packed, happened->data.len}, ret_facts, &why) == OK)
        return packed;
    free(packed);
    return NULL;
}

static void *grown(void *at, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return at;
    *room = *room ? *room * 2 : 4;
    at = realloc(at, *room * size);
    must(at);
    return at;
}

static struct department_entry *find(const struct departments *departments, struct text id)
{
    for (size_t i = 0; i < departments->count; i++)
        if (text_is(id, departments->at[i]->id))
            return departments->at[i];
    return NULL;
}

const struct department_entry *departments_find(
    const struct departments *departments, struct text id)
{
    return find(departments, id);
}

const struct department_entry *departments_at(const struct departments *departments, size_t index)
{
    return index < departments->count ? departments->at[index] : NULL;
}

static struct department_access *find_access(const struct departments *departments, struct text id)
{
    struct text rest;
    const struct department_entry *entry = find(departments, text_cut(id, '.', &rest));
    for (size_t i = 0; entry && i < entry->count; i++)
        if (text_is(id, entry->accesses[i].id))
            return &entry->accesses[i];
    return NULL;
}

const struct department_access *departments_access(
    const struct departments *departments, struct text id)
{
    return find_access(departments, id);
}

static const char *add_department(
    struct departments *departments, const struct happened *happened, struct text code)
{
    if (find(departments, code))
        return "a department that is registered twice";
    struct department_entry *entry = calloc(1, sizeof *entry);
    must(entry);
    copy_id(entry->id, code);
    departments->at = grown(
        departments->at, departments->count, &departments->room, sizeof(struct department_entry *));
    departments->at[departments->count++] = entry;
    entry->packed = keep_record(happened, department_record(), &entry->facts);
    return entry->packed ? NULL : "the record of a department cannot be read";
}

static const char *add_access(struct department_entry *entry, const struct happened *happened)
{
    entry->accesses =
        grown(entry->accesses, entry->count, &entry->room, sizeof(struct department_access));
    struct department_access *access = &entry->accesses[entry->count++];
    *access = (struct department_access){.state = ACCESS_PROPOSED};
    copy_id(access->id, happened->about);
    copy_id(access->proposed_by, happened->actor.person);
    access->packed = keep_record(happened, access_record(), &access->facts);
    return access->packed ? NULL : "the record of an access cannot be read";
}

static const char *change_access(struct departments *departments, const struct happened *happened)
{
    struct department_access *access = find_access(departments, happened->about);
    bool grants = happened->message == MESSAGE_access_granted;
    if (!access || access->state == ACCESS_ENDED || (grants && access->state != ACCESS_PROPOSED))
        return "an access that cannot be granted or revoked";
    if (grants) {
        access->state = ACCESS_GRANTED;
        access->granted_ms = happened->at_ms;
        copy_id(access->confirmed_by, happened->actor.person);
        return NULL;
    }
    static struct faults why;
    struct access_end end = {0};
    faults_clear(&why);
    if (pack_read_trusted(access_end_record(), happened->data, &end, &why) != OK)
        return "the record of a revocation cannot be read";
    departments->revoked += access->state == ACCESS_GRANTED;
    access->state = ACCESS_ENDED;
    access->ended_ms = happened->at_ms;
    access->reason = kept(end.reason);
    return NULL;
}

const char *departments_apply(struct departments *departments, const struct happened *happened)
{
    struct text code = happened->subject;
    bool concerns = text_starts(code, TEXT_LITERAL(DEPARTMENT_SUBJECT));
    if (!concerns)
        return NULL;
    code = (struct text){
        code.at + sizeof DEPARTMENT_SUBJECT - 1, code.len - (sizeof DEPARTMENT_SUBJECT - 1)};
    const char *complaint = NULL;
    if (happened->message == MESSAGE_department_registered)
        complaint = add_department(departments, happened, code);
    struct department_entry *entry = find(departments, code);
    if (complaint || !entry)
        return complaint ? complaint : "something happened to a department that is not there";
    entry->version++;
    if (happened->message == MESSAGE_access_proposed)
        return add_access(entry, happened);
    if (happened->message == MESSAGE_access_granted || happened->message == MESSAGE_access_revoked)
        return change_access(departments, happened);
    return NULL;
}

static const struct department_access *granted(const struct departments *departments,
    bool (*fits)(const struct department_access *access, struct text what), struct text what)
{
    for (size_t i = 0; i < departments->count; i++) {
        const struct department_entry *entry = departments->at[i];
        for (size_t a = 0; a < entry->count; a++)
            if (entry->accesses[a].state == ACCESS_GRANTED && fits(&entry->accesses[a], what))
                return &entry->accesses[a];
    }
    return NULL;
}

static bool has_key(const struct department_access *access, struct text key)
{
    return text_equal(access->facts.proposal.key, key);
}

static bool has_token(const struct department_access *access, struct text digest)
{
    return text_equal(access->facts.proposal.token_digest, digest);
}

const struct department_access *departments_by_key(
    const struct departments *departments, struct text key)
{
    return granted(departments, has_key, key);
}

const struct department_access *departments_by_token(
    const struct departments *departments, struct text digest)
{
    return granted(departments, has_token, digest);
}

bool departments_may(const struct department_access *access, struct text topic)
{
    const struct access_propose *opened = &access->facts.proposal;
    if (text_starts(topic, TEXT_LITERAL(PUBLIC_TOPICS)))
        return true;
    for (uint32_t i = 0; i < opened->topics.head.count; i++)
        if (text_starts(topic, opened->topics.at[i]))
            return true;
    return false;
}

uint64_t departments_revoked(const struct departments *departments)
{
    return departments->revoked;
}
