#include "court.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* 2021-07-02 at noon where days begin at UTC+5: a Friday. */
#define FRIDAY ((INT64_C(18810)) * WORLD_DAY + INT64_C(7) * 3600000)

struct world *court_world;

static void add_body(const char *id)
{
    struct body body = {.id = text_of(id),
        .name = text_of(id),
        .kind = TEXT_LITERAL("division"),
        .valid_from = 20010101};
    world_happen(court_world, MESSAGE_body_registered, id, id, &body);
}

static void add_agreement(const char *body, const char *id, bool in_force)
{
    static const enum message way[] = {MESSAGE_agreement_submitted, MESSAGE_agreement_accepted,
        MESSAGE_agreement_forwarded, MESSAGE_agreement_frozen, MESSAGE_agreement_minister_signed,
        MESSAGE_agreement_pm_signed};
    struct agreement_opened opened = {
        .id = text_of(id), .opened = {.body = text_of(body), .cycle = TEXT_LITERAL("2021")}};
    world_happen(court_world, MESSAGE_agreement_opened, id, id, &opened);
    for (int n = 1; n <= 3; n++) {
        char target[ID_MAX + 1];
        (void)snprintf(target, sizeof target, "%s.%d", id, n);
        struct target_promised promised = {.id = text_of(target),
            .promise = {.statement = TEXT_LITERAL("Less"), .weight = {n * 10000, true}}};
        world_happen(court_world, MESSAGE_target_drafted, id, target, &promised);
    }
    for (size_t i = 0; in_force && i < sizeof way / sizeof *way; i++) {
        void *record = calloc(1, message_row(way[i])->carries()->size);
        assert_non_null(record);
        world_happen(court_world, way[i], id, id, record);
        free(record);
    }
}

int court_open(const struct service *service)
{
    court_world = calloc(1, sizeof *court_world);
    assert_non_null(court_world);
    world_open(court_world, service);
    court_world->now_ms = FRIDAY;
    add_body("PWR");
    add_body("LAW");
    add_body("FIN");
    add_agreement("PWR", "PWR-2021", true);
    add_agreement("FIN", "FIN-2021", true);
    add_agreement("LAW", "LAW-2021", false);
    struct norm norm = {.type = TEXT_LITERAL("VETTING"),
        .label = TEXT_LITERAL("Vetting"),
        .needed = TEXT_LITERAL("Vetted text"),
        .norm_days = {10, true}};
    assert_int_equal(world_do(court_world, "secretariat", MESSAGE_norm_set, &norm, 0), OK);
    return 0;
}

int court_close(void **state)
{
    (void)state;
    world_close(court_world);
    free(court_world);
    return 0;
}

struct dependency_raise court_request(const char *target)
{
    struct dependency_raise raise = {.blocking_body = TEXT_LITERAL("LAW"),
        .type = TEXT_LITERAL("VETTING"),
        .what = TEXT_LITERAL("A vetted text")};
    raise.targets.head = (struct list_head){1, true};
    raise.targets.at[0] = text_of(target);
    return raise;
}

enum err court_raise(const char *office, struct dependency_raise raise)
{
    return world_do(court_world, office, MESSAGE_dependency_raise, &raise, 0);
}

struct dependency court_read(struct text id)
{
    struct dependency_one one = {.dependency = id};
    struct dependency view;
    assert_int_equal(world_ask(court_world, "", MESSAGE_dependency_get, &one), OK);
    world_read(court_world, 0, dependency_record(), &view);
    return view;
}

uint64_t court_version(struct text id)
{
    struct dependency_one one = {.dependency = id};
    if (world_ask(court_world, "", MESSAGE_dependency_get, &one) != OK)
        return 0;
    return (uint64_t)world_head(court_world).version.value;
}

/* What the runtime does when something falls due; the number of events. */
size_t court_fall_due(void)
{
    const struct service *service = court_world->service;
    size_t events = 0;
    while (
        service->due->next(court_world->state, court_world->calendar, 300) <= court_world->now_ms) {
        size_t came = world_due(court_world);
        assert_true(came > 0);
        events += came;
    }
    return events;
}
