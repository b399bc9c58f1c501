/* Circles, chains and what waits behind a request: known graphs by hand, random ones against a
 * closure that looks at everything. */
#include "graph.h"

#include "support/chance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
// clang-format on

static struct graph *graph;

static int start(void **state)
{
    (void)state;
    graph = graph_new();
    return 0;
}

static int stop(void **state)
{
    (void)state;
    graph_free(graph);
    return 0;
}

static void nodes(uint32_t count, int32_t weight)
{
    for (uint32_t i = 0; i < count; i++)
        assert_int_equal(graph_node(graph, weight), i);
}

static void add(uint32_t edge, uint32_t from, uint32_t to)
{
    graph_add(graph, edge, &from, 1, to);
}

/* Three ministries wait for each other; a fourth waits for them, a fifth for nobody. */
static void a_circle_of_three(void **state)
{
    (void)state;
    uint32_t from = 2, path[8], edge, to;
    nodes(5, 1000);
    add(0, 0, 1);
    add(1, 1, 2);
    assert_int_equal(graph_circles(graph), 0);
    assert_int_equal(graph_closes(graph, &from, 1, 0, path, 8), 3); /* 0, 1, 2 */
    assert_int_equal(path[0], 0);
    assert_int_equal(path[1], 1);
    assert_int_equal(path[2], 2);
    from = 3;
    assert_int_equal(graph_closes(graph, &from, 1, 0, path, 8), 0);
    add(2, 2, 0);
    add(3, 3, 0);
    add(4, 4, GRAPH_NOBODY);
    assert_int_equal(graph_circles(graph), 1);
    assert_int_equal(graph_circle(graph, 0), 1);
    assert_int_equal(graph_circle(graph, 2), 1);
    assert_int_equal(graph_circle(graph, 3), 0);
    assert_int_equal(graph_circle(graph, 4), 0);
    assert_int_equal(graph_length(graph, 0), 3); /* once round */
    assert_int_equal(graph_length(graph, 3), 4);
    assert_int_equal(graph_length(graph, 4), 1);
    assert_int_equal(graph_downstream(graph, 0), 4000); /* all but the fifth */
    assert_int_equal(graph_downstream(graph, 3), 1000);
    assert_int_equal(graph_reach(graph, 3), 4);
    assert_true(graph_next(graph, 3, &edge, &to));
    assert_int_equal(edge, 3);
    graph_remove(graph, 2);
    assert_int_equal(graph_circles(graph), 0);
    assert_int_equal(graph_length(graph, 3), 3);
}

static void one_that_waits_for_itself(void **state)
{
    (void)state;
    nodes(2, 500);
    add(0, 0, 0);
    assert_int_equal(graph_circles(graph), 1);
    assert_int_equal(graph_length(graph, 0), 1);
    assert_int_equal(graph_downstream(graph, 0), 500);
    uint32_t from = 1, path[4];
    assert_int_equal(graph_closes(graph, &from, 1, 1, path, 4), 1);
}

/* One request of several targets is one request. */
static void several_wait_for_one(void **state)
{
    (void)state;
    uint32_t from[] = {0, 1, 2};
    nodes(4, 100);
    graph_add(graph, 7, from, 3, 3);
    add(2, 3, GRAPH_NOBODY);
    assert_int_equal(graph_downstream(graph, 7), 300);
    assert_int_equal(graph_downstream(graph, 2), 400);
    assert_int_equal(graph_reach(graph, 0), 2);
    assert_int_equal(graph_length(graph, 1), 2);
    graph_weigh(graph, 1, 1000);
    assert_int_equal(graph_downstream(graph, 2), 1300);
}

static void a_very_long_chain(void **state)
{
    (void)state;
    enum { LONG = 50000 };
    nodes(LONG, 1);
    for (uint32_t i = 0; i + 1 < LONG; i++)
        add(i, i, i + 1);
    assert_int_equal(graph_length(graph, 0), LONG - 1);
    assert_int_equal(graph_downstream(graph, LONG - 2), LONG - 1);
    add(LONG, LONG - 1, 0);
    assert_int_equal(graph_circles(graph), 1);
    assert_int_equal(graph_length(graph, 0), LONG);
}

/* ---- against a closure ---- */
enum { NODES = 14, EDGES = 40 };

struct drawn {
    bool there;
    uint32_t from[3], to;
    size_t count;
};

