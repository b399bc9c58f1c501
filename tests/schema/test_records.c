/* Every record there is, and every one there will be: what is written is read back the same, in
 * each encoding that can carry it. */
#include "schema/csv.h"
#include "schema/json.h"
#include "schema/pack.h"
#include "support/chance.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define ROUNDS 200
#define ROOM   (4u << 20)

static struct faults why;

static bool holds(const struct record *record, enum field_kind kind)
{
    const struct slots *slots = record_slots(record);
    for (size_t i = 0; i < slots->count; i++) {
        const struct field *field = slots->at[i].field;
        if (field->kind == kind || (field->record && holds(field->record(), kind)))
            return true;
    }
    return false;
}

/* The table that says what may come back is the packed form: equal values pack to equal bytes. */
static void assert_same(const struct record *record, const void *value, struct text packed)
{
    BUF_CLEANUP struct buf again = BUF(ROOM);
    pack_write(record, value, &again);
    assert_int_equal(again.len, packed.len);
    assert_memory_equal(again.at, packed.at, packed.len);
}

static void packed_round(const struct record *record, struct text packed, void *back)
{
    faults_clear(&why);
    enum err err = pack_read(record, packed, PACK_REFUSE, back, &why);
    if (err != OK)
        fail_msg("%s: %s %s", record->name, why.kept[0].member, why.kept[0].detail);
    assert_same(record, back, packed);
}

static void json_round(const struct record *record, struct text packed, void *back)
{
    BUF_CLEANUP struct buf json = BUF(ROOM);
    JSON_CLEANUP struct json_document document = {0};
    assert_true(json_write(record, packed, &json));
    if (holds(record, FIELD_BYTES) || holds(record, FIELD_DATA))
        return; /* not for JSON */
    faults_clear(&why);
    memset(back, 0, record->size);
    enum err err = json_read(record, buf_as_text(&json), &document, back, &why);
    if (err != OK)
        fail_msg("%s: %s %s in %.*s", record->name, why.kept[0].member, why.kept[0].detail,
            (int)json.len, json.at);
    assert_same(record, back, packed);
}

struct one_row {
    const struct record *record;
    struct text packed;
    int rows;
};

static void compare_row(void *owner, void *value, struct faults *unused)
{
    struct one_row *expected = owner;
    (void)unused;
    expected->rows++;
    assert_same(expected->record, value, expected->packed);
}

/* An empty list and an absent one look the same in a cell, and a cell cannot begin with blanks
 * inside a list: what the form cannot carry is not asked of it. */
static bool csv_can_carry(const struct record *record, const void *value)
{
    const struct slots *slots = record_slots(record);
    for (size_t i = 0; i < slots->count; i++) {
        const struct field *field = slots->at[i].field;
        const struct list_head *head = (const void *)((const char *)value + slots->at[i].offset);
        if (field->kind == FIELD_ONE || field->kind == FIELD_BYTES || field->kind == FIELD_DATA)
            return false;
        if (field->kind == FIELD_MANY && holds(field->record(), FIELD_TEXT))
            return false;
        if (field->kind == FIELD_TEXT && slot_given(&slots->at[i], value) &&
            strchr("=+@", *((const struct text *)(const void *)head)->at))
            return false;
        if ((field->kind == FIELD_MANY || field->kind == FIELD_DECIMALS ||
                field->kind == FIELD_IDS) &&
            head->given && head->count == 0)
            return false;
    }
    return true;
}

static int csv_round(const struct record *record, struct text packed, const void *value)
{
    if (!csv_can_carry(record, value))
        return 0;
    BUF_CLEANUP struct buf csv = BUF(ROOM);
    struct one_row expected = {record, packed, 0};
    csv_write_header(record, &csv);
    assert_true(csv_write(record, packed, &csv));
    faults_clear(&why);
    enum err err = csv_read(record, buf_as_text(&csv), 1, compare_row, &expected, &why);
    if (err != OK)
        fail_msg("%s: line %u column %u %s %s in\n%.*s", record->name, why.kept[0].line,
            why.kept[0].column, why.kept[0].member, why.kept[0].detail, (int)csv.len, csv.at);
    assert_int_equal(expected.rows, 1);
    return 1;
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    struct chance chance = chance_start("records");
    BUF_CLEANUP struct buf arena = BUF(ROOM), packed = BUF(ROOM);
    int csv_rounds = 0;
    assert_non_null(buf_reserve(&arena, ROOM));
    for (size_t i = 0; record_at(i); i++) {
        const struct record *record = record_at(i);
        void *value = malloc(record->size), *back = malloc(record->size);
        for (int round = 0; round < ROUNDS; round++) {
            buf_clear(&arena);
            buf_clear(&packed);
            chance_record(&chance, record, &arena, value);
            pack_write(record, value, &packed);
            packed_round(record, buf_as_text(&packed), back);
            json_round(record, buf_as_text(&packed), back);
            csv_rounds += csv_round(record, buf_as_text(&packed), value);
        }
        free(value);
        free(back);
    }
    assert_true(csv_rounds > ROUNDS);
}

static void presets_are_filled_in(void **state)
{
    (void)state;
    struct cycle cycle = {0};
    JSON_CLEANUP struct json_document document = {0};
    faults_clear(&why);
    struct text body =
        TEXT_LITERAL("{\"id\":\"2021\",\"title\":\"First\",\"starts_on\":\"2021-07-01\","
                     "\"ends_on\":\"2023-06-30\"}");
    assert_int_equal(json_read(cycle_record(), body, &document, &cycle, &why), OK);
    assert_int_equal(cycle.periods.value, 8);
    assert_int_equal(cycle.late_share.thousandths, 40000);
}

static void unknown_keys_of_a_newer_service_are_skipped(void **state)
{
    (void)state;
    BUF_CLEANUP struct buf packed = BUF(1024);
    pack_map(&packed, 2);
    pack_text(&packed, TEXT_LITERAL("body"));
    pack_text(&packed, TEXT_LITERAL("PWR"));
    pack_text(&packed, TEXT_LITERAL("later"));
    pack_array(&packed, 1);
    pack_whole(&packed, 7);
    struct body_one one;
    faults_clear(&why);
    assert_int_equal(pack_read(body_one_record(), buf_as_text(&packed), PACK_SKIP, &one, &why), OK);
    assert_true(text_is(one.body, "PWR"));
    assert_int_equal(
        pack_read(body_one_record(), buf_as_text(&packed), PACK_REFUSE, &one, &why), ERR_INVALID);
    assert_string_equal(why.kept[0].member, "later");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(presets_are_filled_in),
        cmocka_unit_test(unknown_keys_of_a_newer_service_are_skipped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
