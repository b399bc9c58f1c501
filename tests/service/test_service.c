/* What the runtime promises to askers, over real sockets and a real Redis. */
#include "stand.h"

#include "base/clock.h"
#include "schema/pack.h"
#include "service/cause.h"

#include <sodium.h>
#include <stdio.h>

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
// clang-format on

static struct redis *redis;
static struct stand stand;
static struct told told;

static int start(void **state)
{
    (void)state;
    redis = redis_start(NULL);
    stand_open(&stand, redis, "ASK");
    stand_start_ready(&stand, 0);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    stand_end(&stand, 0);
    assert_int_equal(stand_wait(&stand, 0), 0);
    stand_close(&stand);
    redis_stop(redis);
    return 0;
}

static void a_write_is_read_by_its_position(void **state)
{
    (void)state;
    struct did did = {0};
    char name[64] = "";
    assert_int_equal(stand_put(&stand, 0, MESSAGE_body_register, "r1", "PWR", "Power", &did), OK);
    assert_int_equal(did.version, 1);
    assert_int_equal(did.events, 1);
    assert_int_equal(stand_get(&stand, 0, "PWR", did.position, NULL, name), 1);
    assert_string_equal(name, "Power");
    assert_int_equal(stand_put(&stand, 0, MESSAGE_body_change, "r2", "PWR", "Energy", &did), OK);
    assert_int_equal(did.version, 2);
    assert_int_equal(stand_get(&stand, 0, "PWR", did.position, NULL, name), 2);
    assert_string_equal(name, "Energy");
}

static void an_answer_says_how_long_it_holds(void **state)
{
    (void)state;
    struct did did = {0};
    struct body_one one = {.body = TEXT_LITERAL("KEEP")};
    assert_int_equal(stand_put(&stand, 0, MESSAGE_body_register, "k1", "KEEP", "K", &did), OK);
    stand_ask(&stand,
        &(struct question){
            .message = MESSAGE_body_get, .body = &one, .least = (int64_t)did.position},
        &told);
    assert_int_equal(told.status, OK);
    assert_true(text_is(told.answer.subject, "KEEP"));
    assert_int_equal(told.answer.version.value, 1);
    assert_true((uint64_t)told.answer.position.value >= did.position);
    told_free(&told);
}

static void a_query_beyond_the_ledger_ends_at_its_deadline(void **state)
{
    (void)state;
    struct body_one one = {.body = TEXT_LITERAL("PWR")};
    uint64_t before = clock_mono_us();
    stand_ask(&stand,
        &(struct question){
            .message = MESSAGE_body_get, .body = &one, .least = 1000000, .within_ms = 50},
        &told);
    assert_int_equal(told.status, ERR_DEADLINE);
    assert_true(clock_mono_us() - before >= 50000);
    told_free(&told);
}

static void the_same_command_again_gets_the_first_answer(void **state)
{
    (void)state;
    struct did first = {0}, again = {0};
    assert_int_equal(stand_put(&stand, 0, MESSAGE_body_register, "i1", "IDEM", "A", &first), OK);
    assert_int_equal(stand_put(&stand, 0, MESSAGE_body_register, "i1", "IDEM", "A", &again), OK);
    assert_memory_equal(&first, &again, sizeof first);
    assert_int_equal(stand_put(&stand, 0, MESSAGE_body_change, "i2", "IDEM", "B", &first), OK);
    assert_int_equal(stand_put(&stand, 0, MESSAGE_body_change, "i2", "IDEM", "B", &again), OK);
    assert_memory_equal(&first, &again, sizeof first);
    assert_int_equal(again.version, 2);
}

static void a_key_with_another_request_is_refused(void **state)
{
    (void)state;
    struct did did = {0};
    assert_int_equal(stand_put(&stand, 0, MESSAGE_body_register, "u1", "REUSE", "A", &did), OK);
    assert_int_equal(stand_put(&stand, 0, MESSAGE_body_register, "u1", "REUSE", "B", &did),
        ERR_KEY_REUSED); /* would be refused anyway */
    assert_int_equal(stand_put(&stand, 0, MESSAGE_body_register, "u1", "OTHER", "A", &did),
        ERR_KEY_REUSED); /* would be accepted */
    assert_int_equal(
        stand_put(&stand, 0, MESSAGE_body_register, "u2", "REUSE", "A", &did), ERR_EXISTS);
}

