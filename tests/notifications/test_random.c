/* Random histories on business time, with restarts between deciding and going on: folded again they
 * are the same, no reminder is sent twice (the fold refuses it), no digest overlaps another, none
 * is made or sent in quiet hours, and no decision has more than a hundred events. */
#include "base/clock.h"
#include "base/must.h"
#include "hours.h"
#include "notifications/stage.h"
#include "support/chance.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ROUNDS 12
#define STEPS  250
#define DEPS   20

static const char *const offices[] = {
    "focal.FIN", "secretary.FIN", "focal.PWR", "secretary.PWR", "pm", "committee.1"};

struct game {
    struct stage *stage;
    struct chance chance;
    int raised;
    size_t restarts, reminders;
};

static uint32_t below(struct game *game, uint32_t most)
{
    return chance_below(&game->chance, most);
}

static void act(struct game *game)
{
    static const enum message acts[] = {MESSAGE_dependency_returned, MESSAGE_dependency_completed,
        MESSAGE_dependency_granted, MESSAGE_dependency_reopened, MESSAGE_dependency_externalised,
        MESSAGE_dependency_resumed};
    struct stage *stage = game->stage;
    char id[32];
    if (game->raised < DEPS && below(game, 3) == 0) {
        (void)snprintf(id, sizeof id, "PWR-2021.d%d", ++game->raised);
        stage_raise(stage, id, "PWR", "FIN");
        return;
    }
    if (!game->raised)
        return;
    (void)snprintf(id, sizeof id, "PWR-2021.d%u", 1 + below(game, (uint32_t)game->raised));
    int32_t today = day_of_moment(stage->now_ms, STAGE_ZONE);
    if (below(game, 2))
        stage_promise(stage, id, calendar_day_after(today, (int32_t)below(game, 20)));
    else
        stage_act(stage, "secretary.FIN", acts[below(game, 6)], id);
}

static void say(struct game *game)
{
    struct stage *stage = game->stage;
    const char *office = offices[below(game, 6)];
    size_t count = model_inbox(stage->model, text_of(office))->count;
    struct inbox_read read = {.upto = {1 + below(game, (uint32_t)count + 1), true}};
    struct quiet quiet = {.from_hour = {below(game, 24), true},
        .to_hour = {below(game, 24), true},
        .digest = below(game, 2) ? FREQUENCY_WEEKLY : FREQUENCY_DAILY};
    if (below(game, 3))
        (void)!stage_do(stage, office, MESSAGE_inbox_read, &read);
    else
        assert_int_equal(stage_do(stage, office, MESSAGE_quiet_set, &quiet), OK);
}

static void declare(struct game *game)
{
    struct stage *stage = game->stage;
    int32_t today = day_of_moment(stage->now_ms, STAGE_ZONE);
    int32_t day = calendar_day_after(today, 1 + (int32_t)below(game, 5));
    if (!calendar_holiday(stage->calendar, day).at)
        stage_holiday(stage, day);
}

/* Nothing of what was just decided comes to an office in its quiet hours. */
static void check_peace(struct game *game, size_t from)
{
    struct stage *stage = game->stage;
    for (size_t i = from; i < stage->log_count; i++) {
        struct text rest, prefix = text_cut(stage->log[i].subject, '.', &rest);
        must(text_is(prefix, "inbox"));
        const struct inbox *inbox = model_inbox(stage->model, rest);
        game->reminders += stage->log[i].message == MESSAGE_reminder_sent;
        if (hours_quiet(inbox->from_hour, inbox->to_hour, stage->now_ms, STAGE_ZONE))
            fail_msg("%s was not left in peace", inbox->office_id);
    }
}

static void go_on(struct game *game)
{
    struct stage *stage = game->stage;
    stage->now_ms += (int64_t)below(game, 40 * 60) * 60000;
    for (size_t events = 1; events;) {
        size_t from = stage->log_count;
        events = stage_due_once(stage);
        assert_true(events <= 100);
        check_peace(game, from);
        if (events && below(game, 4) == 0) {
            stage_restart(stage);
            game->restarts++;
        }
    }
}

static void random_histories(void **state)
{
    (void)state;
    struct game game = {.chance = chance_start("notifications")};
    for (int round = 0; round < ROUNDS; round++) {
        game.stage = stage_new();
        game.raised = 0;
        stage_government(game.stage);
        if (round % 2)
            stage_sign(game.stage, "PWR-2021");
        for (int step = 0; step < STEPS; step++) {
            act(&game);
            if (below(&game, 4) == 0)
                say(&game);
            if (below(&game, 60) == 0)
                declare(&game);
            go_on(&game);
        }
        assert_true(stage_same_again(game.stage));
        stage_free(game.stage);
    }
    assert_true(game.restarts > 0 && game.reminders > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_histories)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
