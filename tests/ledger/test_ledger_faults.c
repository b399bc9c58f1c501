/* What the ledger promises when Redis falls silent, forgets, refuses or is not Redis at all: one
 * answer to every caller, nothing written that would not last. */
#include "ledger/ledger.h"

#include "base/clock.h"
#include "support/redis.h"
#include "turns.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
// clang-format on

static void silence_gives_one_answer(void **state)
{
    (void)state;
    struct redis *redis = redis_start(NULL);
    struct ledger *ledger = turns_open(redis, "SILENT");
    struct heard heard[2] = {0};
    turns_until_ok(ledger);
    redis_pause(redis);
    turns_append(ledger, "k1", "A", 0, "one", &heard[0]);
    turns_until_wrong(ledger, "has not answered for 300 ms");
    turns_append(ledger, "k2", "A", 1, "two", &heard[1]);
    for (unsigned i = 0; i < 5; i++) /* several attempts to connect, all silent */
        turns_step(ledger);
    assert_int_equal(heard[0].times + heard[1].times, 0);
    redis_continue(redis);
    turns_settle(ledger);
    turns_until_ok(ledger);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(heard[i].times, 1);
        /* the first was written for the connection that was given up, and is known by its key */
        assert_int_equal(heard[i].outcome, i ? LEDGER_APPENDED : LEDGER_SEEN);
        assert_int_equal(heard[i].first, i + 1);
    }
    redis_expect(redis, "XLEN misaq:{SILENT}:ledger", ":2");
    ledger_close(ledger);
    redis_stop(redis);
}

static void nothing_is_written_where_it_would_not_last(void **state)
{
    (void)state;
    static const struct {
        const char *wrong, *right, *named;
    } cases[] = {
        {"CONFIG SET appendfsync everysec", "CONFIG SET appendfsync always",
            "appendfsync everysec, not always"},
        {"CONFIG SET maxmemory-policy allkeys-lru", "CONFIG SET maxmemory-policy noeviction",
            "maxmemory-policy allkeys-lru, not noeviction"},
        {"REPLICAOF 127.0.0.1 1", "REPLICAOF NO ONE", "replica"},
        {"CONFIG SET appendonly no", "CONFIG SET appendonly yes", "appendonly no, not yes"},
    };
    struct redis *redis =
        redis_start((const char *const[]){"--replica-serve-stale-data", "yes", NULL});
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char government[8], length[64];
        (void)snprintf(government, sizeof government, "LAST%zu", i);
        (void)snprintf(length, sizeof length, "XLEN misaq:{%s}:ledger", government);
        redis_expect(redis, cases[i].wrong, "+OK");
        struct ledger *ledger = turns_open(redis, government);
        struct heard heard = {0};
        struct pages pages = {0};
        turns_append(ledger, "k", "A", 0, "one", &heard);
        turns_until_wrong(ledger, cases[i].named);
        ledger_read(ledger, 1, 10, 10, turns_page, &pages);
        turns_begin();
        while (!pages.times) /* reads go on */
            turns_step(ledger);
        assert_int_equal(pages.refused, 0);
        assert_int_equal(heard.times, 0);
        redis_expect(redis, length, ":0");
        redis_expect(redis, cases[i].right, "+OK");
        turns_settle(ledger);
        assert_int_equal(heard.outcome, LEDGER_APPENDED);
        ledger_close(ledger);
    }
    redis_stop(redis);
}

static void a_change_while_running_turns_health_red(void **state)
{
    (void)state;
    struct redis *redis = redis_start(NULL);
    struct ledger *ledger = turns_open(redis, "CHANGE");
    turns_until_ok(ledger);
    redis_expect(redis, "CONFIG SET appendfsync no", "+OK");
    turns_until_wrong(ledger, "appendfsync no, not always");
    redis_expect(redis, "CONFIG SET appendfsync always", "+OK");
    turns_until_ok(ledger);
    ledger_close(ledger);
    redis_stop(redis);
}

