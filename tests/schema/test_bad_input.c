/* Every kind of bad input is refused by the name of the member, or by line and column. */
#include "schema/json.h"
#include "schema/pack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static struct faults why;

struct bad_json {
    const char *body;
    const char *member;
    const char *detail; /* a part of it */
    uint32_t line;
};

#define SAYS "{\"agreement\":\"PWR-2021\",\"statement\":\"Losses fall\","

static const struct bad_json bad_json[] = {
    {"", "", "broken", 1},
    {"{\"statement\":", "", "broken", 1},
    {"{\n\"statement\":\"a\"\n,,}", "", "broken", 3},
    {"[]", "", "not an object", 0},
    {"\"text\"", "", "broken", 1},
    {"{\"statement\":\"a\",\"statement\":\"b\"}", "", "duplicate", 1},
    {"{}", "agreement", "missing", 0},
    {SAYS "\"surprise\":1}", "surprise", "not a member", 0},
    {SAYS "\"a/b\":1}", "a~1b", "not a member", 0},
    {SAYS "\"unit\":7}", "unit", "not a string", 0},
    {SAYS "\"unit\":null}", "unit", "null", 0},
    {SAYS "\"unit\":\"\"}", "unit", "empty", 0},
    {SAYS "\"unit\":\"a\\nb\"}", "unit", "control", 0},
    {SAYS "\"unit\":\"\\u202e%\"}", "unit", "bidirectional", 0},
    {SAYS "\"unit\":\"u\\u0308\"}", "unit", "normal form", 0},
    {SAYS "\"unit\":\"\\u0000\"}", "", "broken", 1},
    {SAYS "\"unit\":\"\xC3\"}", "", "broken", 1},
    {SAYS "\"unit\":\"\\ud800\"}", "", "broken", 1},
    {SAYS "\"direction\":\"sideways\"}", "direction", "none of up, down, keep", 0},
    {SAYS "\"baseline\":\"17\"}", "baseline", "not a number", 0},
    {SAYS "\"baseline\":17.8001}", "baseline", "three decimals", 0},
    {SAYS "\"baseline\":1e-4}", "baseline", "three decimals", 0},
    {SAYS "\"baseline\":1e12}", "baseline", "below", 0},
    {SAYS "\"baseline\":1000000000000}", "baseline", "below", 0},
    {SAYS "\"baseline\":17.8000000000000000001}", "", "15 digits", 1},
    {SAYS "\"baseline\":99999999999999999999}", "", "15 digits", 1},
    {SAYS "\"baseline\":1e999}", "", "broken", 1},
    {SAYS "\"weight\":0}", "weight", "between 0.001 and 100", 0},
    {SAYS "\"weight\":100.001}", "weight", "between 0.001 and 100", 0},
    {SAYS "\"baseline_on\":\"2021-02-29\"}", "baseline_on", "not a day", 0},
    {SAYS "\"milestones\":5}", "milestones", "not an array", 0},
    {SAYS "\"milestones\":[1,2,\"x\"]}", "milestones/2", "not a number", 0},
    {SAYS "\"milestones\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25]}",
        "milestones", "more than 24", 0},
    {SAYS "\"past\":[{\"on\":\"2019-06-30\"}]}", "past/0/value", "missing", 0},
    {SAYS "\"past\":[{\"on\":\"2019-06-30\",\"value\":1,\"of\":2}]}", "past/0/of", "not a member",
        0},
    {SAYS "\"depends_on_nobody\":\"yes\"}", "depends_on_nobody", "true or false", 0},
    {SAYS "\"owner\":\"focal PWR\"}", "owner", "not an id", 0},
    {"[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]", "", "nested", 1},
};

