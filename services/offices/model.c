/* Finding things, and the memory that they lie in. */
#include "model.h"

#include "base/hashes.h"
#include "base/must.h"

#include <stdlib.h>

struct text model_keep(struct text text)
{
    if (!text.at)
        return text;
    char *copy = malloc(text.len + 1);
    must(copy);
    memcpy(copy, text.at, text.len);
    return (struct text){copy, text.len};
}

/* at is const because everybody but the owner borrows it. */
void model_drop(struct text *kept)
{
    free((void *)(uintptr_t)kept->at);
    *kept = (struct text){0};
}

void *model_new(void)
{
    struct model *model = calloc(1, sizeof *model);
    must(model);
    model->bodies = bodies_new();
    model->calendar = calendar_new();
    model->keys = keys_new();
    model->departments = departments_new();
    return model;
}

static void free_person(void *thing)
{
    struct person_entry *person = thing;
    model_drop(&person->id);
    model_drop(&person->packed);
    model_drop(&person->folded);
    free(person);
}

static void free_office(void *thing)
{
    struct office_entry *office = thing;
    for (size_t i = 0; i < office->posting_count; i++) {
        model_drop(&office->postings[i].packed);
        model_drop(&office->postings[i].reason);
    }
    for (size_t i = 0; i < office->handover_count; i++)
        model_drop(&office->handovers[i].note);
    free(office->postings);
    free(office->handovers);
    model_drop(&office->id);
    model_drop(&office->packed);
    free(office);
}

static void free_lines(struct lines *lines)
{
    for (size_t i = 0; i < lines->count; i++)
        model_drop(&lines->at[i].what);
    free(lines->at);
}

static void free_pact(void *thing)
{
    struct pact_entry *pact = thing;
    free_lines(&pact->lines);
    model_drop(&pact->id);
    model_drop(&pact->body);
    model_drop(&pact->cycle);
    free(pact);
}

static void free_duty(void *thing)
{
    struct duty_entry *duty = thing;
    free_lines(&duty->lines);
    model_drop(&duty->id);
    free(duty);
}

void model_free(void *state)
{
    struct model *model = state;
    if (!model)
        return;
    catalogue_free(&model->people, free_person);
    catalogue_free(&model->offices, free_office);
    catalogue_free(&model->pacts, free_pact);
    catalogue_free(&model->duties, free_duty);
    HASHES_FREE(model->things, thing_entry, free);
    calendar_free(model->calendar);
    bodies_free(model->bodies);
    keys_free(model->keys);
    departments_free(model->departments);
    free(model);
}

struct person_entry *model_person(const struct model *model, struct text id)
{
    return catalogue_find(&model->people, id);
}

struct office_entry *model_office(const struct model *model, struct text id)
{
    return catalogue_find(&model->offices, id);
}

struct duty_entry *model_duty(const struct model *model, struct text body)
{
    return catalogue_find(&model->duties, body);
}

struct thing_entry *model_thing(const struct model *model, struct text id)
{
    struct thing_entry *thing = NULL;
    if (id.len)
        HASH_FIND(hh, model->things, id.at, id.len, thing);
    return thing;
}

struct pact_entry *model_pact(const struct model *model, struct text id)
{
    return catalogue_find(&model->pacts, id);
}

bool model_split(struct text id, char letter, struct text *ret_office, uint64_t *ret_number)
{
    size_t dot = id.len;
    while (dot > 0 && id.at[dot - 1] != '.')
        dot--;
    if (dot < 2 || dot == id.len || id.at[dot] != letter)
        return false;
    *ret_office = (struct text){id.at, dot - 1};
    return text_whole((struct text){id.at + dot + 1, id.len - dot - 1}, UINT32_MAX, ret_number) &&
           *ret_number > 0;
}

struct posting_entry *model_posting(
    const struct model *model, struct text id, struct office_entry **ret_office)
{
    struct text office_id;
    uint64_t number;
    struct office_entry *office =
        model_split(id, 'p', &office_id, &number) ? model_office(model, office_id) : NULL;
    if (!office || number > office->posting_count)
        return NULL;
    *ret_office = office;
    return &office->postings[number - 1];
}

struct handover_entry *model_handover(
    const struct model *model, struct text id, struct office_entry **ret_office)
{
    struct text office_id;
    uint64_t number;
    struct office_entry *office =
        model_split(id, 'h', &office_id, &number) ? model_office(model, office_id) : NULL;
    if (!office || number > office->handover_count)
        return NULL;
    *ret_office = office;
    return &office->handovers[number - 1];
}

const struct posting_entry *model_held(const struct office_entry *office)
{
    return office->held ? &office->postings[office->held - 1] : NULL;
}

struct handover_entry *model_open_handover(const struct office_entry *office)
{
    if (office->handover_count == 0)
        return NULL;
    struct handover_entry *last = &office->handovers[office->handover_count - 1];
    return last->acknowledged_ms ? NULL : last;
}

size_t model_administrators(const struct model *model, struct text office, struct text person)
{
    struct text seen[2] = {{0}, {0}};
    size_t count = 0;
    for (size_t i = 0; i < model->offices.count && count < 2; i++) {
        const struct office_entry *entry = (const void *)model->offices.at[i];
        const struct posting_entry *held = model_held(entry);
        if (entry->is.role != ROLE_ADMINISTRATOR)
            continue;
        struct text holder = held ? held->facts.proposal.person : (struct text){0};
        if (text_equal(entry->id, office))
            holder = person;
        if (holder.len > 0 && !(count > 0 && text_equal(seen[0], holder)))
            seen[count++] = holder;
    }
    return count;
}