static void a_ledger_that_went_back_is_not_written_to(void **state)
{
    (void)state;
    struct redis *redis = redis_start(NULL);
    struct ledger *ledger = turns_open(redis, "BACK");
    struct heard heard = {0}, after = {0};
    turns_append(ledger, "k", "A", 0, "one", &heard);
    turns_settle(ledger);
    redis_expect(redis, "DEL misaq:{BACK}:ledger misaq:{BACK}:versions", ":2");
    turns_until_wrong(ledger, "ends at 0, but 1 was there before");
    turns_append(ledger, "k2", "A", 0, "two", &after);
    ledger_turn(ledger, clock_mono_us());
    ledger_turn(ledger, clock_mono_us());
    assert_int_equal(after.times, 0);
    redis_expect(redis, "EXISTS misaq:{BACK}:ledger", ":0");
    ledger_close(ledger);
    redis_stop(redis);
}

static void full_memory_is_a_refusal(void **state)
{
    (void)state;
    struct redis *redis = redis_start(NULL);
    struct ledger *ledger = turns_open(redis, "FULL");
    struct heard heard = {0};
    turns_until_ok(ledger);
    redis_expect(redis, "CONFIG SET maxmemory 1", "+OK");
    turns_append(ledger, "k", "A", 0, "one", &heard);
    turns_settle(ledger);
    assert_int_equal(heard.outcome, LEDGER_FAILED);
    assert_non_null(strstr(heard.why, "maxmemory"));
    redis_expect(redis, "EXISTS misaq:{FULL}:ledger", ":0");
    ledger_close(ledger);
    redis_stop(redis);
}

static void forgotten_functions_are_loaded_again(void **state)
{
    (void)state;
    struct redis *redis = redis_start(NULL);
    struct ledger *ledger = turns_open(redis, "FORGET");
    struct heard heard = {0};
    turns_until_ok(ledger);
    redis_expect(redis, "FUNCTION FLUSH SYNC", "+OK");
    turns_append(ledger, "k", "A", 0, "one", &heard);
    turns_settle(ledger);
    assert_int_equal(heard.outcome, LEDGER_APPENDED);
    ledger_close(ledger);

    redis_expect(redis, "FUNCTION FLUSH SYNC", "+OK");
    redis_expect(redis,
        "FUNCTION LOAD \"#!lua name=misaq_v1\\n"
        "redis.register_function('misaq_append_v1', function() return {1, 7} end)\"",
        "misaq_v1");
    ledger = turns_open(redis, "FORGET");
    turns_append(ledger, "k2", "A", 1, "two", &heard);
    turns_until_wrong(ledger, "another library misaq_v1");
    assert_int_equal(heard.times, 1);
    ledger_close(ledger);
    redis_stop(redis);
}

