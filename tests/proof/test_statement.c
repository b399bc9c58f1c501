/* The statement: its bytes are fixed for ever (a vector by hand), and bytes that only say the same
 * are refused. */
#include "proof/digest.h"
#include "proof/statement.h"
#include "support/chance.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define A64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct faults why;

static const char minimal[] =
    "{\"act\":\"sign\",\"agreement\":\"PWR-2021\",\"document\":\"" A64 "\",\"head_root\":\"" B64
    "\",\"head_size\":1234,\"office\":\"minister.PWR\",\"origin\":\"misaq.example/PK\","
    "\"person\":\"a.khan\",\"type\":\"misaq.statement.v1\",\"version\":1}";
static const char full[] =
    "{\"act\":\"countersign\",\"agreement\":\"PWR-2021\",\"document\":\"" A64
    "\",\"head_root\":\"" B64 "\",\"head_size\":999999999999999,\"minister\":\"" B64
    "\",\"office\":\"pm\",\"origin\":\"misaq.example/PK\",\"person\":\"b.bibi\","
    "\"supersedes\":\"" A64 "\",\"type\":\"misaq.statement.v1\",\"version\":2}";

static struct statement sample(void)
{
    return (struct statement){.origin = TEXT_LITERAL("misaq.example/PK"),
        .agreement = TEXT_LITERAL("PWR-2021"),
        .version = {1, true},
        .document = TEXT_LITERAL(A64),
        .office = TEXT_LITERAL("minister.PWR"),
        .person = TEXT_LITERAL("a.khan"),
        .act = SIGNING_SIGN,
        .head_size = {1234, true},
        .head_root = TEXT_LITERAL(B64)};
}

static void assert_read_back(const char *bytes)
{
    JSON_CLEANUP struct json_document document = {0};
    BUF_CLEANUP struct buf out = BUF(4096);
    struct statement statement;
    faults_clear(&why);
    enum err err = statement_read(text_of(bytes), &document, &statement, &why);
    if (err != OK)
        fail_msg("%s %s", why.kept[0].member, why.kept[0].detail);
    assert_int_equal(statement_write(&out, &statement, &why), OK);
    assert_true(text_equal(buf_as_text(&out), text_of(bytes)));
}

static void the_bytes_are_fixed(void **state)
{
    (void)state;
    BUF_CLEANUP struct buf out = BUF(4096);
    struct statement statement = sample();
    faults_clear(&why);
    assert_int_equal(statement_write(&out, &statement, &why), OK);
    assert_true(text_equal(buf_as_text(&out), text_of(minimal)));
    assert_read_back(minimal);
    assert_read_back(full);
}

static void what_breaks_a_rule_is_not_written(void **state)
{
    (void)state;
    static const char *const members[] = {
        "origin", "document", "supersedes", "minister", "head_root", "type", "version", "act"};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        struct statement statement = sample();
        BUF_CLEANUP struct buf out = BUF(4096);
        faults_clear(&why);
        const struct slot *slot =
            record_find(statement_record(), text_of(members[i]), &(size_t){0});
        assert_non_null(slot);
        if (slot->field->kind == FIELD_TEXT)
            *(struct text *)slot_at(slot, &statement) = TEXT_LITERAL("\n");
        else if (slot->field->kind == FIELD_WHOLE)
            *(struct whole *)slot_at(slot, &statement) = (struct whole){0, true};
        else
            statement.act = signing_act_UNSET;
        assert_int_equal(statement_write(&out, &statement, &why), ERR_INVALID);
        assert_string_equal(why.kept[0].member, members[i]);
        assert_int_equal(out.len, 0);
    }
}

