/* Who waits for whom: targets, and the open requests between them. A request is an edge from each
 * target that waits for it to the target through which it is waited for, or to nobody. Edges come
 * and go one at a time; what they mean together (circles, longest chains, what waits behind each)
 * is computed once, when somebody asks after a change. */
#ifndef MISAQ_DEPENDENCIES_GRAPH_H
#define MISAQ_DEPENDENCIES_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GRAPH_NOBODY UINT32_MAX

struct graph;
struct graph *graph_new(void);
void graph_free(struct graph *graph);
/* A target with its weight (thousandths): its number, from 0. */
uint32_t graph_node(struct graph *graph, int32_t weight);
void graph_weigh(struct graph *graph, uint32_t node, int32_t weight);
/* from[] waits for request `edge` (the caller's number for it), which waits for `to` or
 * GRAPH_NOBODY. */
void graph_add(
    struct graph *graph, uint32_t edge, const uint32_t *from, size_t from_count, uint32_t to);
void graph_remove(struct graph *graph, uint32_t edge);

/* Whether a request of these for `to` would close a circle: `to` waits for one of them already, or
 * is one. The way from `to` back to it is written to path[], at most `most`; returns its length, 0
 * when no circle is closed. */
size_t graph_closes(struct graph *graph, const uint32_t *from, size_t from_count, uint32_t to,
    uint32_t *path, size_t most);

/* Nodes that wait for each other, 0 while they are in no circle, else from 1. */
uint32_t graph_circle(struct graph *graph, uint32_t node);
uint32_t graph_circles(struct graph *graph); /* how many there are */
/* Requests on the longest chain from a node, circles passed through once. */
uint32_t graph_length(struct graph *graph, uint32_t node);
/* The next request on that chain, and the node that it waits for; false at the end. */
bool graph_next(struct graph *graph, uint32_t node, uint32_t *ret_edge, uint32_t *ret_to);
/* Weight (thousandths) of all targets that wait for a request, directly or through others. */
int64_t graph_downstream(struct graph *graph, uint32_t edge);
/* How many requests there are along all chains from a node. */
uint32_t graph_reach(struct graph *graph, uint32_t node);

#endif
