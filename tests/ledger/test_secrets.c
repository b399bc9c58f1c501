/* The blocking door to Redis: what is put is got, of many who swap at once one wins, a counter
 * always ends. */
#include "ledger/secrets.h"
#include "support/redis.h"

#include "base/must.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>

#define RIVALS 6
#define ROUNDS 40

static struct redis *redis;
static struct settings settings;
static struct faults why;

static struct secrets *open_door(void)
{
    struct secrets *secrets;
    must(secrets_open(&settings, &secrets, &why) == OK);
    return secrets;
}

static void expect_stored(struct secrets *secrets, const char *name, const char *value)
{
    BUF_CLEANUP struct buf out = BUF(SECRETS_VALUE_MAX);
    bool found;
    assert_int_equal(secrets_get(secrets, name, &out, &found, &why), OK);
    assert_int_equal(found, value != NULL);
    if (value)
        assert_true(text_is(buf_as_text(&out), value));
}

static void what_is_put_is_got(void **unused)
{
    (void)unused;
    struct secrets *secrets = open_door();
    expect_stored(secrets, "a", NULL);
    assert_int_equal(secrets_put(secrets, "a", TEXT_LITERAL("x y\r\nz"), 100, &why), OK);
    expect_stored(secrets, "a", "x y\r\nz");
    redis_expect(redis, "TTL misaq:{PK}:secret:a", ":100");
    assert_int_equal(secrets_remove(secrets, "a", &why), OK);
    expect_stored(secrets, "a", NULL);
    secrets_close(secrets);
}

static void swap_compares(void **unused)
{
    (void)unused;
    struct secrets *secrets = open_door();
    bool done = false;
    struct text one = TEXT_LITERAL("one"), two = TEXT_LITERAL("two"), none = {0};
    assert_int_equal(secrets_swap(secrets, "s", one, two, &done, &why), OK);
    assert_false(done);
    expect_stored(secrets, "s", NULL);
    assert_int_equal(secrets_swap(secrets, "s", none, one, &done, &why), OK);
    assert_true(done);
    assert_int_equal(secrets_swap(secrets, "s", none, two, &done, &why), OK);
    assert_false(done);
    assert_int_equal(secrets_swap(secrets, "s", one, two, &done, &why), OK);
    assert_true(done);
    expect_stored(secrets, "s", "two");
    redis_expect(redis, "TTL misaq:{PK}:secret:s", ":-1");
    secrets_close(secrets);
}

struct rival {
    pthread_t thread;
    int number, won;
};

/* Each adds one to the number that stands there, again and again until it is done. */
static void *compete(void *owner)
{
    struct rival *rival = owner;
    struct faults own = {0};
    struct secrets *secrets;
    must(secrets_open(&settings, &secrets, &own) == OK);
    while (rival->won < ROUNDS) {
        BUF_CLEANUP struct buf out = BUF(64);
        bool found, done = false;
        uint64_t value = 0;
        char next[24];
        must(secrets_get(secrets, "race", &out, &found, &own) == OK);
        must(!found || text_whole(buf_as_text(&out), 1000000, &value));
        (void)snprintf(next, sizeof next, "%lu", value + 1);
        struct text old = found ? buf_as_text(&out) : (struct text){0};
        must(secrets_swap(secrets, "race", old, text_of(next), &done, &own) == OK);
        rival->won += done;
    }
    secrets_close(secrets);
    return NULL;
}

static void of_many_one_wins(void **unused)
{
    (void)unused;
    struct rival rivals[RIVALS] = {0};
    char wanted[24];
    for (int i = 0; i < RIVALS; i++) {
        rivals[i].number = i;
        must(pthread_create(&rivals[i].thread, NULL, compete, &rivals[i]) == 0);
    }
    for (int i = 0; i < RIVALS; i++)
        must(pthread_join(rivals[i].thread, NULL) == 0);
    struct secrets *secrets = open_door();
    (void)snprintf(wanted, sizeof wanted, "%d", RIVALS * ROUNDS);
    expect_stored(secrets, "race", wanted); /* no step was lost and none was made twice */
    secrets_close(secrets);
}

