/* Edges lie in lists at both of their ends, so that adding, removing and searching cost what they
 * touch. */
#include "graph_inside.h"

#include "base/must.h"

#include <stdlib.h>
#include <string.h>

static void list_add(struct list *list, uint32_t value)
{
    if (list->count == list->room) {
        list->room = list->room ? 2 * list->room : 4;
        list->at = realloc(list->at, list->room * sizeof *list->at);
        must(list->at);
    }
    list->at[list->count++] = value;
}

static void list_drop(struct list *list, uint32_t value)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (list->at[i] == value) {
            memmove(&list->at[i], &list->at[i + 1], (--list->count - i) * sizeof *list->at);
            return;
        }
}

struct graph *graph_new(void)
{
    struct graph *graph = calloc(1, sizeof *graph);
    must(graph);
    return graph;
}

void graph_free(struct graph *graph)
{
    if (!graph)
        return;
    for (uint32_t i = 0; i < graph->node_count; i++) {
        free(graph->nodes[i].out.at);
        free(graph->nodes[i].in.at);
    }
    for (uint32_t i = 0; i < graph->edge_count; i++)
        free(graph->edges[i].from.at);
    free(graph->nodes);
    free(graph->edges);
    free(graph->component); /* and what was made with it, in one piece */
    free(graph->seen);
    free(graph);
}

uint32_t graph_node(struct graph *graph, int32_t weight)
{
    if (graph->node_count == graph->node_room) {
        graph->node_room = graph->node_room ? 2 * graph->node_room : 64;
        graph->nodes = realloc(graph->nodes, graph->node_room * sizeof *graph->nodes);
        must(graph->nodes);
    }
    graph->nodes[graph->node_count] = (struct node){.weight = weight};
    graph->stale = true;
    return graph->node_count++;
}

void graph_weigh(struct graph *graph, uint32_t node, int32_t weight)
{
    graph->nodes[node].weight = weight;
}

static struct edge *edge_at(struct graph *graph, uint32_t edge)
{
    if (edge >= graph->edge_room) {
        uint32_t room = graph->edge_room ? graph->edge_room : 64;
        while (room <= edge)
            room *= 2;
        graph->edges = realloc(graph->edges, room * sizeof *graph->edges);
        must(graph->edges);
        graph->edge_room = room;
    }
    while (graph->edge_count <= edge)
        graph->edges[graph->edge_count++] = (struct edge){.to = GRAPH_NOBODY};
    return &graph->edges[edge];
}

void graph_add(
    struct graph *graph, uint32_t edge, const uint32_t *from, size_t from_count, uint32_t to)
{
    struct edge *added = edge_at(graph, edge);
    must(!added->there);
    added->there = true;
    added->to = to;
    added->from.count = 0;
    for (size_t i = 0; i < from_count; i++) {
        list_add(&added->from, from[i]);
        list_add(&graph->nodes[from[i]].out, edge);
    }
    if (to != GRAPH_NOBODY)
        list_add(&graph->nodes[to].in, edge);
    graph->stale = true;
}

void graph_remove(struct graph *graph, uint32_t edge)
{
    struct edge *removed = edge_at(graph, edge);
    if (!removed->there)
        return;
    removed->there = false;
    for (uint32_t i = 0; i < removed->from.count; i++)
        list_drop(&graph->nodes[removed->from.at[i]].out, edge);
    if (removed->to != GRAPH_NOBODY)
        list_drop(&graph->nodes[removed->to].in, edge);
    graph->stale = true;
}

/* ---- searches ---- */

/* Room for a search, and nothing seen yet. */
static void begin_search(struct graph *graph)
{
    bool small = graph->search_room < graph->node_count;
    if (small) {
        graph->search_room = graph->node_room;
        free(graph->seen);
        graph->seen = malloc(3 * (size_t)graph->search_room * sizeof *graph->seen);
        must(graph->seen);
        graph->queue = graph->seen + graph->search_room;
        graph->parent = graph->queue + graph->search_room;
    }
    if (small || ++graph->mark == 0) {
        memset(graph->seen, 0, graph->search_room * sizeof *graph->seen);
        for (uint32_t i = 0; i < graph->edge_count; i++)
            graph->edges[i].mark = 0;
        graph->mark = 1;
    }
}

static bool see(struct graph *graph, uint32_t node)
{
    if (graph->seen[node] == graph->mark)
        return false;
    graph->seen[node] = graph->mark;
    return true;
}

static size_t write_path(
    const struct graph *graph, uint32_t end, uint32_t begin, uint32_t *path, size_t most)
{
    size_t length = 1;
    for (uint32_t node = end; node != begin; node = graph->parent[node])
        length++;
    uint32_t node = end;
    for (size_t i = length; i-- > 0; node = graph->parent[node])
        if (i < most)
            path[i] = node;
    return length < most ? length : most;
}

size_t graph_closes(struct graph *graph, const uint32_t *from, size_t from_count, uint32_t to,
    uint32_t *path, size_t most)
{
    uint32_t count = 0;
    if (to == GRAPH_NOBODY)
        return 0;
    begin_search(graph);
    (void)see(graph, to);
    graph->queue[count++] = to;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t node = graph->queue[i];
        for (size_t f = 0; f < from_count; f++)
            if (from[f] == node)
                return write_path(graph, node, to, path, most);
        const struct list *out = &graph->nodes[node].out;
        for (uint32_t e = 0; e < out->count; e++) {
            uint32_t next = graph->edges[out->at[e]].to;
            if (next != GRAPH_NOBODY && see(graph, next)) {
                graph->parent[next] = node;
                graph->queue[count++] = next;
            }
        }
    }
    return 0;
}

int64_t graph_downstream(struct graph *graph, uint32_t edge)
{
    uint32_t count = 0;
    int64_t weight = 0;
    if (edge >= graph->edge_count || !graph->edges[edge].there)
        return 0;
    begin_search(graph);
    const struct list *first = &graph->edges[edge].from;
    for (uint32_t i = 0; i < first->count; i++)
        if (see(graph, first->at[i]))
            graph->queue[count++] = first->at[i];
    for (uint32_t i = 0; i < count; i++) {
        const struct node *node = &graph->nodes[graph->queue[i]];
        weight += node->weight;
        for (uint32_t e = 0; e < node->in.count; e++) {
            const struct list *from = &graph->edges[node->in.at[e]].from;
            for (uint32_t f = 0; f < from->count; f++)
                if (see(graph, from->at[f]))
                    graph->queue[count++] = from->at[f];
        }
    }
    return weight;
}

uint32_t graph_reach(struct graph *graph, uint32_t node)
{
    uint32_t count = 0, requests = 0;
    begin_search(graph);
    (void)see(graph, node);
    graph->queue[count++] = node;
    for (uint32_t i = 0; i < count; i++) {
        const struct list *out = &graph->nodes[graph->queue[i]].out;
        for (uint32_t e = 0; e < out->count; e++) {
            struct edge *edge = &graph->edges[out->at[e]];
            requests += edge->mark != graph->mark; /* several may wait for the same */
            edge->mark = graph->mark;
            if (edge->to != GRAPH_NOBODY && see(graph, edge->to))
                graph->queue[count++] = edge->to;
        }
    }
    return requests;
}
