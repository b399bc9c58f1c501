/* What waits for what: the longest chain of a target, circles, and what one answer would free. */
#include "queries.h"

#include "view.h"

#include "base/must.h"
#include "facts/life.h"
#include "service/listing.h"

#include <stdlib.h>

#define CHAIN_MOST  (sizeof((struct chain *)0)->longest.at / sizeof(struct chain_link))
#define CIRCLE_MOST (sizeof((struct circle *)0)->targets.at / sizeof(struct text))
#define BODIES_MOST (sizeof((struct circle *)0)->bodies.at / sizeof(struct text))
#define FREED_MOST  (sizeof((struct granted_view *)0)->targets.at / sizeof(struct text))

static bool is_of(const uint32_t *nodes, uint32_t count, uint32_t node)
{
    for (uint32_t i = 0; i < count; i++)
        if (nodes[i] == node)
            return true;
    return false;
}

/* Walks on from a node while there is somewhere new to go; a way that comes back to where it was
 * ends with the step that closes it. */
static void walk(const struct model *model, uint32_t node, int32_t today, struct chain *chain,
    char ids[CHAIN_MOST][ID_MAX + 1])
{
    uint32_t seen[CHAIN_MOST], count = 0, edge, to = node;
    while (count < CHAIN_MOST && to != GRAPH_NOBODY && !is_of(seen, count, to) &&
           graph_next(model->graph, to, &edge, &node)) {
        seen[count] = to;
        struct text id = model_node_id(model, to, ids[count]);
        chain->longest.at[count++] = view_link(model, model->at[edge], id, today);
        to = node;
    }
    chain->longest.head = (struct list_head){count, count > 0};
}

static uint32_t open_of(const struct model *model, const struct target_entry *target)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < target->wait_count; i++)
        count += model_is_open(model->at[target->waits[i]]);
    return count;
}

enum err chain_get_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct target_one *asked = request->body;
    struct agreement_entry *agreement;
    const struct target_entry *target = model_target_of(model, asked->target, &agreement);
    static char ids[CHAIN_MOST][ID_MAX + 1];
    if (!target || !life_is_in_force(agreement->state))
        return faults_add(
            why, ERR_NOT_FOUND, "target", "%.*s is no target in force", TEXT_ARG(asked->target));
    struct chain chain = {.target = asked->target,
        .direct = {open_of(model, target), true},
        .all.given = true,
        .length.given = true,
        .circle = FLAG_NO};
    if (target->node) {
        uint32_t node = target->node - 1;
        chain.all.value = graph_reach(model->graph, node);
        chain.length.value = graph_length(model->graph, node);
        chain.circle = graph_circle(model->graph, node) ? FLAG_YES : FLAG_NO;
        walk(model, node, request->today, &chain, ids);
    }
    reply_add(ret_reply, chain_record(), &chain);
    return OK;
}

/* ---- circles ---- */

struct ring {
    uint32_t number; /* of graph_circle() */
    uint32_t nodes;
    int64_t weight;
};

static int by_weight(const void *a, const void *b)
{
    const struct ring *one = a, *other = b;
    if (one->weight != other->weight)
        return one->weight < other->weight ? 1 : -1;
    return one->number < other->number ? -1 : one->number > other->number;
}

static const struct target_entry *target_of(const struct model *model, uint32_t node)
{
    return model_target(model->nodes[node].agreement, model->nodes[node].number);
}

static void add_body(struct circle *view, struct text body)
{
    for (uint32_t i = 0; i < view->bodies.head.count; i++)
        if (text_equal(view->bodies.at[i], body))
            return;
    if (view->bodies.head.count < BODIES_MOST)
        view->bodies.at[view->bodies.head.count++] = body;
}

static void add_request(struct circle *view, struct text dependency)
{
    for (uint32_t i = 0; i < view->dependencies.head.count; i++)
        if (text_equal(view->dependencies.at[i], dependency))
            return;
    if (view->dependencies.head.count < CIRCLE_MOST)
        view->dependencies.at[view->dependencies.head.count++] = dependency;
}