static void bad_json_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_json / sizeof *bad_json; i++) {
        const struct bad_json *bad = &bad_json[i];
        JSON_CLEANUP struct json_document document = {0};
        struct target_draft draft = {0};
        faults_clear(&why);
        enum err err =
            json_read(target_draft_record(), text_of(bad->body), &document, &draft, &why);
        const struct fault *fault = &why.kept[0];
        if (err == OK || strcmp(fault->member, bad->member) != 0 ||
            !strstr(fault->detail, bad->detail) || fault->line != bad->line)
            fail_msg("%s\n  gave %s \"%s\" line %u: \"%s\"", bad->body, err_word(err),
                fault->member, fault->line, fault->detail);
    }
}

static void all_faults_are_named_not_only_the_first(void **state)
{
    (void)state;
    JSON_CLEANUP struct json_document document = {0};
    struct target_draft draft = {0};
    faults_clear(&why);
    struct text body = TEXT_LITERAL("{\"unit\":\"\",\"weight\":101,\"owner\":\"?\"}");
    assert_int_equal(json_read(target_draft_record(), body, &document, &draft, &why), ERR_INVALID);
    assert_int_equal(why.total, 5); /* agreement, statement, unit, weight, owner */
}

static void the_path_and_the_body_must_agree(void **state)
{
    (void)state;
    static const char *const bodies[] = {"{\"agreement\":\"PWR-2021\",\"statement\":\"x\"}",
        "{\"agreement\":\"FIN-2021\",\"statement\":\"x\"}"};
    for (int other = 0; other < 2; other++) {
        JSON_CLEANUP struct json_document document = {0};
        struct target_draft draft = {.agreement = TEXT_LITERAL("PWR-2021")};
        faults_clear(&why);
        enum err err =
            json_read(target_draft_record(), text_of(bodies[other]), &document, &draft, &why);
        assert_int_equal(err, other ? ERR_INVALID : OK);
    }
}

struct bad_pack {
    const char *bytes;
    size_t len;
    const char *detail;
};

#define BYTES_OF(s) s, sizeof(s) - 1

static const struct bad_pack bad_packs[] = {
    {BYTES_OF(""), "ends in the middle"},
    {BYTES_OF("\xDF\xFF\xFF\xFF\xFF"), "more items"},
    {BYTES_OF("\x81\xA4"
              "body\xDD\x7F\xFF\xFF\xFF"),
        "more items"},
    {BYTES_OF("\x81\xA4"
              "body\xDB\x7F\xFF\xFF\xFFx"),
        "more bytes"},
    {BYTES_OF("\x81\xA4"
              "body\xC6\xFF\xFF\xFF\xFF"),
        "more bytes"},
    {BYTES_OF("\x81\xA4"
              "body"),
        "ends in the middle"},
    {BYTES_OF("\x81\x01\x02"), "not a string"},
    {BYTES_OF("\x81\xA4"
              "body\xA1\xFF"),
        "not UTF-8"},
    {BYTES_OF("\x81\xA4"
              "body\xC7\x01\x05x"),
        "not used here"},
    {BYTES_OF("\x81\xA4"
              "body\xA1X\x00"),
        "behind its end"},
    {BYTES_OF("\x82\xA4"
              "body\xA1X\xA4"
              "body\xA1Y"),
        "comes twice"},
    {BYTES_OF("\x81\xA4"
              "body\xCB\x40\x00\x00\x00\x00\x00\x00\x00"),
        "not a string"},
    {BYTES_OF("\x93\x01\x02\x03"), "not a map"},
    {BYTES_OF("\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x01"),
        "nested too deeply"},
};

static void bad_messagepack_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_packs / sizeof *bad_packs; i++) {
        struct body_one one;
        faults_clear(&why);
        enum err err = pack_read(body_one_record(),
            (struct text){bad_packs[i].bytes, bad_packs[i].len}, PACK_REFUSE, &one, &why);
        if (err == OK || !strstr(why.kept[0].detail, bad_packs[i].detail))
            fail_msg("case %zu gave %s \"%s\"", i, err_word(err), why.kept[0].detail);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_json_is_named),
        cmocka_unit_test(all_faults_are_named_not_only_the_first),
        cmocka_unit_test(the_path_and_the_body_must_agree),
        cmocka_unit_test(bad_messagepack_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
