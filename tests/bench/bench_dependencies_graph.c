/* What one change costs: an edge removed and put back, and the circles, chains and weights asked
 * again. Prints milliseconds for the design point and ten times that.
 * usage: bench_dependencies_graph */
#include "graph.h"

#include "base/clock.h"
#include "base/must.h"
#include "support/chance.h"

#include <stdio.h>

#define ROUNDS 50

static double measure(uint32_t nodes, uint32_t edges, double *ret_downstream_ms)
{
    struct chance chance = {12345};
    struct graph *graph = graph_new();
    uint64_t spent_us = 0, searched_us = 0;
    int64_t weight = 0;
    for (uint32_t i = 0; i < nodes; i++)
        (void)graph_node(graph, 100);
    for (uint32_t e = 0; e < edges; e++) {
        uint32_t from = chance_below(&chance, nodes), to = chance_below(&chance, nodes);
        /* as in life: most wait for somebody who waits for few, and for nobody again and again */
        graph_add(graph, e, &from, 1, e % 4 == 0 || to >= from ? GRAPH_NOBODY : to);
    }
    for (uint32_t i = 0; i < ROUNDS; i++) {
        uint32_t from = chance_below(&chance, nodes);
        graph_remove(graph, i);
        graph_add(graph, i, &from, 1, GRAPH_NOBODY);
        uint64_t begun_us = clock_mono_us();
        weight += graph_circles(graph) + graph_length(graph, from);
        spent_us += clock_mono_us() - begun_us;
        begun_us = clock_mono_us();
        weight += graph_downstream(graph, chance_below(&chance, edges));
        searched_us += clock_mono_us() - begun_us;
    }
    must(weight > 0);
    graph_free(graph);
    *ret_downstream_ms = (double)searched_us / ROUNDS / 1000;
    return (double)spent_us / ROUNDS / 1000;
}

int main(void)
{
    static const uint32_t sizes[][2] = {{15000, 60000}, {150000, 600000}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        double downstream_ms, ms = measure(sizes[i][0], sizes[i][1], &downstream_ms);
        (void)printf("%u targets, %u links: circles and chains %.2f ms, one downstream %.3f ms\n",
            sizes[i][0], sizes[i][1], ms, downstream_ms);
    }
    return 0;
}