/* Requests of a node that lead to another of the same circle. */
static void add_requests(
    const struct model *model, uint32_t node, uint32_t number, struct circle *view)
{
    const struct target_entry *target = target_of(model, node);
    struct agreement_entry *agreement;
    for (uint32_t i = 0; target && i < target->wait_count; i++) {
        const struct dependency_entry *dependency = model->at[target->waits[i]];
        struct text through = dependency->facts.raised.through;
        const struct target_entry *to = through.at && model_is_open(dependency)
                                            ? model_target_of(model, through, &agreement)
                                            : NULL;
        if (to && to->node && graph_circle(model->graph, to->node - 1) == number)
            add_request(view, dependency->facts.id);
    }
}

static void show_circle(const struct model *model, const struct ring *ring, struct reply *reply)
{
    static char ids[CIRCLE_MOST][ID_MAX + 1];
    static struct circle view;
    view = (struct circle){.weight = {ring->weight, true}};
    for (uint32_t node = 0; node < model->node_count; node++) {
        uint32_t count = view.targets.head.count;
        if (graph_circle(model->graph, node) != ring->number || count == CIRCLE_MOST)
            continue;
        view.targets.at[count] = model_node_id(model, node, ids[count]);
        view.targets.head.count++;
        add_body(&view, model->nodes[node].agreement->body);
        add_requests(model, node, ring->number, &view);
    }
    view.targets.head.given = view.bodies.head.given = view.dependencies.head.given = true;
    reply_add(reply, circle_record(), &view);
}

enum err circle_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct circle_list *asked = request->body;
    struct listing page;
    enum err err = listing_open(&page, LISTING_OLDEST_FIRST, asked->limit, asked->after, why);
    if (err)
        return err;
    uint32_t count = model->node_count ? graph_circles(model->graph) : 0;
    struct ring *rings = calloc(count + 1, sizeof *rings);
    must(rings);
    for (uint32_t node = 0; count && node < model->node_count; node++) {
        uint32_t number = graph_circle(model->graph, node);
        const struct target_entry *target = target_of(model, node);
        if (!number)
            continue;
        rings[number - 1].number = number;
        rings[number - 1].nodes++;
        rings[number - 1].weight += target ? target->weight : 0;
    }
    qsort(rings, count, sizeof *rings, by_weight);
    for (uint32_t i = 0; i < count; i++)
        if (listing_takes(&page, i + 1, ret_reply))
            show_circle(model, &rings[i], ret_reply);
    free(rings);
    listing_close(&page, ret_reply);
    return OK;
}

/* ---- what if ---- */

static int heavier(const void *a, const void *b)
{
    const struct target_entry *const *one = a, *const *other = b;
    return ((*one)->weight < (*other)->weight) - ((*one)->weight > (*other)->weight);
}

enum err granted_get_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct dependency_one *asked = request->body;
    const struct dependency_entry *dependency = model_dependency(model, asked->dependency);
    const struct target_entry *freed[FREED_MOST];
    struct agreement_entry *agreement;
    if (!dependency)
        return faults_add(why, ERR_NOT_FOUND, "dependency",
            "there is no dependency %.*s; the list has them", TEXT_ARG(asked->dependency));
    struct granted_view view = {.dependency = dependency->facts.id,
        .freed.given = true,
        .freed_weight.given = true,
        .nearer.given = true,
        .nearer_weight.given = true};
    const struct dependency_raise *raised = &dependency->facts.raised;
    for (uint32_t i = 0; model_is_open(dependency) && i < raised->targets.head.count; i++) {
        const struct target_entry *target =
            model_target_of(model, raised->targets.at[i], &agreement);
        if (!target)
            continue;
        if (open_of(model, target) > 1) {
            view.nearer.value++;
            view.nearer_weight.thousandths += target->weight;
            continue;
        }
        freed[view.freed.value++] = target;
        view.freed_weight.thousandths += target->weight;
    }
    uint32_t count = (uint32_t)view.freed.value;
    static char ids[FREED_MOST][ID_MAX + 1];
    qsort(freed, count, sizeof *freed, heavier);
    for (uint32_t i = 0; i < count; i++)
        view.targets.at[i] = model_node_id(model, freed[i]->node - 1, ids[i]);
    view.targets.head = (struct list_head){count, count > 0};
    reply_add(ret_reply, granted_view_record(), &view);
    return OK;
}
