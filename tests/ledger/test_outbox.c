/* The outbox: every position once, a try counted before it begins, waits that grow, an end. */
#include "ledger/outbox.h"
#include "support/redis.h"

#include "base/must.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <signal.h>

#define NOW      1000000
#define FIRST_MS 1000 /* wait */
#define TRY_MS   500
#define TRIES    3

static struct redis *redis;
static struct settings settings;
static struct faults why;

static struct outbox *open_outbox(void)
{
    struct outbox *outbox;
    must(outbox_open(&settings, &outbox, &why) == OK);
    return outbox;
}

static void add(struct outbox *outbox, const char *target, uint64_t first, uint64_t last)
{
    uint64_t positions[OUTBOX_ADD_MOST], left;
    size_t count = 0;
    for (uint64_t position = first; position <= last; position++)
        positions[count++] = position;
    assert_int_equal(outbox_add(outbox, target, positions, count, NOW, &left, &why), OK);
}

/* What can be taken, as a sum of positions * number of the try; and when to look again. */
static uint64_t take(struct outbox *outbox, const char *target, int64_t now_ms, int64_t next_ms)
{
    struct outbox_try tries[OUTBOX_TAKE_MOST];
    size_t count;
    int64_t next;
    uint64_t sum = 0;
    assert_int_equal(
        outbox_take(outbox, target, now_ms, OUTBOX_TAKE_MOST, tries, &count, &next, &why), OK);
    assert_int_equal(next, next_ms);
    for (size_t i = 0; i < count; i++)
        sum += tries[i].position * tries[i].number;
    return sum;
}

static struct outbox_counts counts(struct outbox *outbox, const char *target)
{
    struct outbox_counts found;
    assert_int_equal(outbox_counts(outbox, target, &found, &why), OK);
    return found;
}

static void a_position_goes_in_once(void **unused)
{
    (void)unused;
    struct outbox *one = open_outbox(), *two = open_outbox();
    add(one, "hook.A.a1", 3, 5);
    add(two, "hook.A.a1", 3, 6);
    assert_int_equal(counts(one, "hook.A.a1").waiting, 4);
    assert_int_equal(counts(one, "hook.A.a1").upto, 6);
    assert_int_equal(counts(one, "hook.B.a1").upto, 0);
    assert_int_equal(take(one, "hook.A.a1", NOW, NOW + FIRST_MS + 2 * TRY_MS), 3 + 4 + 5 + 6);
    assert_int_equal(take(two, "hook.A.a1", NOW, NOW + FIRST_MS + 2 * TRY_MS), 0);
    assert_int_equal(outbox_delivered(one, "hook.A.a1", 3, TEXT_LITERAL("r3"), &why), OK);
    add(two, "hook.A.a1", 3, 6);
    assert_int_equal(counts(two, "hook.A.a1").waiting, 3);
    outbox_close(one);
    outbox_close(two);
}

static void who_dies_has_tried(void **unused)
{
    (void)unused;
    struct outbox *outbox = open_outbox();
    int64_t now = NOW;
    add(outbox, "hook.C.a1", 9, 9);
    int64_t waits[TRIES] = {FIRST_MS, 4 * FIRST_MS, 16 * FIRST_MS};
    for (unsigned number = 1; number <= TRIES; number++) {
        int64_t next = now + waits[number - 1] + 2 * TRY_MS;
        assert_int_equal(take(outbox, "hook.C.a1", now, next), 9 * number);
        assert_int_equal(take(outbox, "hook.C.a1", next - 1, next), 0);
        now = next;
    }
    assert_int_equal(take(outbox, "hook.C.a1", now, 0), 0);
    assert_int_equal(counts(outbox, "hook.C.a1").parked, 1);
    assert_int_equal(counts(outbox, "hook.C.a1").waiting, 0);
    outbox_close(outbox);
}

