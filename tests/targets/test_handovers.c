/* The page of a body tells which of its offices changed hands and waits for an acknowledgement,
 * with the days; such an answer is never kept. */
#include "table.h"

#include "handovers.h"
#include "model.h"

#include "targets/samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static int open_world(void **state)
{
    *state = samples_world(table_service());
    return 0;
}

static void opened(struct world *world, const char *id, const char *office)
{
    struct handover record = {
        .id = text_of(id), .office = text_of(office), .outgoing = TEXT_LITERAL("a.khan")};
    world_happen(world, MESSAGE_handover_opened, office, id, &record);
}

static void begun(struct world *world, const char *id)
{
    struct handover_begun record = {.handover = text_of(id), .incoming = TEXT_LITERAL("b.bibi")};
    world_happen(world, MESSAGE_handover_begun, "secretary.PWR", id, &record);
}

static void acknowledged(struct world *world, const char *id)
{
    struct handover_acknowledge record = {.handover = text_of(id), .jws = TEXT_LITERAL("x")};
    world_happen(world, MESSAGE_handover_acknowledged, "secretary.PWR", id, &record);
}

/* The body's page; nothing makes it keepable, and its version is there to change it with. */
static uint32_t page(struct world *world, const char *id, struct body_view *ret_view)
{
    struct body_one body = {.body = text_of(id)};
    assert_int_equal(world_ask(world, "", MESSAGE_body_get, &body), OK);
    world_read(world, 0, body_view_record(), ret_view);
    struct answer head = world_head(world);
    assert_null(head.subject.at);
    assert_true(head.version.given);
    return ret_view->handovers.head.count;
}

static void test_days(void **state)
{
    struct world *world = *state;
    struct body_view view;
    int64_t left = world->now_ms;
    assert_int_equal(page(world, "PWR", &view), 0);
    opened(world, "secretary.PWR.h1", "secretary.PWR");
    world->now_ms += 3 * WORLD_DAY - 1;
    assert_int_equal(page(world, "PWR", &view), 1); /* vacant */
    assert_true(text_is(view.handovers.at[0].handover, "secretary.PWR.h1"));
    assert_true(text_is(view.handovers.at[0].office, "secretary.PWR"));
    assert_int_equal(view.handovers.at[0].since.ms, left);
    assert_int_equal(view.handovers.at[0].days.value, 2);
    world->now_ms++;
    begun(world, "secretary.PWR.h1"); /* from now on the days of the new holder count */
    page(world, "PWR", &view);
    assert_int_equal(view.handovers.at[0].days.value, 0);
    assert_int_equal(view.handovers.at[0].since.ms, left + 3 * WORLD_DAY);
    world->now_ms += 8 * WORLD_DAY;
    page(world, "PWR", &view);
    assert_int_equal(view.handovers.at[0].days.value, 8);
    world->now_ms = left; /* a clock that was set back makes no negative days */
    page(world, "PWR", &view);
    assert_int_equal(view.handovers.at[0].days.value, 0);
    assert_int_equal(page(world, "FIN", &view), 0);
    acknowledged(world, "secretary.PWR.h1");
    assert_int_equal(page(world, "PWR", &view), 0);
}

/* One office has one: who left again can acknowledge nothing any more. */
static void test_again(void **state)
{
    struct world *world = *state;
    struct body_view view;
    opened(world, "secretary.PWR.h1", "secretary.PWR");
    begun(world, "secretary.PWR.h1");
    opened(world, "minister.PWR.h1", "minister.PWR");
    opened(world, "secretary.PWR.h2", "secretary.PWR");
    assert_int_equal(page(world, "PWR", &view), 2);
    assert_true(text_is(view.handovers.at[0].handover, "minister.PWR.h1"));
    assert_true(text_is(view.handovers.at[1].handover, "secretary.PWR.h2"));
    acknowledged(world, "secretary.PWR.h1"); /* late: nothing of it is left to fold */
    assert_int_equal(page(world, "PWR", &view), 2);
    opened(world, "committee.3.h1", "committee.3"); /* of no body */
    opened(world, "focal.FIN.2.h1", "focal.FIN.2");
    assert_int_equal(page(world, "PWR", &view), 2);
    assert_int_equal(page(world, "FIN", &view), 1);
    struct body_list list = {0};
    assert_int_equal(world_ask(world, "", MESSAGE_body_list, &list), OK);
    world_read(world, 1, body_view_record(), &view);
    assert_true(text_is(view.body.id, "PWR"));
    assert_int_equal(view.handovers.head.count, 2);
}

static void test_more_than_shown(void **state)
{
    struct world *world = *state;
    struct body_view view;
    for (int i = 1; i <= 40; i++) {
        char id[32], office[24];
        (void)snprintf(office, sizeof office, "focal.PWR.%d", i);
        (void)snprintf(id, sizeof id, "%s.h1", office);
        opened(world, id, office);
    }
    assert_int_equal(page(world, "PWR", &view), 16); /* the oldest */
    assert_true(text_is(view.handovers.at[0].handover, "focal.PWR.1.h1"));
    assert_true(text_is(view.handovers.at[15].handover, "focal.PWR.16.h1"));
}

int main(void)
{
#define PLAYED(test) cmocka_unit_test_setup_teardown(test, open_world, samples_close)
    const struct CMUnitTest tests[] = {
        PLAYED(test_days),
        PLAYED(test_again),
        PLAYED(test_more_than_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
