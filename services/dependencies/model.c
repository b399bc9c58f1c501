/* Finding things and naming things. */
#include "model.h"

#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>

void *model_new(void)
{
    struct model *model = calloc(1, sizeof *model);
    must(model);
    model->calendar = calendar_new();
    model->bodies = bodies_new();
    model->graph = graph_new();
    return model;
}

static void free_text(struct text text)
{
    free((void *)(uintptr_t)text.at);
}

static void free_agreement(void *thing)
{
    struct agreement_entry *agreement = thing;
    for (size_t i = 0; i < agreement->target_count; i++)
        free(agreement->targets[i].waits);
    free(agreement->targets);
    free_text(agreement->id);
    free_text(agreement->body);
    free(agreement);
}

static void free_norm(void *thing)
{
    struct norm_entry *norm = thing;
    free_text(norm->packed);
    free(norm);
}

void model_free(void *thing)
{
    struct model *model = thing;
    if (!model)
        return;
    HASH_CLEAR(hh, model->by_id);
    for (size_t i = 0; i < model->count; i++) {
        free_text(model->at[i]->packed);
        free(model->at[i]->rungs);
        free(model->at[i]);
    }
    free(model->at);
    free(model->due_heap);
    free(model->nodes);
    catalogue_free(&model->agreements, free_agreement);
    catalogue_free(&model->norms, free_norm);
    graph_free(model->graph);
    bodies_free(model->bodies);
    calendar_free(model->calendar);
    free(model);
}

struct agreement_entry *model_agreement(const struct model *model, struct text id)
{
    return catalogue_find(&model->agreements, id);
}

struct norm_entry *model_norm(const struct model *model, struct text type)
{
    return catalogue_find(&model->norms, type);
}

struct dependency_entry *model_dependency(const struct model *model, struct text id)
{
    struct dependency_entry *dependency = NULL;
    if (id.len)
        HASH_FIND(hh, model->by_id, id.at, id.len, dependency);
    return dependency;
}

struct target_entry *model_target(const struct agreement_entry *agreement, uint32_t number)
{
    size_t low = 0, high = agreement->target_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (agreement->targets[middle].number == number)
            return &agreement->targets[middle];
        if (agreement->targets[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

struct target_entry *model_target_of(
    const struct model *model, struct text id, struct agreement_entry **ret_agreement)
{
    uint64_t number;
    struct text rest, agreement = text_cut(id, '.', &rest);
    if (!rest.at || !text_whole(rest, UINT32_MAX, &number))
        return NULL;
    struct agreement_entry *found = model_agreement(model, agreement);
    struct target_entry *target = found ? model_target(found, (uint32_t)number) : NULL;
    if (target)
        *ret_agreement = found;
    return target;
}

struct text model_node_id(const struct model *model, uint32_t node, char out[ID_MAX + 1])
{
    const struct node_entry *entry = &model->nodes[node];
    int len = snprintf(out, ID_MAX + 1, "%.*s.%u", TEXT_ARG(entry->agreement->id), entry->number);
    must(len > 0 && len <= ID_MAX);
    return (struct text){out, (size_t)len};
}

bool model_is_open(const struct dependency_entry *dependency)
{
    return dependency->ball.court != COURT_NOBODY;
}
