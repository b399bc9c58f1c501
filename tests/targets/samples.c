/* Invented promises. */
#include "targets/samples.h"

#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>

#define DECIMAL_OF(units) ((struct decimal){(units)*DECIMAL_ONE, true})

struct cycle samples_cycle(void)
{
    return (struct cycle){
        .id = TEXT_LITERAL("2021"),
        .title = TEXT_LITERAL("2021 to 2023 (invented)"),
        .starts_on = 20210701,
        .ends_on = 20230630,
        .periods = {8, true},
        .periods_a_year = {4, true},
        .late_centroid = DECIMAL_OF(3),
        .late_share = DECIMAL_OF(40),
        .very_late_share = DECIMAL_OF(60),
    };
}

void samples_milestones(struct target_promise *promise, uint32_t count, const int *units)
{
    promise->milestones.head = (struct list_head){count, true};
    for (uint32_t i = 0; i < count; i++)
        promise->milestones.at[i] = units[i] * DECIMAL_ONE;
}

struct target_promise samples_promise(void)
{
    static const int even[] = {112, 125, 137, 150, 162, 175, 187, 200};
    struct target_promise promise = {
        .statement = TEXT_LITERAL("Raise daily supply to rural feeders to 200 hours a month"),
        .class = CLASS_OUTCOME,
        .beneficiary = TEXT_LITERAL("rural households"),
        .measure = TEXT_LITERAL("hours of supply a month"),
        .unit = TEXT_LITERAL("hours"),
        .direction = DIRECTION_UP,
        .baseline = DECIMAL_OF(100),
        .baseline_on = 20210630,
        .baseline_source = TEXT_LITERAL("feeder log 2021"),
        .target_value = DECIMAL_OF(200),
        .target_on = 20230630,
        .place = TEXT_LITERAL("all districts"),
        .source = TEXT_LITERAL("regulator's feeder log"),
        .source_kind = SOURCE_INDEPENDENT,
        .frequency = FREQUENCY_MONTHLY,
        .weight = DECIMAL_OF(100),
        .owner = TEXT_LITERAL("secretary.PWR"),
        .depends_on_nobody = FLAG_YES,
        .note = TEXT_LITERAL("invented"),
    };
    samples_milestones(&promise, 8, even);
    return promise;
}

struct body samples_body(const char *id)
{
    return (struct body){.id = text_of(id),
        .name = text_of(id),
        .kind = TEXT_LITERAL("division (invented)"),
        .valid_from = 20010101};
}

void samples_government(struct world *world)
{
    static const char *const codes[] = {"FIN", "PWR", "WAT"};
    struct cycle cycle = samples_cycle();
    must(world_do(world, "administrator", MESSAGE_cycle_create, &cycle, 0) == OK);
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        struct body body = samples_body(codes[i]);
        struct agreement_open open = {.body = body.id, .cycle = cycle.id};
        must(world_do(world, "administrator", MESSAGE_body_register, &body, 0) == OK);
        must(world_do(world, "secretariat", MESSAGE_agreement_open, &open, 0) == OK);
    }
}

void samples_draft(struct world *world, const char *agreement, const struct target_promise *promise)
{
    struct target_draft draft = {.agreement = text_of(agreement), .promise = *promise};
    char office[16];
    (void)snprintf(office, sizeof office, "focal.%.3s", agreement);
    enum err err = world_do(world, office, MESSAGE_target_draft, &draft, 0);
    world_print(world);
    must(err == OK);
}

uint64_t samples_version(struct world *world, const char *agreement)
{
    struct agreement_one one = {.agreement = text_of(agreement)};
    must(world_ask(world, "auditor", MESSAGE_agreement_get, &one) == OK);
    return (uint64_t)world_head(world).version.value;
}

uint64_t samples_target_version(struct world *world, const char *target)
{
    struct target_one one = {.target = text_of(target)};
    must(world_ask(world, "auditor", MESSAGE_target_get, &one) == OK);
    return (uint64_t)world_head(world).version.value;
}

struct world *samples_world(const struct service *service)
{
    struct world *world = malloc(sizeof *world);
    must(world);
    world_open(world, service);
    samples_government(world);
    return world;
}

int samples_close(void **state)
{
    world_close(*state);
    free(*state);
    return 0;
}
