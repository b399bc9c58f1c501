/* Canonical JSON: hand-made vectors, every record there is against what it reads back as, and Node
 * as the other canonicaliser. */
#include "schema/jcs.h"
#include "schema/json.h"
#include "schema/pack.h"
#include "support/chance.h"
#include "support/program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define ROUNDS 20
#define ROOM   (4u << 20)

static struct faults why;

static void strings_have_the_fewest_escapes(void **state)
{
    (void)state;
    const struct {
        struct text text;
        const char *canonical;
    } cases[] = {
        /* RFC 8785, 3.2.2.2 and 3.2.3 */
        {TEXT_LITERAL("\u20ac$\x0F\nA'B\"\\\\\"/"), "\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\""},
        {TEXT_LITERAL(""), "\"\""}, {TEXT_LITERAL("\b\t\n\f\r"), "\"\\b\\t\\n\\f\\r\""},
        {TEXT_LITERAL("\0\x01\x0B\x1E\x1F"), "\"\\u0000\\u0001\\u000b\\u001e\\u001f\""},
        {TEXT_LITERAL("\x7F</script>\u2028\u2029"), "\"\x7F</script>\u2028\u2029\""},
        {TEXT_LITERAL("\U0001F600 \u0627\u0631\u062F\u0648"),
            "\"\U0001F600 \u0627\u0631\u062F\u0648\""},
        {TEXT_LITERAL("e\u0301"), "\"e\u0301\""}, /* not normalised: bytes are kept */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        BUF_CLEANUP struct buf out = BUF(1000);
        assert_true(jcs_text(&out, cases[i].text));
        if (!text_is(buf_as_text(&out), cases[i].canonical))
            fail_msg("%.*s is not %s", (int)out.len, out.at, cases[i].canonical);
    }
    const struct text broken[] = {TEXT_LITERAL("\xFF"), TEXT_LITERAL("a\xED\xA0\x80"),
        TEXT_LITERAL("\xC0\x80"), TEXT_LITERAL("\xE2\x82")};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        BUF_CLEANUP struct buf out = BUF(1000);
        assert_false(jcs_text(&out, broken[i]));
    }
}

/* Keys come out of the order of the rows, lists and records inside keep theirs. */
static void members_are_sorted_and_lists_are_not(void **state)
{
    (void)state;
    struct event_view view = {
        .position = {7, true},
        .type = TEXT_LITERAL("target.removed"),
        .subject = TEXT_LITERAL("PWR-2021"),
        .about = TEXT_LITERAL("PWR-2021.14"),
        .at = {0, true},
        .actor = {TEXT_LITERAL("a.khan"), TEXT_LITERAL("focal.PWR")},
        .has_actor = true,
        .cause = TEXT_LITERAL("c\"1"),
    };
    struct target_one one = {.target = TEXT_LITERAL("PWR-2021.14")};
    BUF_CLEANUP struct buf data = BUF(1000), packed = BUF(1000), out = BUF(1000);
    pack_write(target_one_record(), &one, &data);
    view.data = buf_as_text(&data);
    pack_write(event_view_record(), &view, &packed);
    assert_true(jcs_write(event_view_record(), buf_as_text(&packed), &out));
    static const char expected[] =
        "{\"about\":\"PWR-2021.14\",\"actor\":{\"office\":\"focal.PWR\",\"person\":\"a.khan\"},"
        "\"at\":\"1970-01-01T00:00:00.000Z\",\"cause\":\"c\\\"1\",\"data\":"
        "{\"target\":\"PWR-2021.14\"},\"position\":7,\"subject\":\"PWR-2021\","
        "\"type\":\"target.removed\"}";
    if (!text_is(buf_as_text(&out), expected))
        fail_msg("%.*s", (int)out.len, out.at);
}

