/* Which cookie counts, whether another site has sent a request, and which address it came from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cookies.h"
#include "origin.h"

#include <arpa/inet.h>
#include <netinet/in.h>

static void finds_the_one_cookie(void **state)
{
    (void)state;
    static const struct {
        const char *field, *value; /* NULL: absent, "twice": refused */
    } cases[] = {
        {"__Host-misaq=abc", "abc"},
        {"a=b; __Host-misaq=abc; c=d", "abc"},
        {"a=b;__Host-misaq=abc", "abc"},
        {"__Host-misaq = abc ;", "abc"},
        {"__Host-misaq=", ""},
        {"__Host-misaq", ""},
        {"__Host-misaq=a=b", "a=b"},
        {"", NULL},
        {";;;", NULL},
        {"__host-misaq=abc", NULL},
        {"__Host-misaq-device=abc", NULL},
        {"x__Host-misaq=abc", NULL},
        {"a=__Host-misaq=abc", NULL},
        {"a=\"; __Host-misaq=abc", "abc"},
        {"__Host-misaq=a; __Host-misaq=b", "twice"},
        {"__Host-misaq=a; __Host-misaq=a", "twice"},
        {"__Host-misaq=; x=y; __Host-misaq", "twice"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct text value = TEXT_LITERAL("untouched");
        bool once = cookies_find(text_of(cases[i].field), COOKIE_SESSION, &value);
        bool fine = cases[i].value && strcmp(cases[i].value, "twice") == 0 ? !once
                    : cases[i].value ? once && value.at && text_is(value, cases[i].value)
                                     : once && !value.at;
        if (!fine)
            fail_msg("case %zu: %s", i, cases[i].field);
    }
}

static void writes_cookies_that_stay_here(void **state)
{
    (void)state;
    BUF_CLEANUP struct buf field = BUF(200);
    cookies_write(&field, COOKIE_SESSION, TEXT_LITERAL("abc"), -1);
    assert_string_equal(field.at, "__Host-misaq=abc; Path=/; Secure; HttpOnly; SameSite=Strict");
    buf_clear(&field);
    cookies_write(&field, COOKIE_SESSION, TEXT_LITERAL(""), 0);
    assert_string_equal(
        field.at, "__Host-misaq=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
}

static void other_sites_are_seen(void **state)
{
    (void)state;
    static const struct {
        const char *host, *origin, *site;
        bool foreign;
    } cases[] = {
        {"misaq.gov", NULL, NULL, false}, /* not a browser */
        {"misaq.gov", NULL, "same-origin", false},
        {"misaq.gov", NULL, "none", false},
        {"misaq.gov", "https://misaq.gov", NULL, false},
        {"misaq.gov", "https://misaq.gov", "same-origin", false},
        {"misaq.gov", "https://MISAQ.gov", NULL, false},
        {"misaq.gov:8080", "http://misaq.gov:8080", NULL, false},
        {"[::1]:8080", "http://[::1]:8080", NULL, false},
        {"misaq.gov", NULL, "cross-site", true},
        {"misaq.gov", NULL, "same-site", true},
        {"misaq.gov", NULL, "", true},
        {"misaq.gov", NULL, "Same-Origin", true},
        {"misaq.gov", "https://misaq.gov", "cross-site", true},
        {"misaq.gov", "https://evil.example", "same-origin", true},
        {"misaq.gov", "https://evil.example", NULL, true},
        {"misaq.gov", "null", NULL, true},
        {"misaq.gov", "", NULL, true},
        {"misaq.gov", "misaq.gov", NULL, true},
        {"misaq.gov", "ftp://misaq.gov", NULL, true},
        {"misaq.gov", "https:misaq.gov", NULL, true},
        {"misaq.gov", "https:/misaq.gov", NULL, true},
        {"misaq.gov", "https://misaq.gov/", NULL, true},
        {"misaq.gov", "https://misaq.gov:444", NULL, true},
        {"misaq.gov", "https://misaq.gov.evil.example", NULL, true},
        {"misaq.gov", "https://evil.misaq.gov", NULL, true},
        {"misaq.gov", "https://x@misaq.gov", NULL, true},
        {"misaq.gov", "https://", NULL, true},
        {"", "https://", NULL, true},
        {NULL, "https://misaq.gov", NULL, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct headers headers = {.host = text_of(cases[i].host),
            .origin = text_of(cases[i].origin),
            .fetch_site = text_of(cases[i].site)};
        if ((origin_complaint(&headers) != NULL) != cases[i].foreign)
            fail_msg("case %zu", i);
    }
}

static void peers_have_one_spelling(void **state)
{
    (void)state;
    char out[ORIGIN_ADDRESS_SIZE];
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = 80};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = 80};
    assert_int_equal(inet_pton(AF_INET, "192.0.2.7", &four.sin_addr), 1);
    origin_peer((const struct sockaddr *)&four, out);
    assert_string_equal(out, "192.0.2.7");
    assert_int_equal(inet_pton(AF_INET6, "2001:db8:0:0::1", &six.sin6_addr), 1);
    origin_peer((const struct sockaddr *)&six, out);
    assert_string_equal(out, "2001:db8::1");
    assert_int_equal(inet_pton(AF_INET6, "::ffff:192.0.2.7", &six.sin6_addr), 1);
    origin_peer((const struct sockaddr *)&six, out);
    assert_string_equal(out, "192.0.2.7");
    struct sockaddr other = {.sa_family = AF_UNIX};
    origin_peer(&other, out);
    assert_string_equal(out, "");
}

