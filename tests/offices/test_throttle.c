/* Guessing is slowed down, and the victim gets in from a known place. */
#include "offices/porch.h"

#include "base/clock.h"
#include "throttle.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <stdio.h>

static int open_all(void **unused)
{
    (void)unused;
    porch_open(table_service());
    return 0;
}

static int close_all(void **unused)
{
    (void)unused;
    porch_close();
    return 0;
}

static void guess(const char *person, const char *address, int times, enum err wanted)
{
    for (int i = 0; i < times; i++)
        porch_expect(
            porch_sign_in(person, "not the password", address, NULL, NULL), wanted, address);
}

static void guesses_at_one_place(void **unused)
{
    (void)unused;
    porch_give(VICTIM);
    guess(VICTIM, "10.6.6.6", THROTTLE_PLACE_MOST, ERR_UNAUTHENTICATED);
    guess(VICTIM, "10.6.6.6", 3, ERR_TOO_MANY);
    assert_true(house_faults(&porch.house, "", "wait "));
    porch_expect(porch_sign_in(VICTIM, PASSWORD, "10.6.6.6", NULL, NULL), ERR_TOO_MANY,
        "even the right one");
    porch_expect(porch_sign_in(VICTIM, PASSWORD, HOME, NULL, NULL), OK, "from elsewhere");
    guess("b.shah", "10.6.6.6", 1, ERR_UNAUTHENTICATED); /* others at that place */
    guess("no.body", "10.6.6.7", THROTTLE_PLACE_MOST, ERR_UNAUTHENTICATED); /* tells nothing */
    guess("no.body", "10.6.6.7", 1, ERR_TOO_MANY);
}

static void success_forgets(void **unused)
{
    (void)unused;
    porch_give(VICTIM);
    for (int round = 0; round < 12; round++) { /* more failures than a place may have in a row */
        guess(VICTIM, HOME, round < 6 ? THROTTLE_PLACE_MOST - 1 : 0, ERR_UNAUTHENTICATED);
        porch_expect(porch_sign_in(VICTIM, PASSWORD, HOME, NULL, NULL), OK, "right");
    }
}

static void one_address_guesses_at_many(void **unused)
{
    (void)unused;
    char person[16];
    porch_give(VICTIM);
    for (int i = 0; i < THROTTLE_ADDRESS_MOST; i++) {
        (void)snprintf(person, sizeof person, "p.%d", i);
        guess(person, "10.7.7.7", 1, ERR_UNAUTHENTICATED);
    }
    guess("p.999", "10.7.7.7", 1, ERR_TOO_MANY);
    porch_expect(
        porch_sign_in(VICTIM, PASSWORD, "10.7.7.7", NULL, NULL), ERR_TOO_MANY, "from there");
    porch_expect(porch_sign_in(VICTIM, PASSWORD, "10.7.7.8", NULL, NULL), OK, "from the next");
    guess("p.999", "2001:db8:1:2::1", 1, ERR_UNAUTHENTICATED);
    for (int i = 0; i < THROTTLE_ADDRESS_MOST - 1; i++) {
        char address[40];
        (void)snprintf(person, sizeof person, "p.%d", i);
        (void)snprintf(address, sizeof address, "2001:db8:1:2:%x::%x", i + 1, i);
        guess(person, address, 1, ERR_UNAUTHENTICATED);
    }
    guess("p.998", "2001:db8:1:2:ffff::1", 1, ERR_TOO_MANY); /* one subscriber */
    guess("p.998", "2001:db8:1:3::1", 1, ERR_UNAUTHENTICATED);
}

static void many_addresses_guess_at_one(void **unused)
{
    (void)unused;
    struct session session;
    char device[THROTTLE_DEVICE_SIZE];
    porch_give(VICTIM);
    porch_expect(porch_sign_in(VICTIM, PASSWORD, HOME, NULL, &session), OK, "at home, before");
    (void)snprintf(device, sizeof device, "%.*s", TEXT_ARG(session.device));
    for (int i = 0; i < THROTTLE_PERSON_MOST; i++) {
        char address[24];
        (void)snprintf(address, sizeof address, "10.8.%d.1", i);
        guess(VICTIM, address, 1, ERR_UNAUTHENTICATED);
    }
    guess(VICTIM, "10.8.200.1", 1, ERR_TOO_MANY);
    porch_expect(
        porch_sign_in(VICTIM, PASSWORD, "10.8.201.1", NULL, NULL), ERR_TOO_MANY, "a new place");
    porch_expect(porch_sign_in(VICTIM, PASSWORD, HOME, NULL, NULL), OK, "the victim at home");
    porch_expect(
        porch_sign_in(VICTIM, PASSWORD, "10.8.202.1", device, NULL), OK, "in the own browser");
    /* a mark is of one person, and nobody makes one */
    porch_expect(porch_sign_in("b.shah", PASSWORD, "10.8.203.1", device, NULL), ERR_UNAUTHENTICATED,
        "other");
    device[12] = device[12] == 'A' ? 'B' : 'A';
    porch_expect(
        porch_sign_in(VICTIM, PASSWORD, "10.8.204.1", device, NULL), ERR_TOO_MANY, "forged");
    throttle_device(
        porch.tools, TEXT_LITERAL(VICTIM), clock_wall_ms() / 1000 - THROTTLE_KNOWN_S - 10, device);
    porch_expect(
        porch_sign_in(VICTIM, PASSWORD, "10.8.205.1", device, NULL), ERR_TOO_MANY, "too old");
    /* guessing with a mark that was stolen is slow as well */
    throttle_device(porch.tools, TEXT_LITERAL(VICTIM), clock_wall_ms() / 1000 - 50, device);
    for (int i = 0; i < THROTTLE_PLACE_MOST; i++)
        porch_expect(porch_sign_in(VICTIM, "not the password", "10.8.206.1", device, NULL),
            ERR_UNAUTHENTICATED, "stolen");
    porch_expect(
        porch_sign_in(VICTIM, PASSWORD, "10.8.206.1", device, NULL), ERR_TOO_MANY, "stolen");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define WITH(test) cmocka_unit_test_setup_teardown(test, open_all, close_all)
        WITH(guesses_at_one_place),
        WITH(success_forgets),
        WITH(one_address_guesses_at_many),
        WITH(many_addresses_guess_at_one),
    };
    porch_begin();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    porch_end();
    return failed;
}