static void hash_part(crypto_generichash_state *hash, struct text part)
{
    const unsigned char len[4] = {(unsigned char)part.len, (unsigned char)(part.len >> 8), 0, 0};
    crypto_generichash_update(hash, len, sizeof len);
    crypto_generichash_update(hash, (const unsigned char *)part.at, part.len);
}

/* Whoever has the key and what was sent can tell which events came of it. */
static void an_event_names_key_and_request(void **state)
{
    (void)state;
    struct did did = {0};
    struct body body = {.id = TEXT_LITERAL("CAUSE"),
        .name = TEXT_LITERAL("C"),
        .kind = TEXT_LITERAL("division"),
        .valid_from = 20210701};
    assert_int_equal(stand_put(&stand, 0, MESSAGE_body_register, "k\"1", "CAUSE", "C", &did), OK);
    BUF_CLEANUP struct buf frame = BUF(65536);
    crypto_generichash_state hash;
    unsigned char fingerprint[32];
    char cause[CAUSE_LEN + 1];
    pack_write(body_record(), &body, &frame);
    crypto_generichash_init(&hash, NULL, 0, sizeof fingerprint);
    hash_part(&hash, TEXT_LITERAL("body.register"));
    hash_part(&hash, TEXT_LITERAL("")); /* no If-Match */
    hash_part(&hash, buf_as_text(&frame));
    crypto_generichash_final(&hash, fingerprint, sizeof fingerprint);
    cause_of(TEXT_LITERAL("a.khan/administrator.1/k\"1"),
        (struct text){(const char *)fingerprint, sizeof fingerprint}, cause);
    struct history history = {.id = TEXT_LITERAL("CAUSE")};
    stand_ask(&stand,
        &(struct question){
            .message = MESSAGE_history_body, .body = &history, .least = (int64_t)did.position},
        &told);
    struct event_view view;
    assert_int_equal(told.message->count, 2);
    assert_int_equal(
        pack_read(event_view_record(), told.message->frames[1], PACK_REFUSE, &view, &told.why), OK);
    assert_true(text_is(view.cause, cause));
    told_free(&told);
    /* SHA-256 of 01 00 00 00 6b 66, worked out with another program */
    cause_of(TEXT_LITERAL("k"), TEXT_LITERAL("f"), cause);
    assert_string_equal(cause, "a2aa50a1a62efa60c0ff993eb324edff");
}

struct refusal {
    const char *name;
    struct question question;
    enum err status;
    const char *member;
};