static void close_over(const struct drawn *drawn, bool reach[NODES][NODES])
{
    memset(reach, 0, sizeof(bool[NODES][NODES]));
    for (int e = 0; e < EDGES; e++)
        for (size_t f = 0; drawn[e].there && f < drawn[e].count; f++)
            if (drawn[e].to != GRAPH_NOBODY)
                reach[drawn[e].from[f]][drawn[e].to] = true;
    for (int k = 0; k < NODES; k++)
        for (int i = 0; i < NODES; i++)
            for (int j = 0; j < NODES; j++)
                reach[i][j] = reach[i][j] || (reach[i][k] && reach[k][j]);
}

/* The longest way without coming back to a node, by trying all; for graphs without circles. */
static uint32_t longest(const struct drawn *drawn, uint32_t node)
{
    uint32_t most = 0;
    for (int e = 0; e < EDGES; e++)
        for (size_t f = 0; drawn[e].there && f < drawn[e].count; f++)
            if (drawn[e].from[f] == node) {
                uint32_t behind = drawn[e].to == GRAPH_NOBODY ? 0 : longest(drawn, drawn[e].to);
                most = 1 + behind > most ? 1 + behind : most;
            }
    return most;
}

static void assert_downstream(const struct drawn *drawn, bool reach[NODES][NODES])
{
    for (uint32_t e = 0; e < EDGES; e++) {
        int64_t weight = 0;
        for (uint32_t n = 0; n < NODES; n++) {
            bool behind = false;
            for (size_t f = 0; drawn[e].there && f < drawn[e].count; f++)
                behind = behind || drawn[e].from[f] == n || reach[n][drawn[e].from[f]];
            weight += behind ? (int64_t)n + 1 : 0;
        }
        assert_int_equal(graph_downstream(graph, e), weight);
    }
}

static void chance_agrees_with_a_closure(void **state)
{
    (void)state;
    struct chance chance = chance_start("graph");
    struct drawn drawn[EDGES] = {0};
    bool reach[NODES][NODES];
    for (uint32_t i = 0; i < NODES; i++)
        (void)graph_node(graph, (int32_t)i + 1);
    for (int step = 0; step < 1500; step++) {
        uint32_t e = chance_below(&chance, EDGES);
        if (drawn[e].there) {
            graph_remove(graph, e);
            drawn[e].there = false;
        } else if (chance_below(&chance, 3) == 0) { /* few, so that many have no circle */
            drawn[e] = (struct drawn){true, {0}, GRAPH_NOBODY, 0};
            uint32_t first = chance_below(&chance, NODES);
            drawn[e].count = 1 + chance_below(&chance, 2);
            for (uint32_t f = 0; f < drawn[e].count; f++)
                drawn[e].from[f] = (first + f * 3) % NODES;
            if (chance_below(&chance, 4))
                drawn[e].to = chance_below(&chance, NODES);
            uint32_t path[NODES];
            close_over(drawn, reach); /* with it */
            drawn[e].there = false;
            bool before[NODES][NODES];
            close_over(drawn, before);
            bool closes = false;
            for (size_t f = 0; drawn[e].to != GRAPH_NOBODY && f < drawn[e].count; f++)
                closes = closes || drawn[e].to == drawn[e].from[f] ||
                         before[drawn[e].to][drawn[e].from[f]];
            assert_int_equal(
                graph_closes(graph, drawn[e].from, drawn[e].count, drawn[e].to, path, NODES) > 0,
                closes);
            drawn[e].there = true;
            graph_add(graph, e, drawn[e].from, drawn[e].count, drawn[e].to);
        }
        close_over(drawn, reach);
        bool any = false;
        for (uint32_t n = 0; n < NODES; n++) {
            any = any || reach[n][n];
            assert_int_equal(graph_circle(graph, n) != 0, reach[n][n]);
            for (uint32_t m = 0; m < NODES; m++)
                assert_int_equal(
                    graph_circle(graph, n) && graph_circle(graph, n) == graph_circle(graph, m),
                    reach[n][m] && reach[m][n]);
        }
        for (uint32_t n = 0; !any && n < NODES; n++)
            assert_int_equal(graph_length(graph, n), longest(drawn, n));
        assert_downstream(drawn, reach);
    }
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {CASE(a_circle_of_three), CASE(one_that_waits_for_itself),
        CASE(several_wait_for_one), CASE(a_very_long_chain), CASE(chance_agrees_with_a_closure)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
