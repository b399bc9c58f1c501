/* Headers that another hop could read differently are refused, all others let through. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "conditions.h"
#include "headers.h"

static struct faults why;

/* Judges fields written as "Name: value\n". */
static enum err judge(const char *fields, bool newer, struct headers *ret_headers)
{
    *ret_headers = (struct headers){0};
    struct text rest = text_of(fields);
    while (rest.len) {
        struct text value, name = text_cut(text_cut(rest, '\n', &rest), ':', &value);
        if (value.len && value.at[0] == ' ')
            value = (struct text){value.at + 1, value.len - 1};
        headers_add(ret_headers, name, value);
    }
    faults_clear(&why);
    return headers_judge(ret_headers, newer, &why);
}

static void lets_good_ones_through(void **state)
{
    (void)state;
    struct headers headers;
    assert_int_equal(judge("Host: x\nContent-Length: 12\nX-Y: \xD9\xBE\tz\n", true, &headers), OK);
    assert_int_equal(headers.length, 12);
    assert_false(headers.chunked);
    assert_int_equal(judge("hOST: x\nTransfer-Encoding: Chunked\n", true, &headers), OK);
    assert_true(headers.chunked);
    assert_int_equal(judge("", false, &headers), OK);
    assert_int_equal(judge("Host:\nExpect: 100-continue\n", true, &headers), OK);
    assert_int_equal(judge("Host: x\nX: 1\nX: 2\n", true, &headers), OK);
    assert_int_equal(
        judge("Host: x\nMisaq-Office: auditor\nIf-Match: \"1\"\n", true, &headers), OK);
    assert_true(text_is(headers.office, "auditor"));
    assert_true(text_is(headers.if_match, "\"1\""));
}

static void refuses_bad_ones(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "Host: x\nHost: x\n",
        "Host: x\nContent-Length: 5\nTransfer-Encoding: chunked\n",
        "Host: x\nContent-Length: 5\nContent-Length: 5\n", "Host: x\nContent-Length: 5, 5\n",
        "Host: x\nContent-Length: +5\n", "Host: x\nContent-Length: -5\n",
        "Host: x\nContent-Length: 0x5\n", "Host: x\nContent-Length:\n",
        "Host: x\nContent-Length: 05\n", "Host: x\nContent-Length: 99999999999999999999\n",
        "Host: x\nContent-Length : 5\n", "Host: x\n Content-Length: 5\n",
        "Host: x\nTransfer-Encoding: gzip, chunked\n", "Host: x\nTransfer-Encoding: identity\n",
        "Host: x\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked\n",
        "Host: x\nTransfer-Encoding: xchunked\n", "Host: x\nExpect: 200-ok\n", "Host: x\n: y\n",
        "Host: x\nA\x01: y\n", "Host: x\nA\xC3\xA9: y\n", "Host: x\nA(: y\n", "Host: x\nA: y\rz\n",
        "Host: x\nA: y\x7F\n", "Host: x\nAccept: a\nAccept: b\n",
        "Host: x\nMisaq-Office: pm\nMisaq-Office: auditor\n", "Host: x\nCookie: a=b\nCookie: c=d\n",
        "Host: x\nAuthorization: Bearer a\nauthorization: Bearer a\n",
        "Host: x\nOrigin: http://x\nOrigin: http://x\n",
        "Host: x\nSec-Fetch-Site: none\nSec-Fetch-Site: none\n"};
    struct headers headers;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (judge(bad[i], true, &headers) != ERR_BAD_INPUT)
            fail_msg("case %zu was let through: %s", i, bad[i]);
    assert_int_equal(judge("Transfer-Encoding: chunked\n", false, &headers), ERR_BAD_INPUT);
    headers = (struct headers){0};
    headers_add(&headers, TEXT_LITERAL("Host"), (struct text){"a\0b", 3});
    faults_clear(&why);
    assert_int_equal(headers_judge(&headers, true, &why), ERR_BAD_INPUT);
}

static void bounds_number_and_size(void **state)
{
    (void)state;
    struct headers headers = {0};
    headers_add(&headers, TEXT_LITERAL("Host"), TEXT_LITERAL("x"));
    for (int i = 1; i < HEADERS_MAX; i++)
        headers_add(&headers, TEXT_LITERAL("X"), TEXT_LITERAL("y"));
    faults_clear(&why);
    assert_int_equal(headers_judge(&headers, true, &why), OK);
    headers_add(&headers, TEXT_LITERAL("X"), TEXT_LITERAL("y"));
    assert_int_equal(headers_judge(&headers, true, &why), ERR_HEADERS);
    static char large[HEADERS_BYTES_MAX];
    memset(large, 'a', sizeof large);
    headers = (struct headers){0};
    headers_add(&headers, TEXT_LITERAL("Host"), (struct text){large, sizeof large});
    faults_clear(&why);
    assert_int_equal(headers_judge(&headers, true, &why), ERR_HEADERS);
}

