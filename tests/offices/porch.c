/* One for each program of tests: cmocka gives its functions nothing to find it by. */
#include "offices/porch.h"

#include "base/clock.h"
#include "base/must.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>

struct porch porch;

void porch_begin(void)
{
    struct settings *settings = &porch.settings;
    must(signal(SIGPIPE, SIG_IGN) != SIG_ERR); /* as every service does */
    porch.redis = redis_start(NULL);
    redis_settings(porch.redis, settings);
    (void)snprintf(settings->keys, sizeof settings->keys, "%s/keys", redis_folder(porch.redis));
    settings->password_kib = 1024;
    settings->password_passes = 1;
    settings->redis_timeout_ms = 300;
}

void porch_end(void)
{
    redis_stop(porch.redis);
}

void porch_open(const struct service *service)
{
    static int governments;
    struct faults why = {0};
    void *opened;
    (void)snprintf(
        porch.settings.government, sizeof porch.settings.government, "T%d", ++governments);
    house_open_with(&porch.house, service);
    porch.house.now_ms = clock_wall_ms();
    house_register(&porch.house, VICTIM);
    house_register(&porch.house, "b.shah");
    must(service->tools_open(&porch.settings, &opened, &why) == OK);
    porch.tools = opened;
}

void porch_close(void)
{
    porch.house.service->tools_close(porch.tools);
    house_close(&porch.house);
}

void porch_expect(enum err is, enum err wanted, const char *what)
{
    if (is != wanted) {
        (void)fprintf(stderr, "%s: %s, not %s\n", what, err_word(is), err_word(wanted));
        house_print(&porch.house);
    }
    assert_int_equal(is, wanted);
}

enum err porch_errand(const char *actor, enum message errand, const void *body)
{
    return house_errand(&porch.house, porch.tools, actor, errand, body);
}

enum err porch_sign_in(const char *person, const char *password, const char *address,
    const char *device, struct session *ret_session)
{
    struct session_start body = {.credentials = {text_of(person), text_of(password)},
        .address = text_of(address),
        .device = text_of(device)};
    enum err err = porch_errand("@", MESSAGE_session_start, &body);
    if (err == OK && ret_session)
        house_read(&porch.house, 0, session_record(), ret_session);
    return err;
}

enum err porch_code(const char *actor, const char *person, struct code *ret_code)
{
    struct person_one body = {text_of(person)};
    enum err err = porch_errand(actor, MESSAGE_code_get, &body);
    if (err == OK)
        house_read(&porch.house, 0, code_record(), ret_code);
    return err;
}

enum err porch_set(const char *person, const char *code, const char *password)
{
    struct password_set body = {text_of(person), text_of(code), text_of(password)};
    return porch_errand("@", MESSAGE_password_set, &body);
}

void porch_invite(const char *person, char out[48])
{
    struct person_one who = {text_of(person)};
    struct code first = {0}, second = {0};
    char half[16];
    must(house_do(&porch.house, ONE, MESSAGE_invitation_propose, &who, 0) == OK);
    must(house_do(&porch.house, TWO, MESSAGE_invitation_confirm, &who, 0) == OK);
    porch_expect(porch_code(ONE, person, &first), OK, "first half");
    assert_true(first.first.at && !first.second.at);
    (void)snprintf(half, sizeof half, "%.*s", TEXT_ARG(first.first));
    porch_expect(porch_code(TWO, person, &second), OK, "second half");
    assert_true(!second.first.at && second.second.at);
    (void)snprintf(out, 48, "%s-%.*s", half, TEXT_ARG(second.second));
}

void porch_give(const char *person)
{
    char code[48];
    porch_invite(person, code);
    porch_expect(porch_set(person, code, PASSWORD), OK, "set");
}