static void refusals_are_named(void **state)
{
    (void)state;
    static const struct body fine = {
        .id = {"FINE", 4}, .name = {"Fine", 4}, .kind = {"division", 8}, .valid_from = 20210701};
    static const struct body nameless = {
        .id = {"FINE", 4}, .kind = {"division", 8}, .valid_from = 20210701};
    static const struct body_one nobody = {.body = {"NOBODY", 6}};
    static const struct refusal cases[] = {
        {"public", {.message = MESSAGE_body_register, .key = "x", .body = &fine},
            ERR_UNAUTHENTICATED, ""},
        {"no such office",
            {.message = MESSAGE_body_register, .office = "emperor", .key = "x", .body = &fine},
            ERR_FORBIDDEN, ""},
        {"not this office",
            {.message = MESSAGE_body_register, .office = "focal.PWR", .key = "x", .body = &fine},
            ERR_FORBIDDEN, ""},
        {"no key", {.message = MESSAGE_body_register, .office = "administrator.1", .body = &fine},
            ERR_BAD_INPUT, "key"},
        {"missing member",
            {.message = MESSAGE_body_register,
                .office = "administrator.1",
                .key = "x",
                .body = &nameless},
            ERR_INVALID, "name"},
        {"rows",
            {.message = MESSAGE_body_register,
                .office = "administrator.1",
                .key = "x",
                .body = &fine,
                .rows = 1},
            ERR_BAD_INPUT, ""},
        {"a command of the past",
            {.message = MESSAGE_body_register,
                .office = "administrator.1",
                .key = "x",
                .at = "1",
                .body = &fine},
            ERR_BAD_INPUT, "at"},
        {"stale",
            {.message = MESSAGE_body_change,
                .office = "administrator.1",
                .key = "x",
                .expected = 7,
                .body = &fine},
            ERR_NOT_FOUND, "id"},
        {"not answered here", {.message = MESSAGE_cycle_list, .office = "administrator.1"},
            ERR_BAD_INPUT, ""},
        {"nothing there", {.message = MESSAGE_body_get, .body = &nobody}, ERR_NOT_FOUND, ""},
        {"no past", {.message = MESSAGE_body_list, .at = "1"}, ERR_INVALID, "at"},
        {"nothing there then", {.message = MESSAGE_body_get, .at = "1", .body = &nobody},
            ERR_NOT_FOUND, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        stand_ask(&stand, &cases[i].question, &told);
        if (told.status != cases[i].status || strcmp(told.why.kept[0].member, cases[i].member) != 0)
            fail_msg(
                "%s: %s at \"%s\"", cases[i].name, err_word(told.status), told.why.kept[0].member);
        assert_true(strlen(told.why.kept[0].detail) > 0);
        told_free(&told);
    }
}

/* Reads a page of history; how many events, their positions' last in *ret_last. */
static size_t read_history(
    const char *id, int64_t limit, const char *after, uint64_t *ret_last, char next[32])
{
    struct history history = {
        .id = text_of(id), .limit = {limit, limit > 0}, .after = text_of(after)};
    stand_ask(&stand, &(struct question){.message = MESSAGE_history_body, .body = &history}, &told);
    assert_int_equal(told.status, OK);
    for (size_t i = 1; i < told.message->count; i++) {
        struct event_view view;
        assert_int_equal(
            pack_read(event_view_record(), told.message->frames[i], PACK_REFUSE, &view, &told.why),
            OK);
        assert_true(text_is(view.about, id) && text_is(view.actor.person, "a.khan"));
        assert_true((uint64_t)view.position.value > *ret_last);
        *ret_last = (uint64_t)view.position.value;
    }
    assert_int_equal(told.answer.total.value, 7);
    (void)snprintf(next, 32, "%.*s", TEXT_ARG(told.answer.next));
    size_t count = told.message->count - 1;
    told_free(&told);
    return count;
}

static void history_comes_in_pages(void **state)
{
    (void)state;
    struct did did = {0};
    char key[32], name[32], next[32];
    assert_int_equal(stand_put(&stand, 0, MESSAGE_body_register, "h0", "HIST", "0", &did), OK);
    for (int i = 1; i < 7; i++) {
        (void)snprintf(key, sizeof key, "h%d", i);
        (void)snprintf(name, sizeof name, "Name %d", i);
        assert_int_equal(stand_put(&stand, 0, MESSAGE_body_change, key, "HIST", name, &did), OK);
        (void)snprintf(key, sizeof key, "other%d", i);
        (void)snprintf(name, sizeof name, "O%d", i);
        assert_int_equal(stand_put(&stand, 0, MESSAGE_body_register, key, name, "o", &did), OK);
    }
    uint64_t last = 0;
    assert_int_equal(read_history("HIST", 0, NULL, &last, next), 7);
    assert_string_equal(next, "");
    last = 0;
    assert_int_equal(read_history("HIST", 3, NULL, &last, next), 3);
    assert_int_equal(read_history("HIST", 3, next, &last, next), 3);
    assert_int_equal(read_history("HIST", 3, next, &last, next), 1);
    assert_string_equal(next, "");
    struct history wrong = {.id = TEXT_LITERAL("HIST"), .after = TEXT_LITERAL("-1")};
    stand_ask(&stand, &(struct question){.message = MESSAGE_history_body, .body = &wrong}, &told);
    assert_int_equal(told.status, ERR_INVALID);
    assert_string_equal(told.why.kept[0].member, "after");
    told_free(&told);
}

static void the_past_is_as_it_was(void **state)
{
    (void)state;
    struct did made = {0}, changed = {0};
    char name[64] = "", at[32];
    assert_int_equal(stand_put(&stand, 0, MESSAGE_body_register, "p1", "PAST", "Old", &made), OK);
    assert_int_equal(stand_put(&stand, 0, MESSAGE_body_change, "p2", "PAST", "New", &changed), OK);
    (void)snprintf(at, sizeof at, "%llu", (unsigned long long)made.position);
    assert_int_equal(stand_get(&stand, 0, "PAST", changed.position, at, name), 1);
    assert_string_equal(name, "Old");
    (void)snprintf(at, sizeof at, "%llu", (unsigned long long)made.position - 1);
    assert_int_equal(stand_get(&stand, 0, "PAST", changed.position, at, name), 0);
    (void)snprintf(at, sizeof at, "%llu", (unsigned long long)changed.position);
    assert_int_equal(stand_get(&stand, 0, "PAST", changed.position, at, name), 2);
    assert_string_equal(name, "New");
    char today[DAY_TEXT_SIZE], before[DAY_TEXT_SIZE];
    int32_t day = day_of_moment(clock_wall_ms(), (int32_t)stand.settings[0].zone_minutes);
    day_to_text(day, today);
    day_to_text(day_from_number(day_number(day) - 2), before);
    assert_int_equal(stand_get(&stand, 0, "PAST", changed.position, today, name), 2);
    assert_int_equal(stand_get(&stand, 0, "PAST", changed.position, before, name), 0);
    static const char *const wrong[] = {"0", "99999999", "tomorrow", "2021-02-30"};
    struct body_one one = {.body = TEXT_LITERAL("PAST")};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        stand_ask(&stand,
            &(struct question){.message = MESSAGE_body_get, .body = &one, .at = wrong[i]}, &told);
        assert_int_equal(told.status, ERR_INVALID);
        assert_string_equal(told.why.kept[0].member, "at");
        told_free(&told);
    }
}

