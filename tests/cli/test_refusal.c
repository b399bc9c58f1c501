/* What people read of a problem+json. */
#include "refusal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

struct told {
    const char *json, *text;
};

static const struct told cases[] = {
    {"", ""},
    {"<html>Bad gateway</html>", "<html>Bad gateway</html>"},
    {"{\"type\":\"/problems/x\",\"title\":\"No\",\"status\":404}\n", "No"},
    {"{\"title\":\"A \\\"b\\\"\",\"status\":404,\"detail\":\"c/d\"}", "A \"b\": c/d"},
    {"{\"title\":\"No\",\"detail\":\"x is bad (and 1 more)\",\"trace\":\"t\",\"errors\":["
     "{\"detail\":\"is } bad\",\"pointer\":\"/x/1\",\"line\":12,\"column\":3},"
     "{\"detail\":\"is \\\"worse\\\"\"}]}",
        "No: x is bad (and 1 more)\n    line 12 column 3 /x/1 is } bad\n    is \"worse\""},
    {"{\"title\":\"No\",\"detail", "No"},
    {"{\"title\":\"No", "No"},
    {"{\"title\":", "{\"title\":"},
};

static void problems_are_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        BUF_CLEANUP struct buf out = BUF(4096);
        refusal_write(text_of(cases[i].json), &out);
        if (!text_is(buf_as_text(&out), cases[i].text))
            fail_msg("%s gave \"%.*s\"", cases[i].json, TEXT_ARG(buf_as_text(&out)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(problems_are_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
