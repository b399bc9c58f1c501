/* Finding things and naming things. */
#include "quarter.h"

#include "base/hashes.h"
#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>

void *model_new(void)
{
    struct model *model = calloc(1, sizeof *model);
    must(model);
    model->bodies = bodies_new();
    model->calendar = calendar_new();
    model->likeness = likeness_new();
    return model;
}

/* text.at is const because everybody but its owner borrows it. */
static void free_text(struct text text)
{
    free((void *)(uintptr_t)text.at);
}

static void free_said(struct thread_said *said)
{
    free_text(said->person);
    free_text(said->office);
    free_text(said->text);
}

static void free_targets(struct target_entry *targets, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(targets[i].statement);
        free(targets[i].measure.milestones);
        free(targets[i].needs);
    }
    free(targets);
}

static void free_agreement(struct agreement_entry *agreement)
{
    free_targets(agreement->targets, agreement->target_count);
    free_targets(agreement->amended, agreement->amended_count);
    free(agreement);
}

static void free_thread(struct thread_entry *thread)
{
    free_said(&thread->opened);
    for (size_t i = 0; i < thread->word_count; i++)
        free_said(&thread->words[i]);
    free(thread->words);
    free(thread);
}

static void free_body(struct body_entry *body)
{
    for (struct account *account = body->accounts, *next; account; account = next) {
        next = account->next;
        free(account);
    }
    free(body->successors);
    free(body->offices);
    free(body);
}

static void free_post(void *thing)
{
    struct post_entry *post = thing;
    free_text(post->id);
    free(post);
}

void model_free(void *state)
{
    struct model *model = state;
    if (!model)
        return;
    HASHES_FREE(model->thread_table, thread_entry, free_thread);
    HASHES_FREE(model->agreement_table, agreement_entry, free_agreement);
    HASHES_FREE(model->cycle_table, cycle_entry, free);
    HASHES_FREE(model->body_table, body_entry, free_body);
    for (size_t i = 0; i < model->ruling_count; i++) {
        free_text(model->rulings[i].person);
        free_text(model->rulings[i].office);
        free_text(model->rulings[i].packed);
    }
    free(model->rulings);
    likeness_free(model->likeness);
    quarter_free(model);
    catalogue_free(&model->posts, free_post);
    calendar_free(model->calendar);
    bodies_free(model->bodies);
    free(model);
}

struct body_entry *model_body(const struct model *model, struct text id)
{
    struct body_entry *body = NULL;
    HASH_FIND(hh, model->body_table, id.at, id.len, body);
    return body;
}

struct post_entry *model_post(const struct model *model, struct text office)
{
    return catalogue_find(&model->posts, office);
}

struct cycle_entry *model_cycle(const struct model *model, struct text id)
{
    struct cycle_entry *cycle = NULL;
    HASH_FIND(hh, model->cycle_table, id.at, id.len, cycle);
    return cycle;
}

struct agreement_entry *model_agreement(const struct model *model, struct text id)
{
    struct agreement_entry *agreement = NULL;
    HASH_FIND(hh, model->agreement_table, id.at, id.len, agreement);
    return agreement;
}

struct thread_entry *model_thread(const struct model *model, struct text id)
{
    struct thread_entry *thread = NULL;
    HASH_FIND(hh, model->thread_table, id.at, id.len, thread);
    return thread;
}

struct target_entry *model_target(const struct agreement_entry *agreement, uint32_t number)
{
    size_t low = 0, high = agreement->target_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (agreement->targets[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < agreement->target_count && agreement->targets[low].number == number;
    return found ? &agreement->targets[low] : NULL;
}

bool model_split_target(struct text id, struct text *ret_agreement, uint32_t *ret_number)
{
    struct text digits, agreement = text_cut(id, '.', &digits);
    uint64_t number;
    if (agreement.len == 0 || !text_whole(digits, UINT32_MAX, &number) || number == 0)
        return false;
    *ret_agreement = agreement;
    *ret_number = (uint32_t)number;
    return true;
}

struct target_entry *model_target_of(
    const struct model *model, struct text id, struct agreement_entry **ret_agreement)
{
    struct text agreement_id;
    uint32_t number;
    if (!model_split_target(id, &agreement_id, &number))
        return NULL;
    struct agreement_entry *agreement = model_agreement(model, agreement_id);
    struct target_entry *target = agreement ? model_target(agreement, number) : NULL;
    if (target)
        *ret_agreement = agreement;
    return target;
}

struct text model_target_id(
    const struct agreement_entry *agreement, uint32_t number, char out[TARGET_ID_SIZE])
{
    int len = snprintf(out, TARGET_ID_SIZE, "%s.%u", agreement->id, number);
    must(len > 0 && len < TARGET_ID_SIZE);
    return (struct text){out, (size_t)len};
}

const struct ruling_entry *model_standing(
    const struct model *model, const struct target_entry *target)
{
    return target->ruling ? &model->rulings[target->ruling - 1] : NULL;
}

bool model_stands(const struct model *model, const struct ruling_entry *ruling)
{
    const struct target_entry *target = model_target(ruling->agreement, ruling->target);
    return target && model_standing(model, target) == ruling;
}

enum target_class model_class(const struct model *model, const struct target_entry *target)
{
    const struct ruling_entry *ruling = model_standing(model, target);
    if (ruling)
        return ruling->facts.made.class;
    return (enum target_class)(target->checked ? target->checked : target->class);
}