static void counters_end(void **unused)
{
    (void)unused;
    struct secrets *secrets = open_door();
    struct secrets_count count;
    for (int i = 1; i <= 3; i++) {
        assert_int_equal(secrets_count(secrets, "c", 50, SECRETS_ONE, &count, &why), OK);
        assert_int_equal(count.count, i);
        assert_true(count.left_s > 45 && count.left_s <= 50);
    }
    assert_int_equal(secrets_count(secrets, "c", 50, SECRETS_BACK, &count, &why), OK);
    assert_int_equal(count.count, 2);
    assert_int_equal(secrets_count(secrets, "new", 50, SECRETS_BACK, &count, &why), OK);
    assert_int_equal(count.count, 0); /* never below nothing */
    redis_expect(redis, "TTL misaq:{PK}:secret:new", ":");
    redis_expect(redis, "SET misaq:{PK}:secret:stuck 7", "+OK"); /* one without an end */
    assert_int_equal(secrets_count(secrets, "stuck", 50, SECRETS_ONE, &count, &why), OK);
    assert_int_equal(count.count, 8);
    redis_expect(redis, "TTL misaq:{PK}:secret:stuck", ":50");
    secrets_close(secrets);
}

static void it_comes_back(void **unused)
{
    (void)unused;
    struct secrets *secrets = open_door();
    bool done;
    BUF_CLEANUP struct buf out = BUF(64);
    assert_int_equal(secrets_put(secrets, "k", TEXT_LITERAL("v"), 1000, &why), OK);
    redis_restart(redis);
    expect_stored(secrets, "k", "v");
    redis_kill(redis);
    assert_int_equal(secrets_get(secrets, "k", &out, &done, &why), ERR_UNAVAILABLE);
    struct text none = {0};
    assert_int_equal(
        secrets_swap(secrets, "k2", none, TEXT_LITERAL("v"), &done, &why), ERR_UNAVAILABLE);
    redis_restart(redis);
    faults_clear(&why);
    expect_stored(secrets, "k", "v");
    redis_pause(redis);
    assert_int_equal(secrets_get(secrets, "k", &out, &done, &why), ERR_UNAVAILABLE);
    redis_continue(redis);
    faults_clear(&why);
    expect_stored(secrets, "k", "v");
    secrets_close(secrets);
}

static void what_redis_refuses_is_told(void **unused)
{
    (void)unused;
    struct settings locked = settings;
    struct secrets *secrets;
    bool found;
    BUF_CLEANUP struct buf out = BUF(64);
    redis_expect(redis, "CONFIG SET requirepass word", "+OK");
    faults_clear(&why);
    assert_int_equal(secrets_open(&locked, &secrets, &why), OK);
    assert_int_equal(secrets_get(secrets, "k", &out, &found, &why), ERR_UNAVAILABLE);
    assert_non_null(strstr(why.kept[0].detail, "MISAQ_REDIS_PASSWORD"));
    secrets_close(secrets);
    (void)snprintf(locked.redis_password, sizeof locked.redis_password, "word");
    faults_clear(&why);
    assert_int_equal(secrets_open(&locked, &secrets, &why), OK);
    assert_int_equal(secrets_get(secrets, "k", &out, &found, &why), OK);
    secrets_close(secrets);
    struct settings nowhere = settings;
    (void)snprintf(nowhere.redis, sizeof nowhere.redis, "nowhere");
    assert_int_equal(secrets_open(&nowhere, &secrets, &why), ERR_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_put_is_got),
        cmocka_unit_test(swap_compares),
        cmocka_unit_test(of_many_one_wins),
        cmocka_unit_test(counters_end),
        cmocka_unit_test(it_comes_back),
        cmocka_unit_test(what_redis_refuses_is_told),
    };
    must(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
    redis = redis_start(NULL);
    redis_settings(redis, &settings);
    settings.redis_timeout_ms = 300;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    redis_stop(redis);
    return failed;
}
