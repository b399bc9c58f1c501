/* Rulings, and what is said in the PM Office's threads. */
#include "apply.h"

#include "base/must.h"

#include <stdlib.h>

static struct ruling_entry *ruling_append(struct model *model)
{
    if (model->ruling_count == model->ruling_room) {
        model->ruling_room = model->ruling_room ? 2 * model->ruling_room : 64;
        model->rulings = realloc(model->rulings, model->ruling_room * sizeof *model->rulings);
        must(model->rulings);
    }
    struct ruling_entry *ruling = &model->rulings[model->ruling_count++];
    *ruling = (struct ruling_entry){0};
    return ruling;
}

const char *apply_ruling(
    struct model *model, struct agreement_entry *agreement, const struct happened *happened)
{
    struct faults why = {0};
    struct text id;
    uint32_t number;
    struct target_entry *target =
        model_split_target(happened->about, &id, &number) ? model_target(agreement, number) : NULL;
    if (!target)
        return "a ruling on a target that is not there";
    if (target->ruling)
        model->rulings[target->ruling - 1].replaced = true;
    struct ruling_entry *ruling = ruling_append(model);
    ruling->agreement = agreement;
    ruling->target = number;
    ruling->position = happened->position;
    ruling->at = happened->at_ms;
    ruling->person = apply_own(happened->actor.person);
    ruling->office = apply_own(happened->actor.office);
    ruling->packed = apply_own(happened->data);
    target->ruling = model->ruling_count;
    if (pack_read_trusted(ruling_record(), ruling->packed, &ruling->facts, &why) != OK)
        return "the record of a ruling cannot be read";
    likeness_add(model->likeness, ruling->facts.statement);
    return NULL;
}

static struct thread_said said_of(const struct happened *happened, struct text text)
{
    return (struct thread_said){.person = apply_own(happened->actor.person),
        .office = apply_own(happened->actor.office),
        .text = apply_own(text),
        .at = happened->at_ms};
}

static const char *thread_put(
    struct model *model, struct agreement_entry *agreement, const struct happened *happened)
{
    const struct thread_opened *record = happened->record;
    if (model_thread(model, record->id))
        return "a thread opened twice";
    struct thread_entry *thread = calloc(1, sizeof *thread);
    must(thread);
    APPLY_ID(thread, record->id);
    apply_id(thread->target, record->opened.target);
    thread->agreement = agreement;
    thread->position = happened->position;
    thread->opened = said_of(happened, record->opened.text);
    thread->outcome = THREAD_OPEN;
    thread->bytes = record->opened.text.len;
    agreement->threads++;
    HASH_ADD_KEYPTR(hh, model->thread_table, thread->id, record->id.len, thread);
    return NULL;
}

static void thread_add(
    struct thread_entry *thread, const struct happened *happened, struct text text)
{
    size_t count = thread->word_count + 1;
    must(thread->words = realloc(thread->words, count * sizeof *thread->words));
    thread->words[thread->word_count] = said_of(happened, text);
    thread->word_count = count;
    thread->bytes += text.len;
}

const char *apply_thread(
    struct model *model, struct agreement_entry *agreement, const struct happened *happened)
{
    if (happened->message == MESSAGE_thread_opened)
        return thread_put(model, agreement, happened);
    struct thread_entry *thread = model_thread(model, happened->about);
    if (!thread || thread->outcome != THREAD_OPEN)
        return "a word in a thread that is not there or was closed";
    if (happened->message == MESSAGE_thread_answered) {
        thread_add(thread, happened, ((const struct thread_say *)happened->record)->text);
        return NULL;
    }
    const struct thread_close *record = happened->record;
    if (record->text.len)
        thread_add(thread, happened, record->text);
    thread->outcome = record->outcome;
    return NULL;
}