/* Each is the minimal one with the first text replaced by the second. */
static void bytes_that_are_not_the_statement(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *word;
    } cases[] = {
        {"{\"act\"", " {\"act\"", "byte 1"},
        {"\"act\":", "\"act\": ", "byte 8"},
        {",\"version\":1}", ",\"version\":1}\n", "canonical"},
        {"\"sign\"", "\"s\\u0069gn\"", "canonical"},
        {"misaq.example/PK", "misaq.example\\/PK", "canonical"},
        {"\"act\":\"sign\",\"agreement\":\"PWR-2021\"",
            "\"agreement\":\"PWR-2021\",\"act\":\"sign\"", "byte 4"},
        {":1234", ":1234.0", "whole number"},
        {":1234", ":1.234e3", "whole number"},
        {":1234", ":01234", "broken"},
        {":1234", ":-0", "canonical"},
        {":1234", ":1000000000000000", "15 digits"},
        {":1234", ":-1", "less than 0"},
        {":1234", ":\"1234\"", "whole number"},
        {",\"version\":1", ",\"version\":0", "less than 1"},
        {",\"version\":1", "", "missing"},
        {"\"sign\"", "\"SIGN\"", "is none of"},
        {"\"sign\"", "\"\"", "is none of"},
        {"\"document\":\"a", "\"document\":\"A", "SHA-256"},
        {"\"document\":\"aa", "\"document\":\"a", "SHA-256"},
        {"\"head_root\":\"0", "\"head_root\":\"g", "SHA-256"},
        {"misaq.statement.v1", "misaq.statement.v2", "misaq.statement.v1"},
        {"misaq.statement.v1", "JWT", "misaq.statement.v1"},
        {",\"type\":\"misaq.statement.v1\"", "", "missing"},
        {"\"person\":", "\"nobody\":\"x\",\"person\":", "not a member"},
        {"\"person\":", "\"minister\":null,\"person\":", "null"},
        {"\"person\":", "\"person\":\"b\",\"person\":", "duplicate"},
        {"\"person\":\"a.khan\"", "\"person\":\"../a\"", "not an id"},
        {"\"person\":\"a.khan\"", "\"person\":[\"a.khan\"]", "not a string"},
        {"\"version\":1}", "\"version\":1", "broken"},
        {"\"version\":1}", "\"version\":1}{}", "broken"},
        {"misaq.example/PK", "\xFF", "broken"},
        {"misaq.example/PK", "e\u0301", "normal form"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        JSON_CLEANUP struct json_document document = {0};
        BUF_CLEANUP struct buf bytes = BUF(4096);
        struct statement statement = {.version = {77, true}};
        const char *at = strstr(minimal, cases[i].from);
        assert_non_null(at);
        buf_add(&bytes, minimal, (size_t)(at - minimal));
        buf_str(&bytes, cases[i].to);
        buf_str(&bytes, at + strlen(cases[i].from));
        faults_clear(&why);
        assert_int_not_equal(statement_read(buf_as_text(&bytes), &document, &statement, &why), OK);
        assert_int_equal(statement.version.value, 77);
        if (!strstr(why.kept[0].detail, cases[i].word))
            fail_msg("case %zu: \"%s\" does not say \"%s\"", i, why.kept[0].detail, cases[i].word);
    }
}

static void every_changed_byte_says_something_else(void **state)
{
    (void)state;
    char bytes[sizeof full];
    int read = 0;
    for (size_t i = 0; i < sizeof bytes - 1; i++)
        for (unsigned bit = 0; bit < 8; bit++) {
            JSON_CLEANUP struct json_document document = {0};
            BUF_CLEANUP struct buf again = BUF(4096);
            struct statement statement;
            memcpy(bytes, full, sizeof bytes);
            bytes[i] = (char)((unsigned char)bytes[i] ^ 1u << bit);
            struct text changed = {bytes, sizeof bytes - 1};
            faults_clear(&why);
            if (statement_read(changed, &document, &statement, &why) != OK)
                continue;
            assert_int_equal(statement_write(&again, &statement, &why), OK);
            assert_true(text_equal(buf_as_text(&again), changed));
            read++;
        }
    assert_true(read > 0); /* another name or digit is another statement */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bytes_are_fixed),
        cmocka_unit_test(what_breaks_a_rule_is_not_written),
        cmocka_unit_test(bytes_that_are_not_the_statement),
        cmocka_unit_test(every_changed_byte_says_something_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