static void commands_on_one_subject_take_turns(void **state)
{
    (void)state;
    enum { CHANGES = 100 };
    struct did did = {0};
    char key[32], name[64];
    bool seen[CHANGES + 2] = {false};
    struct body body = {.id = TEXT_LITERAL("TURNS"),
        .name = TEXT_LITERAL("x"),
        .kind = TEXT_LITERAL("division"),
        .valid_from = 20210701};
    assert_int_equal(stand_put(&stand, 0, MESSAGE_body_register, "t", "TURNS", "x", &did), OK);
    for (int i = 0; i < CHANGES; i++) {
        (void)snprintf(key, sizeof key, "t%d", i);
        (void)stand_send(&stand, &(struct question){.message = MESSAGE_body_change,
                                     .office = "administrator.1",
                                     .key = key,
                                     .body = &body});
    }
    for (int i = 0; i < CHANGES; i++) {
        assert_true(stand_hear(&stand, 0, 20000, &told));
        assert_int_equal(told.status, OK);
        uint64_t version = (uint64_t)told.answer.version.value;
        assert_true(version >= 2 && version <= CHANGES + 1 && !seen[version]);
        seen[version] = true;
        if (did.position < (uint64_t)told.answer.position.value)
            did.position = (uint64_t)told.answer.position.value;
        told_free(&told);
    }
    assert_int_equal(stand_get(&stand, 0, "TURNS", did.position, NULL, name), CHANGES + 1);
}

static void status_counts(void **state)
{
    (void)state;
    char why[256];
    struct service_status status = stand_status(&stand, 0, why);
    assert_int_equal(status.ready, FLAG_YES);
    assert_int_equal(status.waiting.value, 0);
    assert_true(status.memory.value > 1000000);
    assert_true(status.position.value == status.head.value && status.position.value > 100);
    assert_true(status.counters.head.count > 3);
}

int main(int argc, char **argv)
{
    int code;
    if (stand_serves(argc, argv, &code))
        return code;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_write_is_read_by_its_position),
        cmocka_unit_test(an_answer_says_how_long_it_holds),
        cmocka_unit_test(a_query_beyond_the_ledger_ends_at_its_deadline),
        cmocka_unit_test(the_same_command_again_gets_the_first_answer),
        cmocka_unit_test(a_key_with_another_request_is_refused),
        cmocka_unit_test(an_event_names_key_and_request),
        cmocka_unit_test(refusals_are_named),
        cmocka_unit_test(history_comes_in_pages),
        cmocka_unit_test(the_past_is_as_it_was),
        cmocka_unit_test(commands_on_one_subject_take_turns),
        cmocka_unit_test(status_counts),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
