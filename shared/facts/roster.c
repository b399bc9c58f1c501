/* People and offices as two tables that point to each other by id. An event that cannot be (an
 * office filled twice, a posting of nobody) stops the fold: who may act would be anybody's guess.
 */
#include "facts/roster.h"

#include "base/must.h"

#include <stdlib.h>
#include <uthash.h>

struct name {
    char at[ID_MAX + 1];
    size_t len;
};

struct names {
    struct name *at;
    size_t count, room;
};

struct somebody {
    struct name id, body; /* body: where the person comes from; empty: none */
    char *called;         /* name for people */
    size_t called_len;
    struct names offices; /* held now, in the order in which they were taken */
    struct names bodies;  /* of all offices that were ever held */
    bool has_ended;       /* sessions that began at ended_ms or before are over */
    int64_t ended_ms;
    UT_hash_handle hh;
};

struct seat {
    struct name id, holder, posting; /* holder and posting: empty while it is vacant */
    uint64_t since;
    UT_hash_handle hh;
};

struct ended { /* one session; its name begins with that of the person */
    char id[2 * ID_MAX + 1];
    size_t len;
    UT_hash_handle hh;
};

struct roster {
    struct somebody *people;
    struct seat *seats;
    struct ended *ended;
    bool founded;
};

/* ---- names ---- */
static void name_set(struct name *name, struct text text)
{
    must(text.len <= ID_MAX);
    *name = (struct name){.len = text.len};
    if (text.len)
        memcpy(name->at, text.at, text.len);
}

static struct text name_text(const struct name *name)
{
    return name->len ? (struct text){name->at, name->len} : (struct text){0};
}

static size_t names_find(const struct names *names, struct text text)
{
    size_t i = 0;
    while (i < names->count && !text_equal(name_text(&names->at[i]), text))
        i++;
    return i;
}

static void names_add(struct names *names, struct text text)
{
    if (names_find(names, text) < names->count)
        return;
    if (names->count == names->room) {
        names->room = names->room ? names->room * 2 : 2;
        names->at = realloc(names->at, names->room * sizeof *names->at);
        must(names->at);
    }
    name_set(&names->at[names->count++], text);
}

static void names_remove(struct names *names, struct text text)
{
    size_t i = names_find(names, text);
    if (i == names->count)
        return;
    names->count--;
    memmove(names->at + i, names->at + i + 1, (names->count - i) * sizeof *names->at);
}

/* ---- the tables ---- */
struct roster *roster_new(void)
{
    struct roster *roster = calloc(1, sizeof *roster);
    must(roster);
    return roster;
}

void roster_free(struct roster *roster)
{
    if (!roster)
        return;
    struct somebody *people = roster->people;
    struct seat *seats = roster->seats;
    struct ended *sessions = roster->ended;
    HASH_CLEAR(hh, roster->people);
    for (struct somebody *next; people; people = next) {
        next = people->hh.next;
        free(people->called);
        free(people->offices.at);
        free(people->bodies.at);
        free(people);
    }
    HASH_CLEAR(hh, roster->seats);
    for (struct seat *next; seats; seats = next) {
        next = seats->hh.next;
        free(seats);
    }
    HASH_CLEAR(hh, roster->ended);
    for (struct ended *next; sessions; sessions = next) {
        next = sessions->hh.next;
        free(sessions);
    }
    free(roster);
}

static struct somebody *find_somebody(const struct roster *roster, struct text id)
{
    struct somebody *somebody = NULL;
    if (id.len)
        HASH_FIND(hh, roster->people, id.at, id.len, somebody);
    return somebody;
}

static struct seat *find_seat(const struct roster *roster, struct text id)
{
    struct seat *seat = NULL;
    if (id.len)
        HASH_FIND(hh, roster->seats, id.at, id.len, seat);
    return seat;
}

/* ---- what happens ---- */
static bool is_id(struct text text)
{
    return text.len > 0 && text.len <= ID_MAX;
}