static void only_our_proxies_are_believed(void **state)
{
    (void)state;
    static const struct {
        uint64_t proxies;
        const char *lines[3], *client;
    } cases[] = {
        {0, {NULL}, "peer"},
        {0, {"198.51.100.1"}, "peer"},
        {1, {NULL}, "peer"},
        {1, {"198.51.100.1"}, "198.51.100.1"},
        {1, {"6.6.6.6, 198.51.100.1"}, "198.51.100.1"},
        {1, {"6.6.6.6,198.51.100.1 "}, "198.51.100.1"},
        {1, {"6.6.6.6", "198.51.100.1"}, "198.51.100.1"},
        {2, {"6.6.6.6, 198.51.100.1, 10.0.0.1"}, "198.51.100.1"},
        {2, {"6.6.6.6, 198.51.100.1", "10.0.0.1"}, "198.51.100.1"},
        {2, {"6.6.6.6", "198.51.100.1", "10.0.0.1"}, "198.51.100.1"},
        {3, {"198.51.100.1, 10.0.0.1"}, "198.51.100.1"}, /* came in behind the first proxy */
        {1, {"198.51.100.1:4711"}, "198.51.100.1"},
        {1, {"2001:DB8::1"}, "2001:db8::1"},
        {1, {"[2001:db8::1]:4711"}, "2001:db8::1"},
        {1, {"::ffff:198.51.100.1"}, "198.51.100.1"},
        {1, {"unknown"}, "peer"},
        {1, {"198.51.100.1, "}, "peer"},
        {1, {""}, "peer"},
        {1, {","}, "peer"},
        {1, {"198.51.100.256"}, "peer"},
        {1, {"198.51.100.1, 198.51.100.1.evil.example.with.a.very.long.name.indeed.and.more"},
            "peer"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct headers headers = {0};
        char out[ORIGIN_ADDRESS_SIZE];
        for (size_t l = 0; l < 3 && cases[i].lines[l]; l++)
            headers_add(&headers, TEXT_LITERAL("X-Forwarded-For"), text_of(cases[i].lines[l]));
        origin_client(&headers, cases[i].proxies, "peer", out);
        if (strcmp(out, cases[i].client) != 0)
            fail_msg("case %zu: %s, not %s", i, out, cases[i].client);
    }
}

/* However many lines somebody sends, the last ones count. */
static void many_lines_push_out_the_first(void **state)
{
    (void)state;
    struct headers headers = {0};
    char out[ORIGIN_ADDRESS_SIZE];
    for (int i = 0; i < 40; i++)
        headers_add(&headers, TEXT_LITERAL("x-forwarded-for"), TEXT_LITERAL("6.6.6.6"));
    headers_add(&headers, TEXT_LITERAL("x-forwarded-for"), TEXT_LITERAL("198.51.100.1"));
    for (int i = 0; i < HEADERS_FORWARDED_MAX - 1; i++)
        headers_add(&headers, TEXT_LITERAL("x-forwarded-for"), TEXT_LITERAL("10.0.0.1"));
    origin_client(&headers, HEADERS_FORWARDED_MAX, "peer", out);
    assert_string_equal(out, "198.51.100.1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_one_cookie),
        cmocka_unit_test(writes_cookies_that_stay_here),
        cmocka_unit_test(other_sites_are_seen),
        cmocka_unit_test(peers_have_one_spelling),
        cmocka_unit_test(only_our_proxies_are_believed),
        cmocka_unit_test(many_lines_push_out_the_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
