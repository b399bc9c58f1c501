/* A hash table with open addressing over an array of things. Two positions fit into the thing
 * itself: most things have one event or two, and then own no further memory. */
#include "service/subjects.h"

#include "base/must.h"
#include "schema/schema.h"

#include <stdlib.h>

#define SLOTS_FIRST 1024
#define IDS_CHUNK   (64u * 1024u)
#define FEW         2

struct places {
    uint32_t count;
    union {
        uint32_t few[FEW];
        uint32_t *many; /* room: the least power of two that holds count, from 4 */
    };
};

struct thing {
    const char *id;
    uint32_t hash;
    uint8_t len;
    bool busy;
    struct places subject, about;
};

struct ids {
    struct ids *before;
    char at[IDS_CHUNK];
};

struct subjects {
    struct thing *things;
    uint32_t count, room;
    uint32_t *slots; /* number of a thing + 1; 0: free */
    uint32_t slot_count;
    struct ids *ids;
    size_t ids_used;
};

struct subjects *subjects_new(void)
{
    struct subjects *subjects = calloc(1, sizeof *subjects);
    must(subjects);
    subjects->slot_count = SLOTS_FIRST;
    subjects->slots = calloc(SLOTS_FIRST, sizeof *subjects->slots);
    must(subjects->slots);
    subjects->ids_used = IDS_CHUNK;
    return subjects;
}

static void places_free(struct places *places)
{
    if (places->count > FEW)
        free(places->many);
}

void subjects_free(struct subjects *subjects)
{
    if (!subjects)
        return;
    for (uint32_t i = 0; i < subjects->count; i++) {
        places_free(&subjects->things[i].subject);
        places_free(&subjects->things[i].about);
    }
    while (subjects->ids) {
        struct ids *ids = subjects->ids;
        subjects->ids = ids->before;
        free(ids);
    }
    free(subjects->things);
    free(subjects->slots);
    free(subjects);
}

/* FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/ */
static uint32_t hash_of(struct text id)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < id.len; i++)
        hash = (hash ^ (unsigned char)id.at[i]) * 16777619u;
    return hash;
}

static uint32_t *slot_of(const struct subjects *subjects, struct text id, uint32_t hash)
{
    uint32_t mask = subjects->slot_count - 1;
    for (uint32_t i = hash & mask;; i = (i + 1) & mask) {
        uint32_t *slot = &subjects->slots[i];
        if (*slot == 0)
            return slot;
        const struct thing *thing = &subjects->things[*slot - 1];
        if (thing->hash == hash && text_equal((struct text){thing->id, thing->len}, id))
            return slot;
    }
}

uint32_t subjects_find(const struct subjects *subjects, struct text id)
{
    return *slot_of(subjects, id, hash_of(id)) - 1;
}

static void grow_slots(struct subjects *subjects)
{
    free(subjects->slots);
    subjects->slot_count *= 2;
    subjects->slots = calloc(subjects->slot_count, sizeof *subjects->slots);
    must(subjects->slots);
    uint32_t mask = subjects->slot_count - 1;
    for (uint32_t n = 0; n < subjects->count; n++) {
        uint32_t i = subjects->things[n].hash & mask;
        while (subjects->slots[i])
            i = (i + 1) & mask;
        subjects->slots[i] = n + 1;
    }
}

static const char *keep_id(struct subjects *subjects, struct text id)
{
    if (subjects->ids_used + id.len > IDS_CHUNK) {
        struct ids *ids = malloc(sizeof *ids);
        must(ids);
        ids->before = subjects->ids;
        subjects->ids = ids;
        subjects->ids_used = 0;
    }
    char *at = subjects->ids->at + subjects->ids_used;
    memcpy(at, id.at, id.len);
    subjects->ids_used += id.len;
    return at;
}

uint32_t subjects_place(struct subjects *subjects, struct text id)
{
    must(id.len > 0 && id.len <= ID_MAX);
    uint32_t hash = hash_of(id), *slot = slot_of(subjects, id, hash);
    if (*slot)
        return *slot - 1;
    if (subjects->count == subjects->room) {
        subjects->room = subjects->room ? subjects->room + subjects->room / 2 : SLOTS_FIRST / 2;
        subjects->things = realloc(subjects->things, subjects->room * sizeof *subjects->things);
        must(subjects->things);
    }
    subjects->things[subjects->count] =
        (struct thing){.id = keep_id(subjects, id), .hash = hash, .len = (uint8_t)id.len};
    *slot = ++subjects->count;
    uint32_t thing = subjects->count - 1;
    if (subjects->count > subjects->slot_count / 2)
        grow_slots(subjects);
    return thing;
}

struct text subjects_id(const struct subjects *subjects, uint32_t thing)
{
    must(thing < subjects->count);
    return (struct text){subjects->things[thing].id, subjects->things[thing].len};
}

static bool is_power_of_two(uint32_t n)
{
    return (n & (n - 1)) == 0;
}

static void places_add(struct places *places, uint32_t position)
{
    if (places->count < FEW) {
        places->few[places->count++] = position;
        return;
    }
    uint32_t *many = places->many;
    if (places->count == FEW) {
        many = malloc(2 * FEW * sizeof *many);
        must(many);
        memcpy(many, places->few, sizeof places->few);
    } else if (is_power_of_two(places->count)) {
        many = realloc(many, 2 * places->count * sizeof *many);
        must(many);
    }
    many[places->count++] = position;
    places->many = many;
}

static struct positions places_read(const struct places *places)
{
    return (struct positions){places->count > FEW ? places->many : places->few, places->count};
}

uint64_t subjects_add(
    struct subjects *subjects, struct text subject, struct text about, uint64_t position)
{
    must(position <= UINT32_MAX);
    uint32_t of = subjects_place(subjects, subject);
    places_add(&subjects->things[of].subject, (uint32_t)position);
    uint32_t to = text_equal(subject, about) ? of : subjects_place(subjects, about);
    places_add(&subjects->things[to].about, (uint32_t)position);
    return subjects->things[of].subject.count;
}

struct positions subjects_positions(const struct subjects *subjects, uint32_t thing, bool about)
{
    if (thing == SUBJECT_NONE)
        return (struct positions){0};
    must(thing < subjects->count);
    const struct thing *found = &subjects->things[thing];
    return places_read(about ? &found->about : &found->subject);
}

uint64_t subjects_version(const struct subjects *subjects, uint32_t thing)
{
    return subjects_positions(subjects, thing, false).count;
}

uint64_t subjects_version_at(const struct subjects *subjects, uint32_t thing, uint64_t position)
{
    struct positions positions = subjects_positions(subjects, thing, false);
    size_t from = 0, to = positions.count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (positions.at[middle] <= position)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

bool subjects_busy(const struct subjects *subjects, uint32_t thing)
{
    must(thing < subjects->count);
    return subjects->things[thing].busy;
}

void subjects_set_busy(struct subjects *subjects, uint32_t thing, bool busy)
{
    must(thing < subjects->count);
    subjects->things[thing].busy = busy;
}
