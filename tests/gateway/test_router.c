/* Targets are taken apart one way only, and lead to the route that the table says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "path.h"
#include "routes.h"

static struct path path;
static struct faults why;

static enum err read_target(const char *target)
{
    faults_clear(&why);
    return path_read(text_of(target), &path, &why);
}

static void reads_segments_and_parameters(void **state)
{
    (void)state;
    assert_int_equal(read_target("/v1/targets/PWR-2021.1?a=b%20c+d&e&f=%D9%BE"), OK);
    assert_int_equal(path.segment_count, 3);
    assert_true(text_is(path.segments[2], "PWR-2021.1"));
    assert_int_equal(path.parameter_count, 3);
    assert_true(text_is(path.parameters[0].value, "b c d"));
    assert_true(text_is(path.parameters[1].name, "e"));
    assert_int_equal(path.parameters[1].value.len, 0);
    assert_true(text_is(path.parameters[2].value, "\xD9\xBE"));
    assert_int_equal(read_target("/"), OK);
    assert_int_equal(path.segment_count, 0);
    assert_int_equal(read_target("/a?"), OK);
    assert_int_equal(path.parameter_count, 0);
}

static void refuses_what_has_two_readings(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "a", "http://x/a", "*", "//", "/a//b", "/a/", "/./a",
        "/..", "/%2e%2e/a", "/%2E", "/a%2Fb", "/a%2fb", "/%00", "/a%0d%0a", "/%7f", "/%", "/%4",
        "/%zz", "/%ff", "/%c0%af", "/%ed%a0%80", "/a b", "/a#b", "/\x01", "/\xD9\xBE", "/a?b=%00",
        "/a?b=%ff", "/a?=b", "/a?b=c&=d", "/a?b=%4", "/a?b=<c>", "/1/2/3/4/5/6/7/8/9", "/a\\b"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (read_target(bad[i]) == OK)
            fail_msg("\"%s\" was accepted", bad[i]);
        assert_int_equal(faults_err(&why), ERR_BAD_INPUT);
    }
    static char large[PATH_TARGET_MAX + 2];
    memset(large, 'a', sizeof large - 1);
    large[0] = '/';
    assert_int_equal(read_target(large), ERR_HEADERS);
    large[PATH_TARGET_MAX] = '\0';
    assert_int_equal(read_target(large), OK);
}

static void refuses_too_many_parameters(void **state)
{
    (void)state;
    BUF_CLEANUP struct buf target = BUF(1024);
    buf_str(&target, "/a?");
    for (int i = 0; i < PATH_PARAMETERS_MAX; i++)
        buf_printf(&target, "p%d=1&", i);
    faults_clear(&why);
    assert_int_equal(path_read(buf_as_text(&target), &path, &why), OK);
    buf_str(&target, "one=more");
    assert_int_equal(path_read(buf_as_text(&target), &path, &why), ERR_BAD_INPUT);
}

static void encodes_what_it_reads_back(void **state)
{
    (void)state;
    BUF_CLEANUP struct buf target = BUF(1024);
    struct text value = TEXT_LITERAL("a&b=c%d+e f\xD9\xBE?#");
    buf_str(&target, "/x?v=");
    path_encode(&target, value);
    faults_clear(&why);
    assert_int_equal(path_read(buf_as_text(&target), &path, &why), OK);
    assert_true(text_equal(path.parameters[0].value, value));
}

static void finds_the_route(void **state)
{
    (void)state;
    static const struct {
        const char *method, *target;
        enum err err;
        enum message message;
        const char *value;
    } cases[] = {
        {"GET", "/v1/targets", OK, MESSAGE_target_list, NULL},
        {"HEAD", "/v1/targets", OK, MESSAGE_target_list, NULL},
        {"GET", "/v1/targets/PWR-2021.1", OK, MESSAGE_target_get, "PWR-2021.1"},
        {"PUT", "/v1/targets/PWR-2021.1", OK, MESSAGE_target_change, "PWR-2021.1"},
        {"DELETE", "/v1/targets/x", OK, MESSAGE_target_remove, "x"},
        {"GET", "/v1/targets/x/history", OK, MESSAGE_history_target, "x"},
        {"POST", "/v1/agreements/A/targets", OK, MESSAGE_target_draft, "A"},
        {"GET", "/v1/totals/bodies", OK, MESSAGE_totals_list, NULL},
        {"GET", "/v1/totals/bodies/PWR", OK, MESSAGE_totals_get, "PWR"},
        {"POST", "/v1/check", OK, MESSAGE_check_get, NULL},
        {"GET", "/v1/documents/D/bytes", OK, MESSAGE_document_bytes, "D"},
        {"DELETE", "/v1/sessions", OK, MESSAGE_UNSET, NULL},
        {"GET", "/v1/sessions", ERR_METHOD, MESSAGE_UNSET, NULL},
        {"GET", "/healthz", OK, MESSAGE_UNSET, NULL},
        {"POST", "/v1/targets", ERR_METHOD, MESSAGE_UNSET, NULL},
        {"BREW", "/v1/targets", ERR_METHOD, MESSAGE_UNSET, NULL},
        {"get", "/v1/targets", ERR_METHOD, MESSAGE_UNSET, NULL},
        {"OPTIONS", "/v1/targets", ERR_METHOD, MESSAGE_UNSET, NULL},
        {"GET", "/v1", ERR_NOT_FOUND, MESSAGE_UNSET, NULL},
        {"GET", "/", ERR_NOT_FOUND, MESSAGE_UNSET, NULL},
        {"GET", "/v1/target", ERR_NOT_FOUND, MESSAGE_UNSET, NULL},
        {"GET", "/V1/targets", ERR_NOT_FOUND, MESSAGE_UNSET, NULL},
        {"GET", "/v1/targets/x/y", ERR_NOT_FOUND, MESSAGE_UNSET, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct route_match match;
        assert_int_equal(read_target(cases[i].target), OK);
        assert_int_equal(route_find(&path, text_of(cases[i].method), &match), cases[i].err);
        assert_int_equal(match.route != NULL, cases[i].err == OK);
        if (!match.route)
            continue;
        assert_int_equal(match.route->message, cases[i].message);
        assert_ptr_equal(match.route, route_at(match.index));
        assert_int_equal(match.count, cases[i].value ? 1 : 0);
        if (cases[i].value)
            assert_true(text_is(match.values[0], cases[i].value));
    }
}

static void tells_the_methods_of_a_path(void **state)
{
    (void)state;
    struct route_match match;
    BUF_CLEANUP struct buf allow = BUF(100);
    assert_int_equal(read_target("/v1/targets/x"), OK);
    assert_int_equal(route_find(&path, TEXT_LITERAL("POST"), &match), ERR_METHOD);
    route_write_allow(match.allow, &allow);
    assert_true(text_is(buf_as_text(&allow), "GET, HEAD, PUT, DELETE, OPTIONS"));
}

/* What the gateway takes for granted of the tables. */
static void every_row_of_the_table_holds(void **state)
{
    (void)state;
    for (size_t i = 0; route_at(i); i++) {
        const struct route *route = route_at(i);
        const struct record *carries = route_carries(route);
        struct route_match match;
        BUF_CLEANUP struct buf target = BUF(256);
        for (const char *c = route->pattern; *c; c++)
            if (*c != '{' && *c != '}')
                buf_char(&target, *c);
        faults_clear(&why);
        assert_int_equal(path_read(buf_as_text(&target), &path, &why), OK);
        assert_int_equal(route_find(&path, text_of(method_word(route->method)), &match), OK);
        if (match.route != route)
            fail_msg("%s is hidden by %s", route->pattern, match.route->pattern);
        for (size_t n = 0; carries && n < match.count; n++) {
            size_t hint = 0;
            const struct slot *slot = record_find(carries, match.names[n], &hint);
            if (!slot || (slot->field->kind != FIELD_ID && slot->field->kind != FIELD_DAY &&
                             slot->field->kind != FIELD_PICK))
                fail_msg("%s fills no id, day or word of %s", route->pattern, carries->name);
        }
        assert_true(!route->raw || message_row(route->message)->raw);
        assert_true(!route->message || !message_row(route->message)->raw || route->raw);
    }
}

