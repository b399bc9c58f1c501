/* What the files of the graph share: its lists, and what was computed of the whole. */
#ifndef MISAQ_DEPENDENCIES_GRAPH_INSIDE_H
#define MISAQ_DEPENDENCIES_GRAPH_INSIDE_H

#include "graph.h"

struct list {
    uint32_t *at;
    uint32_t count, room;
};

struct node {
    struct list out; /* requests that it waits for */
    struct list in;  /* requests that wait for it */
    int32_t weight;
};

struct edge {
    struct list from;
    uint32_t to, mark; /* mark: of the search that has counted it */
    bool there;
};

struct graph {
    struct node *nodes;
    uint32_t node_count, node_room;
    struct edge *edges;
    uint32_t edge_count, edge_room;
    bool stale; /* what follows is older than the edges */
    /* of each node */
    uint32_t *component, *order, *low, *place; /* place: in the list of what is open, of a walk */
    uint32_t *stack, *open;                    /* of a walk over all */
    uint32_t *circle, *size, *depth;           /* of each component */
    uint32_t component_count, circle_count;
    uint32_t computed_room;
    /* of a search: seen[node] == mark */
    uint32_t *seen, *queue, *parent;
    uint32_t mark, search_room;
};

#endif