static const char *put_person(struct roster *roster, const struct person *person)
{
    if (!is_id(person->id) || person->body.len > ID_MAX || !person->name.len)
        return "a person has no id and name";
    struct somebody *somebody = find_somebody(roster, person->id);
    if (!somebody) {
        somebody = calloc(1, sizeof *somebody);
        must(somebody);
        name_set(&somebody->id, person->id);
        HASH_ADD_KEYPTR(hh, roster->people, somebody->id.at, somebody->id.len, somebody);
    }
    name_set(&somebody->body, person->body);
    free(somebody->called);
    somebody->called = malloc(person->name.len + 1);
    must(somebody->called);
    memcpy(somebody->called, person->name.at, person->name.len);
    somebody->called_len = person->name.len;
    return NULL;
}

static const char *put_seat(struct roster *roster, struct text id)
{
    if (!is_id(id))
        return "an office has no id";
    if (find_seat(roster, id))
        return NULL;
    struct seat *seat = calloc(1, sizeof *seat);
    must(seat);
    name_set(&seat->id, id);
    HASH_ADD_KEYPTR(hh, roster->seats, seat->id.at, seat->id.len, seat);
    return NULL;
}

static void vacate(struct roster *roster, struct seat *seat)
{
    struct somebody *somebody = find_somebody(roster, name_text(&seat->holder));
    must(somebody);
    names_remove(&somebody->offices, name_text(&seat->id));
    name_set(&seat->holder, (struct text){0});
    name_set(&seat->posting, (struct text){0});
    seat->since = 0;
}

static const char *fill(struct roster *roster, struct text office, struct text person,
    struct text posting, uint64_t position)
{
    struct seat *seat = find_seat(roster, office);
    struct somebody *somebody = find_somebody(roster, person);
    if (!is_id(posting))
        return "a posting has no id";
    if (!seat)
        return "a posting began in an office that was not created";
    if (!somebody)
        return "a posting began of a person who was not registered";
    if (seat->holder.len && !text_equal(name_text(&seat->holder), person))
        return "a posting began in an office that somebody else holds";
    struct text body = office_read(office).body;
    name_set(&seat->holder, person);
    name_set(&seat->posting, posting);
    seat->since = position;
    names_add(&somebody->offices, office);
    if (body.len)
        names_add(&somebody->bodies, body);
    return NULL;
}

/* The founders hold the first two seats of administrators as if they had been posted there. */
static const char *found(struct roster *roster, const struct happened *happened)
{
    const struct government_found *begun = happened->record;
    if (roster->founded)
        return "the government was founded twice";
    roster->founded = true;
    const struct {
        const struct person *person;
        struct text office, posting;
    } founders[] = {
        {&begun->first, TEXT_LITERAL("administrator.1"), TEXT_LITERAL("administrator.1.p1")},
        {&begun->second, TEXT_LITERAL("administrator.2"), TEXT_LITERAL("administrator.2.p1")},
    };
    const char *why = NULL;
    for (size_t i = 0; i < 2 && !why; i++) {
        why = put_person(roster, founders[i].person);
        why = why ? why : put_seat(roster, founders[i].office);
        why = why ? why
                  : fill(roster, founders[i].office, founders[i].person->id, founders[i].posting,
                        happened->position);
    }
    return why;
}

static const char *end_posting(struct roster *roster, const struct happened *happened)
{
    const struct posting_one *one = happened->record;
    struct seat *seat = find_seat(roster, happened->subject);
    if (!seat || !seat->posting.len || !text_equal(name_text(&seat->posting), one->posting))
        return "a posting ended that was not held";
    vacate(roster, seat);
    return NULL;
}

/* The key of a session: neither id holds a blank. */
static struct text session_key(struct text person, struct text session, struct ended *room)
{
    if (!is_id(person) || session.len > ID_MAX)
        return (struct text){0};
    memcpy(room->id, person.at, person.len);
    room->id[person.len] = ' ';
    if (session.len)
        memcpy(room->id + person.len + 1, session.at, session.len);
    room->len = person.len + 1 + session.len;
    return (struct text){room->id, room->len};
}

