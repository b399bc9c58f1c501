/* It is the offices service that is asked, not the gateway: whoever can do this stands inside
 * already. */
#include "founding.h"

#include "bus/ask.h"

#include <stdio.h>

#define WITHIN_MS 10000

static const struct actor *operator_of_setup(void)
{
    static const struct actor actor = {
        .person = {"operator", sizeof "operator" - 1}, .office = {"setup", sizeof "setup" - 1}};
    return &actor;
}

enum err founding_do(
    const struct settings *settings, const struct government_found *people, struct faults *why)
{
    struct receipt receipt;
    ASKED_CLEANUP struct asked asked = {0};
    struct ask ask = {.address = settings->offices_commands,
        .message = MESSAGE_government_found,
        .record = people,
        .actor = operator_of_setup(),
        .key = TEXT_LITERAL("misaq init"),
        .within_ms = WITHIN_MS};
    enum err err = ask_once(&ask, &receipt, &asked, why);
    return err;
}

enum err founding_code(const struct settings *settings, struct text person,
    char ret_code[FOUNDING_CODE_SIZE], struct faults *why)
{
    struct code code;
    ASKED_CLEANUP struct asked asked = {0};
    const struct person_one body = {.person = person};
    struct ask ask = {.address = settings->offices_commands,
        .message = MESSAGE_code_get,
        .record = &body,
        .actor = operator_of_setup(),
        .within_ms = WITHIN_MS};
    enum err err = ask_once(&ask, &code, &asked, why);
    if (err == OK)
        (void)snprintf(
            ret_code, FOUNDING_CODE_SIZE, "%.*s-%.*s", TEXT_ARG(code.first), TEXT_ARG(code.second));
    return err;
}