static void what_fails_comes_again_until_it_is_parked(void **unused)
{
    (void)unused;
    struct outbox *outbox = open_outbox();
    const char *target = "mail.focal.PWR";
    bool parked = true;
    struct outbox_sight sight;
    BUF_CLEANUP struct buf arena = BUF(4096);
    add(outbox, target, 7, 8);
    assert_int_equal(take(outbox, target, NOW, NOW + FIRST_MS + 2 * TRY_MS), 7 + 8);
    assert_int_equal(
        outbox_failed(outbox, target, 7, TEXT_LITERAL("no"), NOW + 10, false, &parked, &why), OK);
    assert_false(parked);
    assert_int_equal(take(outbox, target, NOW + 10, NOW + 10 + FIRST_MS), 0);
    assert_int_equal(
        outbox_failed(outbox, target, 8, TEXT_LITERAL("never"), NOW + 10, true, &parked, &why), OK);
    assert_true(parked);
    assert_int_equal(outbox_read(outbox, target, &arena, &sight, &why), OK);
    assert_int_equal(sight.parked_count, 1);
    assert_int_equal(sight.parked[0], 8);
    assert_int_equal(sight.receipt_count, 2);
    assert_true(text_is(sight.receipts[0], "never") && text_is(sight.receipts[1], "no"));
    assert_int_equal(sight.counts.failed, 2);
    /* What is parked is had again once for a wish; its tries begin anew. */
    for (int i = 0; i < 2; i++)
        assert_int_equal(outbox_again(outbox, target, 20, 0, 0, NOW, &why), OK);
    assert_int_equal(counts(outbox, target).parked, 0);
    assert_int_equal(take(outbox, target, NOW, NOW + 10 + FIRST_MS), 8);
    assert_int_equal(outbox_delivered(outbox, target, 8, TEXT_LITERAL("yes"), &why), OK);
    assert_int_equal(outbox_again(outbox, target, 20, 0, 0, NOW, &why), OK);
    assert_int_equal(outbox_again(outbox, target, 21, 8, 9, NOW, &why), OK);
    assert_int_equal(counts(outbox, target).waiting, 3);
    assert_int_equal(outbox_drop(outbox, target, 9, &why), OK);
    assert_int_equal(counts(outbox, target).waiting, 2);
    outbox_close(outbox);
}

static void what_finds_no_room_is_counted(void **unused)
{
    (void)unused;
    settings.outbox_most = 10;
    struct outbox *outbox = open_outbox();
    add(outbox, "hook.D.a1", 1, 25);
    assert_int_equal(counts(outbox, "hook.D.a1").waiting, 10);
    assert_int_equal(counts(outbox, "hook.D.a1").left_out, 15);
    assert_int_equal(counts(outbox, "hook.D.a1").upto, 25);
    outbox_close(outbox);
}

static void it_outlives_redis(void **unused)
{
    (void)unused;
    struct outbox *outbox = open_outbox();
    add(outbox, "hook.E.a1", 1, 2);
    redis_kill(redis);
    faults_clear(&why);
    struct outbox_counts found;
    assert_int_equal(outbox_counts(outbox, "hook.E.a1", &found, &why), ERR_UNAVAILABLE);
    redis_restart(redis);
    faults_clear(&why);
    assert_int_equal(counts(outbox, "hook.E.a1").waiting, 2);
    outbox_close(outbox);
}

static int open_redis(void **unused)
{
    (void)unused;
    (void)signal(SIGPIPE, SIG_IGN); /* a Redis that was killed is written to */
    redis = redis_start(NULL);
    redis_settings(redis, &settings);
    settings.retry_ms = FIRST_MS;
    settings.retry_most = TRIES;
    settings.delivery_ms = TRY_MS;
    return 0;
}

static int close_redis(void **unused)
{
    (void)unused;
    redis_stop(redis);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_position_goes_in_once),
        cmocka_unit_test(who_dies_has_tried),
        cmocka_unit_test(what_fails_comes_again_until_it_is_parked),
        cmocka_unit_test(what_finds_no_room_is_counted),
        cmocka_unit_test(it_outlives_redis),
    };
    return cmocka_run_group_tests(tests, open_redis, close_redis);
}
