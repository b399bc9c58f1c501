/* One dialect of CSV, and every departure from it named by line and column. */
#include "schema/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static struct faults why;

static void count_row(void *owner, void *value, struct faults *unused)
{
    (void)value;
    (void)unused;
    ++*(int *)owner;
}

struct bad_csv {
    const char *body;
    uint32_t line, column;
    const char *detail;
    int fine_rows;
};

static const struct bad_csv bad[] = {
    {"", 1, 1, "not a column", 0},
    {"\xEF\xBB\xBFstatement,unit\nA,B\n", 1, 1, "byte order mark", 0},
    {"statement;unit\nA;B\n", 1, 10, "semicolons", 0},
    {"statement,unit\r\nA,B\r\n", 1, 2, "CR", 0},
    {"statement,unit\nA,B\r\n", 2, 2, "CR", 0},
    {"unit\nB\n", 1, 0, "column is missing", 0},
    {"statement,unit,unit\nA,B,C\n", 1, 3, "twice", 0},
    {"statement,colour\nA,B\n", 1, 2, "\"colour\" is not a column", 0},
    {"statement,unit\n", 1, 0, "no rows", 0},
    {"statement,unit\nA,B\nA\nA,B\n", 3, 0, "1 cells, the header 2", 2},
    {"statement,unit\nA,\"B\"C\"\n", 2, 2, "doubled", 0},
    {"statement,unit\nA,B\"C\n", 2, 2, "does not begin with one", 0},
    {"statement,unit\nA,\"B\n", 3, 2, "never closed", 0},
    {"statement,weight\nA,12.3456\nA,1\n", 2, 2, "three decimals", 1},
    {"statement,weight\nA,1\nA,\"1,5\"\n", 3, 2, "not a number", 1},
    {"statement,weight\n,1\n", 2, 1, "missing", 0},
    {"statement,milestones\nA,1;2;x\n", 2, 2, "not a number", 0},
    {"statement,past\nA,2019-06-30|1;2019-13-30|2\n", 2, 2, "not a day", 0},
    {"statement,unit\n\"A\nB\",C\nA,D\n", 2, 1, "control", 1},
};

static void departures_are_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int rows = 0;
        faults_clear(&why);
        enum err err =
            csv_read(target_promise_record(), text_of(bad[i].body), 10, count_row, &rows, &why);
        const struct fault *fault = &why.kept[0];
        if (err == OK || fault->line != bad[i].line || fault->column != bad[i].column ||
            !strstr(fault->detail, bad[i].detail) || rows != bad[i].fine_rows)
            fail_msg("%s gave %s line %u column %u \"%s\", %d rows", bad[i].body, err_word(err),
                fault->line, fault->column, fault->detail, rows);
    }
}

static void every_faulty_row_is_named(void **state)
{
    (void)state;
    int rows = 0;
    faults_clear(&why);
    (void)!csv_read(target_promise_record(),
        TEXT_LITERAL("statement,weight\nA,0\nB,1\nC,x\n\"D\",101\n"), 10, count_row, &rows, &why);
    assert_int_equal(why.total, 3);
    assert_int_equal(why.kept[0].line, 2);
    assert_int_equal(why.kept[1].line, 4);
    assert_int_equal(why.kept[2].line, 5);
    assert_int_equal(rows, 1);
}

static void keep_row(void *owner, void *value, struct faults *unused)
{
    (void)unused;
    const struct target_promise *promise = value;
    ++*(int *)owner;
    assert_true(text_is(promise->statement, "Say \"yes\", twice"));
    assert_int_equal(promise->dependencies.head.count, 2);
    assert_true(text_is(promise->dependencies.at[1].what, "a|b; c"));
    assert_int_equal(promise->milestones.head.count, 3);
    assert_int_equal(promise->milestones.at[1], -2500);
}

static void cells_with_quotes_lists_and_escapes(void **state)
{
    (void)state;
    int rows = 0;
    faults_clear(&why);
    struct text body = TEXT_LITERAL("statement,dependencies,milestones\n"
                                    "\"Say \"\"yes\"\", twice\",FIN|money;LAW|a\\|b\\; c,1;-2.5;3");
    assert_int_equal(csv_read(target_promise_record(), body, 10, keep_row, &rows, &why), OK);
    assert_int_equal(rows, 1);
    assert_int_equal(
        csv_read(target_promise_record(), body, 0, keep_row, &rows, &why), ERR_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(departures_are_named),
        cmocka_unit_test(every_faulty_row_is_named),
        cmocka_unit_test(cells_with_quotes_lists_and_escapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