static void lines_are_plain(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len, count;
        bool plain;
    } cases[] = {
#define BYTES(s) s, sizeof(s) - 1
        {BYTES("\0\0Host\0 x\0\0\0\0"), 1, true},
        {BYTES("\0\0Host\0 x\0\0B\0\0\0\0\0"), 2, true},
        {BYTES("\0\0\0\0"), 0, true},
        {BYTES("\0Host\0 x\0\0\0\0"), 1, false},            /* bare LF */
        {BYTES("\0\0Host\0 x\0B\0 a\0\0\0\0"), 2, false},   /* bare LF */
        {BYTES("\0\0Host\0 x\0\0\0"), 1, false},            /* bare LF at the end */
        {BYTES("\0\0Host\0 x\0\0 more\0\0\0\0"), 1, false}, /* folded */
        {BYTES("\0\0\0 x\0\0\0\0"), 1, false},              /* no name */
        {BYTES("\0\0Host\0 x\0y\0\0\0\0"), 1, false},       /* NUL in a value */
        {BYTES("\0\0Host\0 x\0\0y\0z\0\0\0\0"), 1, false},  /* two of them */
        {BYTES("\0\0Ho\0st\0 x\0\0\0\0"), 1, false},        /* NUL in a name */
        {BYTES("\0\0Host \0 x\0\0\0\0"), 1, false},
        {BYTES("\0\0Host\0 x\0\0\0\0?"), 1, false},
        {BYTES("\0\0Host"), 1, false},
        {BYTES(""), 0, false},
#undef BYTES
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (headers_plain((struct text){cases[i].bytes, cases[i].len}, cases[i].count) !=
            cases[i].plain)
            fail_msg("case %zu", i);
}

static void etags_have_one_form(void **state)
{
    (void)state;
    struct whole expected;
    faults_clear(&why);
    assert_int_equal(condition_if_match(TEXT_LITERAL("\"12\""), &expected, &why), OK);
    assert_int_equal(expected.value, 12);
    static const char *const bad[] = {"", "*", "12", "\"12", "\"\"", "\"a\"", "W/\"12\"",
        "\"1\", \"2\"", "\"012\"", "\"-1\"", "\"9007199254740992\"", "\"12\" "};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(condition_if_match(text_of(bad[i]), &expected, &why), ERR_BAD_INPUT);
    assert_true(condition_none_match(TEXT_LITERAL("\"12\""), 12));
    assert_true(condition_none_match(TEXT_LITERAL("\"1\" , W/\"12\""), 12));
    assert_true(condition_none_match(TEXT_LITERAL("*"), 12));
    assert_false(condition_none_match(TEXT_LITERAL("\"1\", \"2\""), 12));
    assert_false(condition_none_match(TEXT_LITERAL("12"), 12));
    assert_false(condition_none_match(TEXT_LITERAL(""), 12));
}

static void offices_have_one_form(void **state)
{
    (void)state;
    struct office office;
    faults_clear(&why);
    assert_int_equal(condition_office(TEXT_LITERAL("focal.PWR.2"), &office, &why), OK);
    assert_int_equal(office.role, ROLE_FOCAL);
    assert_true(text_is(office.body, "PWR"));
    assert_int_equal(condition_office(TEXT_LITERAL("person"), &office, &why), OK);
    assert_int_equal(office.role, ROLE_PERSON);
    static const char *const bad[] = {"", "king", "focal", "pm.PWR", "focal.", "focal.P R",
        "committee.0", "committee.01", "committee.1.2", "secretary.PWR.1", "focal.PWR,pm",
        "person.a.khan", "focal.PWR ", "Focal.PWR"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (condition_office(text_of(bad[i]), &office, &why) != ERR_BAD_INPUT)
            fail_msg("\"%s\" was accepted", bad[i]);
}

static void bearers_have_one_form(void **state)
{
    (void)state;
    assert_true(text_is(condition_bearer(TEXT_LITERAL("Bearer a.b-c_d")), "a.b-c_d"));
    assert_true(text_is(condition_bearer(TEXT_LITERAL("bEARER  x")), "x"));
    static const char *const bad[] = {
        "", "Bearer", "Bearer ", "Bearer    ", "Basic YTpi", "Bearerx", "a.b.c", "Bearer\tx"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (condition_bearer(text_of(bad[i])).at)
            fail_msg("\"%s\" was accepted", bad[i]);
}

static void keys_are_printable(void **state)
{
    (void)state;
    char large[201];
    memset(large, 'k', sizeof large);
    faults_clear(&why);
    assert_int_equal(condition_key(TEXT_LITERAL("8e03978e-40d5"), &why), OK);
    assert_int_equal(condition_key((struct text){large, 200}, &why), OK);
    assert_int_equal(condition_key((struct text){large, 201}, &why), ERR_BAD_INPUT);
    assert_int_equal(condition_key(TEXT_LITERAL(""), &why), ERR_BAD_INPUT);
    assert_int_equal(condition_key(TEXT_LITERAL("a\tb"), &why), ERR_BAD_INPUT);
    assert_int_equal(condition_key(TEXT_LITERAL("\xD9\xBE"), &why), ERR_BAD_INPUT);
}

static void traces_are_taken_over(void **state)
{
    (void)state;
    struct trace trace;
    condition_trace(
        TEXT_LITERAL("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), &trace);
    assert_string_equal(trace.id, "0af7651916cd43dd8448eb211c80319c");
    assert_int_equal(strlen(trace.parent), TRACE_SIZE - 1);
    assert_memory_equal(trace.parent, "00-0af7651916cd43dd8448eb211c80319c-", 36);
    assert_memory_not_equal(trace.parent + 36, "b7ad6b7169203331", 16);
    static const char *const bad[] = {"", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        condition_trace(text_of(bad[i]), &trace);
        assert_int_equal(strlen(trace.id), TRACE_ID_LEN);
        assert_string_not_equal(trace.id, "0af7651916cd43dd8448eb211c80319c");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lets_good_ones_through),
        cmocka_unit_test(refuses_bad_ones),
        cmocka_unit_test(bounds_number_and_size),
        cmocka_unit_test(lines_are_plain),
        cmocka_unit_test(etags_have_one_form),
        cmocka_unit_test(offices_have_one_form),
        cmocka_unit_test(bearers_have_one_form),
        cmocka_unit_test(keys_are_printable),
        cmocka_unit_test(traces_are_taken_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
