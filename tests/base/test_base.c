/* Decimals, days, texts, settings: tables of what goes in and what must come out. */
#include "base/clock.h"
#include "base/decimal.h"
#include "base/json_text.h"
#include "base/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void decimals_are_exact_or_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum decimal_result result;
        int64_t thousandths;
    } cases[] = {{"0", DECIMAL_FINE, 0}, {"-0.5", DECIMAL_FINE, -500},
        {"17.8", DECIMAL_FINE, 17800}, {"17.8000", DECIMAL_FINE, 17800}, {"0.001", DECIMAL_FINE, 1},
        {"0.0001", DECIMAL_TOO_FINE, 0}, {"999999999999.999", DECIMAL_FINE, DECIMAL_MAX},
        {"1000000000000", DECIMAL_TOO_LARGE, 0}, {"01", DECIMAL_NOT, 0}, {".5", DECIMAL_NOT, 0},
        {"5.", DECIMAL_NOT, 0}, {"", DECIMAL_NOT, 0}, {"-", DECIMAL_NOT, 0},
        {"1e3", DECIMAL_NOT, 0}, {"+1", DECIMAL_NOT, 0}, {"1 ", DECIMAL_NOT, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t got = 0;
        assert_int_equal(decimal_from_text(text_of(cases[i].text), &got), cases[i].result);
        assert_int_equal(got, cases[i].thousandths);
    }
    for (int64_t k = -DECIMAL_MAX; k <= DECIMAL_MAX; k += 7777777777777) {
        char text[DECIMAL_TEXT_SIZE];
        int64_t back = 0, from_double = 0;
        assert_int_equal(decimal_from_text(text_of(decimal_to_text(k, text)), &back), DECIMAL_FINE);
        assert_int_equal(decimal_from_double(strtod(text, NULL), &from_double), DECIMAL_FINE);
        assert_int_equal(back, k);
        assert_int_equal(from_double, k);
    }
}

static void days_count_without_gaps(void **state)
{
    (void)state;
    assert_int_equal(day_number(19700101), 0);
    assert_int_equal(day_number(20210701), 18809);
    assert_int_equal(day_from_text(text_of("2024-02-29")), 20240229);
    assert_int_equal(day_from_text(text_of("2023-02-29")), 0);
    for (int32_t n = day_number(19000101); n <= day_number(21991231); n++)
        assert_int_equal(day_number(day_from_number(n)), n);
    /* 19:00 UTC on 30 June is already 1 July in a zone five hours east. */
    int64_t moment = 0;
    assert_true(moment_from_text(text_of("2021-06-30T19:00:00.000Z"), &moment));
    assert_int_equal(day_of_moment(moment, 300), 20210701);
    assert_int_equal(day_of_moment(moment - 1, 300), 20210630);
    char text[MOMENT_TEXT_SIZE];
    moment_to_text(moment, text);
    assert_string_equal(text, "2021-06-30T19:00:00.000Z");
}

static void json_strings_are_always_valid(void **state)
{
    (void)state;
    BUF_CLEANUP struct buf out = BUF(1024);
    json_text_write(&out, TEXT_LITERAL("a\"b\\c\n\x01\x7F\xC3\xBC\xC3(\xED\xA0\x80"));
    buf_char(&out, '\0');
    assert_string_equal(out.at,
        "\"a\\\"b\\\\c\\n\\u0001\x7F\xC3\xBC\xEF\xBF\xBD(\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

static void a_buffer_never_passes_its_cap(void **state)
{
    (void)state;
    BUF_CLEANUP struct buf out = BUF(10);
    buf_str(&out, "0123456789");
    assert_false(out.full);
    buf_char(&out, 'x');
    assert_true(out.full);
    assert_int_equal(out.len, 10);
}

static void settings_refuse_what_they_do_not_know(void **state)
{
    (void)state;
    static struct faults why;
    struct settings settings = {0};
    char *good[] = {"MISAQ_DEMO=1", "MISAQ_HTTP=0.0.0.0:80", "HOME=/", NULL};
    faults_clear(&why);
    assert_int_equal(settings_read(good, &settings, &why), OK);
    assert_int_equal(settings.demo, 1);
    assert_string_equal(settings.http, "0.0.0.0:80");
    assert_int_equal(settings.request_ms, 5000);
    char *bad[] = {"MISAQ_DEMOO=1", "MISAQ_DEMO=2", "MISAQ_demo=1", "MISAQ_QUEUE=many",
        "MISAQ_REDIS_PASSWORD_FILE=/nowhere", "MISAQ_HTTP", "MISAQ_LOG=loud", NULL};
    faults_clear(&why);
    assert_int_equal(settings_read(bad, &settings, &why), ERR_INVALID);
    assert_int_equal(why.total, 7);
    assert_string_equal(why.kept[0].member, "MISAQ_DEMOO");
    assert_int_equal(settings.demo, 1); /* not touched */
}

static void faults_are_kept_up_to_a_number_and_counted_beyond(void **state)
{
    (void)state;
    static struct faults why;
    faults_clear(&why);
    for (int i = 0; i < 150; i++)
        faults_add(&why, ERR_INVALID, "member", "%d", i);
    assert_int_equal(why.total, 150);
    assert_int_equal(faults_kept(&why), FAULTS_KEPT);
    faults_clear(&why);
    char long_text[400];
    memset(long_text, 'a', sizeof long_text);
    memcpy(long_text + 254, "\xC3\xBC", 3); /* the cut would split the character */
    faults_add(&why, ERR_INVALID, "", "%s", long_text);
    assert_int_equal(strlen(why.kept[0].detail), 254);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_are_exact_or_refused),
        cmocka_unit_test(days_count_without_gaps),
        cmocka_unit_test(json_strings_are_always_valid),
        cmocka_unit_test(a_buffer_never_passes_its_cap),
        cmocka_unit_test(settings_refuse_what_they_do_not_know),
        cmocka_unit_test(faults_are_kept_up_to_a_number_and_counted_beyond),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
