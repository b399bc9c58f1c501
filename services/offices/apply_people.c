/* People, and the one-time codes that they were given. */
#include "apply.h"

#include "search.h"

#include "base/must.h"

#include <stdlib.h>

static const char *put(struct model *model, const struct happened *happened)
{
    const struct person *record = happened->record;
    struct person_entry *person = model_person(model, record->id);
    if (!person && happened->message == MESSAGE_person_changed)
        return "a person changed who was never registered";
    if (!person) {
        person = calloc(1, sizeof *person);
        must(person);
        person->id = model_keep(record->id);
        catalogue_add(&model->people, &person->id);
    }
    const char *complaint =
        apply_packed(&person->packed, happened, person_record(), &person->facts);
    model_drop(&person->folded);
    person->folded = search_fold_both(person->facts.id, person->facts.name);
    person->version = happened->version;
    return complaint;
}

/* The founders are registered by the events that follow; their first codes are as good as
 * confirmed. */
static const char *found(struct model *model, const struct happened *happened)
{
    const struct government_found *record = happened->record;
    const struct person *founders[] = {&record->first, &record->second};
    if (model->founded)
        return "the government was founded twice";
    model->founded = true;
    for (size_t i = 0; i < 2; i++) {
        struct person_entry *person = calloc(1, sizeof *person);
        must(person);
        if (model_person(model, founders[i]->id)) {
            free(person);
            return "a founder was registered before";
        }
        person->id = model_keep(founders[i]->id);
        person->founder = true;
        person->code = (struct person_code){.number = 1, .confirmed_ms = happened->at_ms};
        catalogue_add(&model->people, &person->id);
    }
    return NULL;
}

static const char *invite(struct model *model, const struct happened *happened)
{
    const struct invitation *record = happened->record;
    struct person_entry *person = model_person(model, record->person);
    if (!person)
        return "a code for a person who was never registered";
    struct person_code *code = &person->code;
    uint64_t number = (uint64_t)record->number.value;
    if (happened->message == MESSAGE_invitation_proposed) {
        if (number <= code->number)
            return "a code with a number that was used before";
        *code = (struct person_code){.number = number};
        apply_id(code->proposed_by, happened->actor.person);
        return NULL;
    }
    if (number != code->number || code->confirmed_ms)
        return "a code confirmed that was not asked for";
    apply_id(code->confirmed_by, happened->actor.person);
    code->confirmed_ms = happened->at_ms;
    return NULL;
}

const char *apply_people(struct model *model, const struct happened *happened)
{
    switch (happened->message) {
    case MESSAGE_government_founded:
        return found(model, happened);
    case MESSAGE_person_registered:
    case MESSAGE_person_changed:
        return put(model, happened);
    case MESSAGE_invitation_proposed:
    case MESSAGE_invitation_confirmed:
        return invite(model, happened);
    default:
        return NULL;
    }
}
