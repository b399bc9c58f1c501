/* Circles and chains are of the whole graph: Tarjan's strongly connected components (1972), without
 * recursion because chains may be long. Components are closed in the order in which everything that
 * one waits for is known before it. */
#include "graph_inside.h"

#include "base/must.h"

#include <stdlib.h>

static void make_room(struct graph *graph)
{
    size_t room = graph->node_room;
    if (graph->computed_room == room)
        return;
    free(graph->component);
    graph->component = malloc(9 * (room + 1) * sizeof *graph->component);
    must(graph->component);
    graph->order = graph->component + room + 1;
    graph->low = graph->order + room + 1;
    graph->place = graph->low + room + 1;
    graph->circle = graph->place + room + 1;
    graph->size = graph->circle + room + 1;
    graph->depth = graph->size + room + 1;
    graph->stack = graph->depth + room + 1;
    graph->open = graph->stack + room + 1;
    graph->computed_room = graph->node_room;
}

static bool is_self_loop(const struct graph *graph, uint32_t node)
{
    const struct list *out = &graph->nodes[node].out;
    for (uint32_t e = 0; e < out->count; e++)
        if (graph->edges[out->at[e]].to == node)
            return true;
    return false;
}

/* Steps out of a component: 1 and what lies behind, the most of its nodes. */
static uint32_t exits(const struct graph *graph, const uint32_t *members, uint32_t count)
{
    uint32_t most = 0, component = graph->component[members[0]];
    for (uint32_t i = 0; i < count; i++) {
        const struct list *out = &graph->nodes[members[i]].out;
        for (uint32_t e = 0; e < out->count; e++) {
            uint32_t to = graph->edges[out->at[e]].to;
            uint32_t steps = to == GRAPH_NOBODY ? 1
                             : graph->component[to] == component
                                 ? 0
                                 : 1 + graph->depth[graph->component[to]];
            most = steps > most ? steps : most;
        }
    }
    return most;
}

/* The members of a component lie at the end of the open list. */
static void close_component(struct graph *graph, const uint32_t *members, uint32_t count)
{
    uint32_t number = graph->component_count++;
    bool circle = count > 1 || is_self_loop(graph, members[0]);
    for (uint32_t i = 0; i < count; i++)
        graph->component[members[i]] = number;
    uint32_t out = exits(graph, members, count);
    graph->size[number] = count;
    graph->circle[number] = circle ? ++graph->circle_count : 0;
    graph->depth[number] = !circle ? out : out ? count - 1 + out : count;
}

#define UNSEEN 0
#define OPEN   UINT32_MAX

/* One walk from a node: `stack` is the way, `open` those whose component is not closed. */
static void walk(struct graph *graph, uint32_t root, uint32_t *next_order, uint32_t *stack,
    uint32_t *open, uint32_t *open_count)
{
    uint32_t depth = 0;
    stack[depth++] = root;
    graph->order[root] = graph->low[root] = ++*next_order;
    graph->place[root] = 0;
    open[(*open_count)++] = root;
    while (depth > 0) {
        uint32_t node = stack[depth - 1];
        const struct list *out = &graph->nodes[node].out;
        if (graph->place[node] < out->count) {
            uint32_t to = graph->edges[out->at[graph->place[node]++]].to;
            if (to == GRAPH_NOBODY || graph->component[to] != OPEN)
                continue; /* nobody, or closed already */
            if (graph->order[to] == UNSEEN) {
                graph->order[to] = graph->low[to] = ++*next_order;
                graph->place[to] = 0;
                open[(*open_count)++] = to;
                stack[depth++] = to;
            } else if (graph->order[to] < graph->low[node])
                graph->low[node] = graph->order[to];
            continue;
        }
        depth--;
        if (depth > 0 && graph->low[node] < graph->low[stack[depth - 1]])
            graph->low[stack[depth - 1]] = graph->low[node];
        if (graph->low[node] == graph->order[node]) {
            uint32_t first = *open_count;
            while (open[first - 1] != node)
                first--;
            close_component(graph, &open[first - 1], *open_count - first + 1);
            *open_count = first - 1;
        }
    }
}

static void compute(struct graph *graph)
{
    uint32_t next_order = 0, open_count = 0;
    if (!graph->stale)
        return;
    make_room(graph);
    graph->component_count = graph->circle_count = 0;
    for (uint32_t i = 0; i < graph->node_count; i++) {
        graph->order[i] = UNSEEN;
        graph->component[i] = OPEN;
    }
    for (uint32_t i = 0; i < graph->node_count; i++)
        if (graph->order[i] == UNSEEN)
            walk(graph, i, &next_order, graph->stack, graph->open, &open_count);
    graph->stale = false;
}

uint32_t graph_circle(struct graph *graph, uint32_t node)
{
    compute(graph);
    return graph->circle[graph->component[node]];
}

uint32_t graph_circles(struct graph *graph)
{
    compute(graph);
    return graph->circle_count;
}

uint32_t graph_length(struct graph *graph, uint32_t node)
{
    compute(graph);
    return graph->depth[graph->component[node]];
}

bool graph_next(struct graph *graph, uint32_t node, uint32_t *ret_edge, uint32_t *ret_to)
{
    const struct list *out = &graph->nodes[node].out;
    bool found = false;
    uint32_t most = 0;
    compute(graph);
    for (uint32_t e = 0; e < out->count; e++) {
        uint32_t to = graph->edges[out->at[e]].to;
        bool inside = to != GRAPH_NOBODY && graph->component[to] == graph->component[node];
        uint32_t steps = inside ? 0 : to == GRAPH_NOBODY ? 1 : 1 + graph_length(graph, to);
        if (!found || steps > most) {
            found = true;
            most = steps;
            *ret_edge = out->at[e];
            *ret_to = to;
        }
    }
    return found;
}
