/* What the committee's questions cost at the design point and at ten times it: the agenda of a
 * session, what one target waits for, all circles. Prints "<what> <targets> <microseconds>" a line.
 * usage: bench_dependencies_session */
#include "bench/clerk.h"
#include "table.h"

#include <stdio.h>

static void escalate(struct clerk *clerk, const char *id)
{
    const struct dependency_rung rung = {.dependency = text_of(id),
        .round = {1, true},
        .rung = RUNG_COMMITTEE,
        .due = 20210901,
        .on = 20210901};
    clerk_tell(clerk, MESSAGE_dependency_escalated, id, id, &rung);
}

/* Three of four wait through a target of the other body, which in turn waits for few, as in life;
 * every tenth request has come as far as the committee. */
static void add_needs(struct clerk *clerk, uint32_t bodies, uint32_t count)
{
    for (uint32_t n = 1; n <= count; n++) {
        char id[40], target[40], through[40];
        uint32_t from = 1 + chance_below(&clerk->chance, bodies);
        uint32_t to = 1 + chance_below(&clerk->chance, bodies);
        (void)snprintf(id, sizeof id, "B%u-2021.d%u", from, n);
        (void)snprintf(target, sizeof target, "B%u-2021.%u", from,
            1 + chance_below(&clerk->chance, CLERK_TARGETS));
        (void)snprintf(through, sizeof through, "B%u-2021.%u", to,
            1 + chance_below(&clerk->chance, CLERK_TARGETS));
        clerk_wait(clerk, id, from, target, to, n % 4 != 0 && to < from ? through : NULL);
        if (n % 10 == 0)
            escalate(clerk, id);
    }
}

static void measure(uint32_t bodies, uint32_t needs)
{
    struct clerk clerk;
    const struct agenda_list agenda = {.limit = {50, true}};
    const struct target_one target = {.target = TEXT_LITERAL("B41-2021.1")};
    const struct circle_list circles = {.limit = {50, true}};
    uint32_t targets = bodies * CLERK_TARGETS;
    clerk_open(&clerk, table_service(), bodies);
    add_needs(&clerk, bodies, needs);
    clerk_move(&clerk, 20210915);
    (void)printf("agenda %u %.1f\n", targets, clerk_ask(&clerk, MESSAGE_agenda_list, &agenda));
    (void)printf("chain %u %.1f\n", targets, clerk_ask(&clerk, MESSAGE_chain_get, &target));
    (void)printf("circles %u %.1f\n", targets, clerk_ask(&clerk, MESSAGE_circle_list, &circles));
    clerk_close(&clerk);
}

int main(void)
{
    measure(41, 5000);
    measure(410, 50000);
    return 0;
}