static void numbers_have_their_shortest_form(void **state)
{
    (void)state;
    static const struct {
        int64_t thousandths;
        const char *canonical;
    } cases[] = {{0, "0"}, {1, "0.001"}, {-1, "-0.001"}, {500, "0.5"}, {1000, "1"}, {17800, "17.8"},
        {-17800, "-17.8"}, {120000, "120"}, {DECIMAL_MAX, "999999999999.999"},
        {-DECIMAL_MAX, "-999999999999.999"}, {DECIMAL_MAX + 1, NULL}, {INT64_MIN, NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char expected[80] = "";
        BUF_CLEANUP struct buf packed = BUF(100), out = BUF(100);
        pack_map(&packed, 1);
        pack_text(&packed, TEXT_LITERAL("value"));
        pack_whole(&packed, cases[i].thousandths);
        bool fine = jcs_write(past_value_record(), buf_as_text(&packed), &out);
        assert_int_equal(fine, cases[i].canonical != NULL);
        if (!fine)
            continue;
        (void)snprintf(expected, sizeof expected, "{\"value\":%s}", cases[i].canonical);
        assert_true(text_is(buf_as_text(&out), expected));
    }
    static const int64_t wholes[] = {WHOLE_MAX + 1, -WHOLE_MAX - 1, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof wholes / sizeof *wholes; i++) {
        BUF_CLEANUP struct buf packed = BUF(100), out = BUF(100);
        pack_map(&packed, 1);
        pack_text(&packed, TEXT_LITERAL("position"));
        pack_whole(&packed, wholes[i]);
        assert_false(jcs_write(service_digest_record(), buf_as_text(&packed), &out));
    }
}

/* What json_write() would leave out is refused: a signature would not cover it. */
static void nothing_is_left_out(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
    } cases[] = {
        {"\x82\xA6target\xA1"
         "a\xA5later\x01",
            17}, /* no member of the rows */
        {"\x82\xA6target\xA1"
         "a\xA6target\xA1"
         "b",
            19},                   /* twice */
        {"\x81\xA6target\x07", 9}, /* of another kind */
        {"\x81\xA6target\x91\xA1"
         "a",
            11},                            /* a list where there is none */
        {"\x81\xA6target\xA2\xC3\x28", 11}, /* not UTF-8 */
        {"\x81\xA6target", 8},              /* cut */
        {"\x81\xA6target\xA1"
         "a\x00",
            11},               /* something behind the end */
        {"\x91\xA6target", 8}, /* no map */
        {"", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        BUF_CLEANUP struct buf out = BUF(1000);
        if (jcs_write(target_one_record(), (struct text){cases[i].bytes, cases[i].len}, &out))
            fail_msg("case %zu: %.*s", i, (int)out.len, out.at);
    }
    struct event event = {.type = TEXT_LITERAL("target.removed"), .data = TEXT_LITERAL("\x80")};
    BUF_CLEANUP struct buf packed = BUF(1000), out = BUF(1000), small = BUF(3);
    pack_write(event_record(), &event, &packed);
    assert_false(jcs_write(event_record(), buf_as_text(&packed), &out)); /* opaque bytes */
    struct event_view view = {.type = TEXT_LITERAL("of.later"), .data = TEXT_LITERAL("\x80")};
    buf_clear(&packed);
    pack_write(event_view_record(), &view, &packed);
    assert_false(jcs_write(event_view_record(), buf_as_text(&packed), &out)); /* unknown type */
    buf_clear(&packed);
    pack_write(target_one_record(), &(struct target_one){.target = TEXT_LITERAL("a")}, &packed);
    assert_true(jcs_write(target_one_record(), buf_as_text(&packed), &out));
    assert_false(jcs_write(target_one_record(), buf_as_text(&packed), &small)); /* no room */
}

static bool holds_bytes(const struct record *record)
{
    const struct slots *slots = record_slots(record);
    for (size_t i = 0; i < slots->count; i++) {
        const struct field *field = slots->at[i].field;
        if (field->kind == FIELD_BYTES || field->kind == FIELD_DATA ||
            (field->record && holds_bytes(field->record())))
            return true;
    }
    return false;
}

static void assert_reads_back(
    const struct record *record, struct text canonical, struct text packed)
{
    JSON_CLEANUP struct json_document document = {0};
    BUF_CLEANUP struct buf again = BUF(ROOM);
    void *back = calloc(1, record->size);
    assert_non_null(back);
    faults_clear(&why);
    enum err err = json_read(record, canonical, &document, back, &why);
    if (err != OK)
        fail_msg("%s: %s %s", record->name, why.kept[0].member, why.kept[0].detail);
    pack_write(record, back, &again);
    assert_true(text_equal(buf_as_text(&again), packed));
    free(back);
}

/* One line a record to Node: as json_write() writes it; what it makes of it must be ours. */
static void every_record_as_node_writes_it(void **state)
{
    (void)state;
    static const char script[] =
        "const c = v => v === null || typeof v !== 'object' ? JSON.stringify(v) : Array.isArray(v)"
        "? '[' + v.map(c).join(',') + ']' : '{' + Object.keys(v).sort()"
        ".map(k => JSON.stringify(k) + ':' + c(v[k])).join(',') + '}';"
        "process.stdout.write(require('fs').readFileSync(0, 'utf8').split('\\n').slice(0, -1)"
        ".map(l => c(JSON.parse(l)) + '\\n').join(''));";
    struct chance chance = chance_start("jcs");
    BUF_CLEANUP struct buf arena = BUF(ROOM), packed = BUF(ROOM);
    BUF_CLEANUP struct buf asked = BUF(64u << 20), ours = BUF(64u << 20), theirs = BUF(64u << 20);
    assert_non_null(buf_reserve(&arena, ROOM));
    for (size_t i = 0; record_at(i); i++) {
        const struct record *record = record_at(i);
        void *value = malloc(record->size);
        for (int round = 0; round < ROUNDS && !holds_bytes(record); round++) {
            buf_clear(&arena);
            buf_clear(&packed);
            chance_record(&chance, record, &arena, value);
            pack_write(record, value, &packed);
            assert_true(json_write(record, buf_as_text(&packed), &asked));
            size_t from = ours.len;
            assert_true(jcs_write(record, buf_as_text(&packed), &ours));
            assert_reads_back(
                record, (struct text){ours.at + from, ours.len - from}, buf_as_text(&packed));
            buf_char(&asked, '\n');
            buf_char(&ours, '\n');
        }
        free(value);
    }
    assert_true(!asked.full && !ours.full && ours.len > 10000);
    int code = program_run(
        (const char *const[]){"node", "-e", script, NULL}, buf_as_text(&asked), &theirs);
    if (code < 0)
        skip();
    assert_int_equal(code, 0);
    assert_int_equal(theirs.len, ours.len);
    assert_memory_equal(theirs.at, ours.at, ours.len);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_have_the_fewest_escapes),
        cmocka_unit_test(members_are_sorted_and_lists_are_not),
        cmocka_unit_test(numbers_have_their_shortest_form),
        cmocka_unit_test(nothing_is_left_out),
        cmocka_unit_test(every_record_as_node_writes_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