static struct ended *find_ended(const struct roster *roster, struct text key)
{
    struct ended *ended = NULL;
    if (key.len)
        HASH_FIND(hh, roster->ended, key.at, key.len, ended);
    return ended;
}

static const char *end_session(struct roster *roster, const struct happened *happened)
{
    const struct session_end *end = happened->record;
    struct ended *ended = calloc(1, sizeof *ended);
    must(ended);
    struct text key = session_key(happened->subject, end->session, ended);
    if (!key.len || find_ended(roster, key))
        free(ended);
    else
        HASH_ADD_KEYPTR(hh, roster->ended, ended->id, ended->len, ended);
    return NULL;
}

static const char *end_sessions(struct roster *roster, const struct happened *happened)
{
    struct somebody *somebody = find_somebody(roster, happened->subject);
    if (!somebody)
        return "sessions ended of a person who was not registered";
    if (!somebody->has_ended || happened->at_ms > somebody->ended_ms)
        somebody->ended_ms = happened->at_ms;
    somebody->has_ended = true;
    return NULL;
}

const char *roster_apply(struct roster *roster, const struct happened *happened)
{
    const struct posting *posting = happened->record;
    switch (happened->message) {
    case MESSAGE_government_founded:
        return found(roster, happened);
    case MESSAGE_person_registered:
    case MESSAGE_person_changed:
        return put_person(roster, happened->record);
    case MESSAGE_office_created:
        return put_seat(roster, ((const struct office_new *)happened->record)->id);
    case MESSAGE_posting_began:
        return fill(roster, posting->proposal.office, posting->proposal.person, posting->id,
            happened->position);
    case MESSAGE_posting_ended:
        return end_posting(roster, happened);
    case MESSAGE_session_ended:
        return end_session(roster, happened);
    case MESSAGE_sessions_ended:
        return end_sessions(roster, happened);
    default:
        return NULL;
    }
}

/* ---- what is asked ---- */
bool roster_founded(const struct roster *roster)
{
    return roster->founded;
}

bool roster_knows(const struct roster *roster, struct text person)
{
    return find_somebody(roster, person) != NULL;
}

struct text roster_name(const struct roster *roster, struct text person)
{
    const struct somebody *somebody = find_somebody(roster, person);
    return somebody ? (struct text){somebody->called, somebody->called_len} : (struct text){0};
}

bool roster_holds(const struct roster *roster, struct text person, struct text office)
{
    enum role role = office_read(office).role;
    if (role == ROLE_PERSON)
        return roster_knows(roster, person);
    if (role == ROLE_SETUP)
        return !roster->founded;
    const struct seat *seat = find_seat(roster, office);
    return seat && seat->holder.len && text_equal(name_text(&seat->holder), person);
}

bool roster_belongs(const struct roster *roster, struct text person, struct text body)
{
    const struct somebody *somebody = find_somebody(roster, person);
    return somebody && body.len &&
           (text_equal(name_text(&somebody->body), body) ||
               names_find(&somebody->bodies, body) < somebody->bodies.count);
}

struct text roster_holder(const struct roster *roster, struct text office)
{
    const struct seat *seat = find_seat(roster, office);
    return seat ? name_text(&seat->holder) : (struct text){0};
}

struct text roster_office(const struct roster *roster, struct text person, size_t index)
{
    const struct somebody *somebody = find_somebody(roster, person);
    return somebody && index < somebody->offices.count ? name_text(&somebody->offices.at[index])
                                                       : (struct text){0};
}

uint64_t roster_since(const struct roster *roster, struct text office)
{
    const struct seat *seat = find_seat(roster, office);
    return seat ? seat->since : 0;
}

bool roster_session_ended(
    const struct roster *roster, struct text person, struct text session, int64_t began_ms)
{
    struct ended room;
    const struct somebody *somebody = find_somebody(roster, person);
    if (somebody && somebody->has_ended && began_ms <= somebody->ended_ms)
        return true;
    return find_ended(roster, session_key(person, session, &room)) != NULL;
}