static void things_that_are_made_have_a_place(void **state)
{
    (void)state;
    static const struct {
        enum message maker, get;
    } cases[] = {
        {MESSAGE_cycle_create, MESSAGE_cycle_get}, {MESSAGE_target_draft, MESSAGE_target_get},
        {MESSAGE_posting_propose, MESSAGE_posting_get}, {MESSAGE_thread_open, MESSAGE_thread_get},
        {MESSAGE_key_propose, MESSAGE_key_get},
        {MESSAGE_agreement_sign, MESSAGE_UNSET},    /* the agreement was there */
        {MESSAGE_ruling_make, MESSAGE_UNSET},       /* rulings have a list only */
        {MESSAGE_amendment_propose, MESSAGE_UNSET}, /* and so have amendments */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t at = 0;
        while (route_at(at) && route_at(at)->message != cases[i].maker)
            at++;
        assert_non_null(route_at(at));
        const struct route *get = route_of_thing(route_at(at));
        if ((get ? get->message : MESSAGE_UNSET) != cases[i].get)
            fail_msg("%s", message_row(cases[i].maker)->wire);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_segments_and_parameters),
        cmocka_unit_test(refuses_what_has_two_readings),
        cmocka_unit_test(refuses_too_many_parameters),
        cmocka_unit_test(encodes_what_it_reads_back),
        cmocka_unit_test(finds_the_route),
        cmocka_unit_test(tells_the_methods_of_a_path),
        cmocka_unit_test(every_row_of_the_table_holds),
        cmocka_unit_test(things_that_are_made_have_a_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