static void a_password_is_asked_for_by_name(void **state)
{
    (void)state;
    static struct faults why;
    struct redis *redis = redis_start((const char *const[]){"--requirepass", "secret", NULL});
    static const struct {
        const char *user, *password, *named;
    } cases[] = {
        {"", "", "MISAQ_REDIS_PASSWORD"},
        {"", "wrong", "WRONGPASS"},
        {"nobody", "secret", "WRONGPASS"},
        {"", "secret", ""},
        {"default", "secret", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct settings settings;
        struct ledger *ledger = NULL;
        redis_settings(redis, &settings);
        (void)snprintf(settings.redis_user, sizeof settings.redis_user, "%s", cases[i].user);
        (void)snprintf(
            settings.redis_password, sizeof settings.redis_password, "%s", cases[i].password);
        faults_clear(&why);
        assert_int_equal(ledger_open(&settings, &ledger, &why), OK);
        if (*cases[i].named)
            turns_until_wrong(ledger, cases[i].named);
        else
            turns_until_ok(ledger);
        ledger_close(ledger);
    }
    redis_stop(redis);
}

/* A listening socket on a free port, and its port. */
static int listen_somewhere(uint16_t *ret_port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    assert_int_equal(listen(fd, 16), 0);
    *ret_port = ntohs(address.sin_port);
    return fd;
}

static struct ledger *open_port(uint16_t port)
{
    static struct faults why;
    struct settings settings = {.government = "TCP", .redis_timeout_ms = 100};
    struct ledger *ledger = NULL;
    (void)snprintf(settings.redis, sizeof settings.redis, "127.0.0.1:%u", port);
    faults_clear(&why);
    assert_int_equal(ledger_open(&settings, &ledger, &why), OK);
    turns_begin();
    return ledger;
}

/* Whoever answers on the port of Redis need not be Redis. */
static void nonsense_is_survived(void **state)
{
    (void)state;
    static const char *const nonsense[] = {
        "HTTP/1.1 400 Bad Request\r\n\r\n",
        "+OK\r\n+OK\r\n+OK\r\n+OK\r\n+OK\r\n+OK\r\n+OK\r\n",
        "$-7\r\n",
        "$9999999999999999999\r\n",
        "*2147483647\r\n*2147483647\r\n*2147483647\r\n",
        "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n",
        "*0\r\n*0\r\n*0\r\n*0\r\n*0\r\n*0\r\n",
        "*2\r\n$12\r\nlibrary_code\r\n$3\r\nabc\r\n",
        ":1\r\n:1\r\n:1\r\n",
        "-ERR no\r\n",
        "-LOADING wait\r\n",
        "$5\r\nab",
        "",
    };
    uint16_t port;
    int listener = listen_somewhere(&port);
    for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++) {
        struct ledger *ledger = open_port(port);
        struct heard heard = {0};
        struct pages pages = {0};
        turns_append(ledger, "k", "A", 0, "one", &heard);
        ledger_read(ledger, 1, 10, 10, turns_page, &pages);
        for (unsigned accepted = 0; accepted < 2;) {
            turns_step(ledger);
            int fd = accept(listener, NULL, NULL);
            if (fd < 0)
                continue;
            accepted++;
            (void)!write(fd, nonsense[i], strlen(nonsense[i]));
            turns_step(ledger);
            (void)close(fd);
        }
        assert_false(ledger_health(ledger)->ok);
        assert_int_equal(heard.times, 0);
        ledger_close(ledger);
    }
    (void)close(listener);
}

static void nobody_there_is_told_and_bounded(void **state)
{
    (void)state;
    uint16_t port;
    (void)close(listen_somewhere(&port));
    struct ledger *ledger = open_port(port);
    turns_until_wrong(ledger, "refused");
    enum { LARGE = 10 << 20 };
    char *large = calloc(1, LARGE);
    struct heard heard[8] = {0};
    assert_non_null(large);
    for (unsigned i = 0; i < 8; i++)
        ledger_append(ledger,
            &(struct ledger_append){
                .key = TEXT_LITERAL("k"),
                .expectations = &(struct ledger_expectation){TEXT_LITERAL("A"), 0},
                .expectation_count = 1,
                .events = &(struct ledger_event){TEXT_LITERAL("A"), {large, LARGE}},
                .event_count = 1,
            },
            turns_hear, &heard[i]);
    assert_int_equal(heard[7].times, 0); /* no answer from within the call */
    turns_step(ledger);
    for (unsigned i = 0; i < 8; i++) {
        assert_int_equal(heard[i].times, i >= 6);
        if (i >= 6)
            assert_non_null(strstr(heard[i].why, "try again later"));
    }
    assert_int_equal(ledger_pending(ledger), 6);
    free(large);
    ledger_close(ledger);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(silence_gives_one_answer),
        cmocka_unit_test(nothing_is_written_where_it_would_not_last),
        cmocka_unit_test(a_change_while_running_turns_health_red),
        cmocka_unit_test(a_ledger_that_went_back_is_not_written_to),
        cmocka_unit_test(full_memory_is_a_refusal),
        cmocka_unit_test(forgotten_functions_are_loaded_again),
        cmocka_unit_test(a_password_is_asked_for_by_name),
        cmocka_unit_test(nonsense_is_survived),
        cmocka_unit_test(nobody_there_is_told_and_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
