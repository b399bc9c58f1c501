/* The description is valid JSON, tells every route and record, and is what lies in the tree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "describe.h"
#include "routes.h"

static struct buf described = {.max = 16u << 20};

static int describe(void **state)
{
    (void)state;
    describe_openapi(&described);
    buf_char(&described, '\0');
    return described.full;
}

/* Whether one JSON value stands at *at, which moves behind it. Nothing else is needed here, and no
 * room but shared/schema knows the library. */
static bool skip_value(const char **at);

static void skip_blanks(const char **at)
{
    *at += strspn(*at, " \n");
}

static bool skip_string(const char **at)
{
    if (*(*at)++ != '"')
        return false;
    while (**at && **at != '"')
        *at += **at == '\\' && (*at)[1] ? 2 : 1;
    return *(*at)++ == '"';
}

static bool skip_inside(const char **at, char end)
{
    skip_blanks(at);
    if (**at == end) {
        (*at)++;
        return true;
    }
    for (;;) {
        skip_blanks(at);
        if (end == '}') {
            if (!skip_string(at) || *(*at)++ != ':')
                return false;
            skip_blanks(at);
        }
        if (!skip_value(at))
            return false;
        skip_blanks(at);
        if (**at == end) {
            (*at)++;
            return true;
        }
        if (*(*at)++ != ',')
            return false;
    }
}

static bool skip_value(const char **at)
{
    size_t plain = strspn(*at, "-.0123456789abcdefghijklmnopqrstuvwxyz");
    if (**at == '"')
        return skip_string(at);
    if (**at == '{' || **at == '[') {
        char end = **at == '{' ? '}' : ']';
        (*at)++;
        return skip_inside(at, end);
    }
    *at += plain;
    return plain > 0;
}

static void is_json(void **state)
{
    (void)state;
    const char *at = described.at;
    if (!skip_value(&at))
        fail_msg("no JSON at: %.60s", at);
    assert_string_equal(at, "\n");
}

static void tells_every_route_and_record(void **state)
{
    (void)state;
    char wanted[256];
    for (size_t i = 0; route_at(i); i++) {
        (void)snprintf(wanted, sizeof wanted, "\n    \"%s\": {", route_at(i)->pattern);
        if (!strstr(described.at, wanted))
            fail_msg("%s is missing", route_at(i)->pattern);
    }
    for (size_t i = 0; record_at(i); i++) {
        (void)snprintf(wanted, sizeof wanted, "\n      \"%s\": {", record_at(i)->name);
        if (!strstr(described.at, wanted))
            fail_msg("%s is missing", record_at(i)->name);
    }
}

static void refers_only_to_what_is_there(void **state)
{
    (void)state;
    static const char mark[] = "\"$ref\": \"#/components/";
    for (const char *at = described.at; (at = strstr(at, mark)); at += sizeof mark) {
        struct text name, path = {at + sizeof mark - 1, strcspn(at + sizeof mark - 1, "\"")};
        char wanted[256];
        (void)text_cut(path, '/', &name);
        (void)snprintf(wanted, sizeof wanted, "\n      \"%.*s\": {", TEXT_ARG(name));
        if (!strstr(described.at, wanted))
            fail_msg("%.*s leads nowhere", TEXT_ARG(path));
    }
}

static void operations_have_names_of_their_own(void **state)
{
    (void)state;
    static const char mark[] = "\"operationId\": \"";
    for (const char *at = described.at; (at = strstr(at, mark)); at += sizeof mark) {
        char wanted[256];
        (void)snprintf(wanted, sizeof wanted, "%.*s",
            (int)(sizeof mark + strcspn(at + sizeof mark - 1, "\"")), at);
        if (strstr(at + 1, wanted))
            fail_msg("twice: %s", wanted);
    }
}

static void is_what_lies_in_the_tree(void **state)
{
    (void)state;
    FILE *file = fopen("gateway/openapi.json", "rb");
    if (!file)
        fail_msg("run from the top of the tree: gateway/openapi.json is not there");
    char *kept = calloc(1, described.len + 1);
    assert_non_null(kept);
    size_t len = fread(kept, 1, described.len + 1, file);
    (void)fclose(file);
    if (len != described.len - 1 || memcmp(kept, described.at, len) != 0)
        fail_msg("gateway/openapi.json is out of date: make openapi");
    free(kept);
}

static int forget(void **state)
{
    (void)state;
    buf_free(&described);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_json),
        cmocka_unit_test(tells_every_route_and_record),
        cmocka_unit_test(refers_only_to_what_is_there),
        cmocka_unit_test(operations_have_names_of_their_own),
        cmocka_unit_test(is_what_lies_in_the_tree),
    };
    return cmocka_run_group_tests(tests, describe, forget);
}
