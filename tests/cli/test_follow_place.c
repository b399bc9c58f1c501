/* What a subscriber has missed: the rules of the stream for departments by tables, and a random
 * publisher, network and subscriber that never disagree about what is lost. */
#include "follow_place.h"

#include "support/chance.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define TOPICS 4
#define EVENTS 2000

static const char *const names[TOPICS] = {
    "public.a.b.X", "public.a.b.Y", "public.c.d.X", "inner.a.b.X"};
static const char *const wanted[] = {"public."};

static struct stream_control heads_of(uint64_t from, uint64_t to)
{
    struct stream_control heads = {.from = {(int64_t)from, true}, .to = {(int64_t)to, true}};
    return heads;
}

static void name(struct stream_control *heads, const char *topic, uint64_t position)
{
    heads->topics.at[heads->topics.head.count++] =
        (struct topic_head){text_of(topic), {(int64_t)position, true}};
}

static void the_rules_hold(void **state)
{
    (void)state;
    struct follow_place place = {.cursor = 10, .heads = 10};
    static struct stream_control heads;
    assert_false(follow_place_lacks(&place, 0));
    assert_false(follow_place_lacks(&place, 10));
    assert_true(follow_place_lacks(&place, 11));
    follow_place_take(&place, 11);
    assert_false(follow_place_lacks(&place, 11));
    heads = heads_of(10, 12);
    assert_false(follow_place_missed(&place, &heads, wanted, 1));
    name(&heads, names[0], 11);
    assert_false(follow_place_missed(&place, &heads, wanted, 1));
    name(&heads, names[3], 12); /* not subscribed to */
    assert_false(follow_place_missed(&place, &heads, wanted, 1));
    name(&heads, names[1], 12);
    assert_true(follow_place_missed(&place, &heads, wanted, 1));
    heads = heads_of(9, 12);
    assert_true(follow_place_missed(&place, &heads, wanted, 1));
    heads = heads_of(10, 12);
    heads.many = FLAG_YES;
    assert_true(follow_place_missed(&place, &heads, wanted, 1));
    follow_place_reach(&place, 12);
    assert_int_equal(place.count, 0);
    assert_true(follow_place_has(&place, 12));
    follow_place_free(&place);
}

/* Whatever is dropped, after the next heads that came everything up to them was had. */
static void nothing_is_lost_unseen(void **state)
{
    (void)state;
    static struct stream_control heads;
    struct follow_place place = {.cursor = 0, .heads = 0};
    bool had[EVENTS + 1] = {false};
    uint64_t last[TOPICS] = {0}, topic_of[EVENTS + 1] = {0}, told = 0;
    bool moved[TOPICS] = {false};
    struct chance chance = chance_start("nothing_is_lost_unseen");
    for (uint64_t position = 1; position <= EVENTS; position++) {
        size_t topic = chance_below(&chance, TOPICS);
        uint64_t previous = last[topic];
        bool is_wanted = topic < 3, arrives = is_wanted && chance_below(&chance, 10) > 0;
        last[topic] = topic_of[position] = position;
        topic_of[position] = topic;
        moved[topic] = true;
        if (arrives && follow_place_lacks(&place, previous))
            for (uint64_t p = place.cursor + 1; p < position; p++)
                if (topic_of[p] < 3 && !follow_place_has(&place, p)) {
                    follow_place_take(&place, p);
                    had[p] = true;
                }
        if (arrives && !follow_place_has(&place, position)) {
            follow_place_take(&place, position);
            assert_false(had[position]);
            had[position] = true;
        }
        if (chance_below(&chance, 20) > 0)
            continue;
        heads = heads_of(told, position);
        for (size_t t = 0; t < TOPICS; t++)
            if (moved[t])
                name(&heads, names[t], last[t]);
        memset(moved, 0, sizeof moved);
        told = position;
        if (chance_below(&chance, 5) == 0)
            continue; /* these heads are lost as a whole */
        if (follow_place_missed(&place, &heads, wanted, 1))
            for (uint64_t p = place.cursor + 1; p <= position; p++)
                if (topic_of[p] < 3 && !follow_place_has(&place, p)) {
                    follow_place_take(&place, p);
                    had[p] = true;
                }
        follow_place_reach(&place, position);
        place.heads = position;
        for (uint64_t p = 1; p <= position; p++)
            assert_true(had[p] || topic_of[p] == 3);
    }
    follow_place_free(&place);
}

static void the_cursor_is_kept(void **state)
{
    (void)state;
    char path[] = "/tmp/misaq-cursor-XXXXXX";
    int fd = mkstemp(path);
    uint64_t cursor = 7;
    assert_true(fd >= 0);
    (void)close(fd);
    assert_false(follow_place_load(path, &cursor)); /* an empty file is none */
    assert_true(follow_place_save(path, 123456789));
    assert_true(follow_place_load(path, &cursor));
    assert_int_equal(cursor, 123456789);
    assert_int_equal(unlink(path), 0);
    assert_true(follow_place_load(path, &cursor));
    assert_int_equal(cursor, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rules_hold),
        cmocka_unit_test(nothing_is_lost_unseen),
        cmocka_unit_test(the_cursor_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
