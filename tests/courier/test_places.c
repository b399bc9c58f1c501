/* Where a webhook may be, at the edges of every network that is closed. */
#include "places.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static bool is_public(const char *text)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
        return place_is_public((const struct sockaddr *)&v4);
    assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
    return place_is_public((const struct sockaddr *)&v6);
}

static void open_places(void **state)
{
    static const char *const places[] = {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255",
        "100.128.0.0", "126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0",
        "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.167.255.255", "192.169.0.0",
        "198.17.255.255", "198.20.0.0", "203.0.112.255", "203.0.114.0", "223.255.255.255",
        "2001:200::1", "2400:cb00::1", "2a00:1450::1", "2001:4860:4860::8888", "3fff:1000::1"};
    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (!is_public(places[i]))
            fail_msg("%s is closed", places[i]);
}

static void closed_places(void **state)
{
    static const char *const places[] = {"0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255",
        "100.64.0.0", "100.127.255.255", "127.0.0.1", "127.255.255.255", "169.254.169.254",
        "172.16.0.0", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.0.1",
        "192.168.255.255", "198.18.0.0", "198.19.255.255", "198.51.100.1", "203.0.113.1",
        "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1",
        "::ffff:8.8.8.8", "64:ff9b::7f00:1", "100::1", "fc00::1", "fd12::1", "fe80::1", "ff02::1",
        "2001::1", "2001:1ff::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "1fff::1", "4000::1"};
    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (is_public(places[i]))
            fail_msg("%s is open", places[i]);
    struct sockaddr other = {.sa_family = AF_UNIX};
    assert_false(place_is_public(&other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_places),
        cmocka_unit_test(closed_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
