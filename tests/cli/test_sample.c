/* The sample government keeps the rules that an import and a submission demand, is the same
 * everywhere, and is as varied as it claims. */
#include "sample.h"
#include "schema/csv.h"
#include "schema/messages.h"
#include "schema/pack.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define BODIES      41
#define PERIODS     8
#define ROW_MAX     (64u << 10)
#define CYCLE_START 20210701
#define CYCLE_END   20230630
#define SINGLE      (100 * DECIMAL_ONE) /* percent */
/* Of all CSVs together; changes with every change of the tables or of the chance. */
#define DIGEST UINT64_C(0x3F78AD95C024404D)

enum shape { SHAPE_EVEN, SHAPE_FRONT, SHAPE_LATE, SHAPE_SEASON, SHAPE_OTHER, SHAPES };

struct tally {
    size_t body;
    uint32_t targets, very_late;
    int64_t weight, class_weight[CLASS_OUTCOME + 1];
    enum target_class classes[400];
    uint64_t *statements; /* hashes, of all bodies */
    size_t statement_count;
    uint32_t shapes[SHAPES], trends, directions[DIRECTION_KEEP + 1],
        sources[SOURCE_INDEPENDENT + 1];
};

static struct faults why;

static uint64_t hash(uint64_t from, struct text text)
{
    for (size_t i = 0; i < text.len; i++)
        from = (from ^ (unsigned char)text.at[i]) * UINT64_C(0x100000001B3);
    return from;
}

static void assert_values(const struct target_promise *promise)
{
    int64_t sign = promise->direction == DIRECTION_UP     ? 1
                   : promise->direction == DIRECTION_DOWN ? -1
                                                          : 0;
    int64_t before = promise->baseline.thousandths, target = promise->target_value.thousandths;
    int64_t most = promise->unit.at[0] == '%' ? SINGLE : DECIMAL_MAX;
    assert_true(promise->baseline.given && promise->target_value.given);
    assert_true(sign == 0 ? target == before : (target - before) * sign > 0);
    assert_int_equal(promise->milestones.head.count, PERIODS);
    assert_true(promise->milestones.at[PERIODS - 1] == target);
    for (uint32_t i = 0; i < PERIODS; i++) {
        int64_t at = promise->milestones.at[i];
        assert_true(at >= 0 && at <= most);
        assert_true(sign == 0 ? at == target : (at - before) * sign >= 0);
        before = at;
    }
}

static void assert_days(const struct target_promise *promise)
{
    assert_true(promise->target_on > CYCLE_START && promise->target_on <= CYCLE_END);
    assert_true(promise->baseline_on < promise->target_on);
    int32_t before = 0;
    for (uint32_t i = 0; i < promise->past.head.count; i++) {
        assert_true(promise->past.at[i].on > before);
        before = promise->past.at[i].on;
    }
    assert_true(before < promise->baseline_on);
}

static void assert_others(const struct tally *tally, const struct target_promise *promise)
{
    struct text code = sample_body(tally->body).id;
    uint32_t needs = promise->dependencies.head.count;
    assert_true((needs == 0) == (promise->depends_on_nobody == FLAG_YES));
    for (uint32_t i = 0; i < needs; i++) {
        assert_false(text_equal(promise->dependencies.at[i].body, code));
        assert_true(sample_body_find(promise->dependencies.at[i].body) != SIZE_MAX);
    }
    struct office owner = office_read(promise->owner);
    assert_true(
        promise->owner.len == 0 || owner.role == ROLE_FOCAL || owner.role == ROLE_SECRETARY);
    assert_true(promise->owner.len == 0 || text_equal(owner.body, code));
    assert_true(promise->statement.len && promise->measure.len && promise->place.len);
    assert_true(promise->source.len && promise->baseline_source.len);
    assert_true(text_is(promise->note, SAMPLE_LABEL));
}

/* An output serves an outcome of the same agreement, which comes before it. */
static void assert_serves(const struct tally *tally, const struct target_promise *promise)
{
    assert_true((promise->serves.len > 0) == (promise->class == CLASS_OUTPUT));
    if (!promise->serves.len)
        return;
    char begin[24];
    int len = snprintf(
        begin, sizeof begin, "%.*s-" SAMPLE_CYCLE ".", TEXT_ARG(sample_body(tally->body).id));
    uint64_t number;
    assert_true(text_starts(promise->serves, text_of(begin)));
    struct text digits = {promise->serves.at + len, promise->serves.len - (size_t)len};
    assert_true(text_whole(digits, tally->targets, &number) && number > 0);
    assert_int_equal(tally->classes[number - 1], CLASS_OUTCOME);
}

/* Percent of a year's change in a quarter; 0 in a year without change. */
static int64_t share(const struct target_promise *promise, int year, int quarter)
{
    const int64_t *at = promise->milestones.at + year * 4;
    int64_t begin = year ? at[-1] : promise->baseline.thousandths, change = at[3] - begin;
    return change ? (at[quarter] - (quarter ? at[quarter - 1] : begin)) * 100 / change : 0;
}

static void count_shape(struct tally *tally, const struct target_promise *promise)
{
    int64_t first = share(promise, 0, 0), last = share(promise, 0, 3);
    int64_t latest = last > share(promise, 1, 3) ? last : share(promise, 1, 3);
    enum shape shape = promise->season.len                      ? SHAPE_SEASON
                       : last > 40                              ? SHAPE_LATE
                       : first > 35                             ? SHAPE_FRONT
                       : first >= 20 && last >= 20 && last < 31 ? SHAPE_EVEN
                                                                : SHAPE_OTHER;
    tally->shapes[shape]++;
    if (latest > 60 && !promise->season.len && !promise->phasing_reason.len)
        tally->very_late++;
}

static void take_in(void *owner, const struct target_promise *promise)
{
    struct tally *tally = owner;
    assert_values(promise);
    assert_days(promise);
    assert_others(tally, promise);
    assert_serves(tally, promise);
    tally->classes[tally->targets++] = promise->class;
    tally->weight += promise->weight.thousandths;
    tally->class_weight[promise->class] += promise->weight.thousandths;
    tally->statements[tally->statement_count++] =
        hash(UINT64_C(0xCBF29CE484222325), promise->statement);
    tally->trends += promise->past.head.count >= 3;
    tally->directions[promise->direction]++;
    tally->sources[promise->source_kind]++;
    count_shape(tally, promise);
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static void agreements_keep_the_rules(void **state)
{
    (void)state;
    static struct tally tally;
    uint32_t targets = 0;
    tally.statements = calloc(SAMPLE_TARGETS, sizeof *tally.statements);
    assert_non_null(tally.statements);
    assert_int_equal(sample_body_count(), BODIES);
    for (size_t body = 0; body < BODIES; body++) {
        tally.body = body;
        tally.targets = tally.very_late = 0;
        tally.weight = 0;
        memset(tally.class_weight, 0, sizeof tally.class_weight);
        sample_each(body, take_in, &tally);
        targets += tally.targets;
        assert_true(tally.targets == 365 || tally.targets == 366);
        assert_int_equal(tally.targets, sample_count(body));
        assert_int_equal(tally.weight, 100 * DECIMAL_ONE);
        assert_in_range(tally.class_weight[CLASS_OUTCOME], 60 * DECIMAL_ONE, 95 * DECIMAL_ONE);
        assert_in_range(tally.class_weight[CLASS_OUTPUT], DECIMAL_ONE, 30 * DECIMAL_ONE);
        assert_in_range(tally.class_weight[CLASS_PROCESS], 1, 10 * DECIMAL_ONE);
        assert_int_equal(sample_is_complete(body), tally.very_late == 0);
    }
    assert_int_equal(targets, SAMPLE_TARGETS);
    for (size_t i = 0; i < SHAPE_OTHER; i++)
        assert_in_range(tally.shapes[i], SAMPLE_TARGETS / 50, SAMPLE_TARGETS * 3 / 5);
    assert_in_range(tally.trends, SAMPLE_TARGETS / 2, SAMPLE_TARGETS * 4 / 5);
    for (int i = DIRECTION_UP; i <= DIRECTION_KEEP; i++)
        assert_true(tally.directions[i] > 0);
    for (int i = SOURCE_OWN; i <= SOURCE_INDEPENDENT; i++)
        assert_true(tally.sources[i] > SAMPLE_TARGETS / 10);
    qsort(tally.statements, SAMPLE_TARGETS, sizeof *tally.statements, by_value);
    for (size_t i = 1; i < SAMPLE_TARGETS; i++)
        assert_true(tally.statements[i] != tally.statements[i - 1]);
    free(tally.statements);
}

/* Packed promises one behind the other. */
static void pack_one(void *owner, const struct target_promise *promise)
{
    pack_write(target_promise_record(), promise, owner);
}

static void pack_row(void *owner, void *value, struct faults *unused)
{
    (void)unused;
    pack_write(target_promise_record(), value, owner);
}

static void csv_says_the_same(void **state)
{
    (void)state;
    uint64_t digest = UINT64_C(0xCBF29CE484222325);
    for (size_t body = 0; body < BODIES; body++) {
        BUF_CLEANUP struct buf csv = BUF(SAMPLE_CSV_MAX);
        BUF_CLEANUP struct buf made = BUF(SAMPLE_CSV_MAX);
        BUF_CLEANUP struct buf read = BUF(SAMPLE_CSV_MAX);
        sample_csv(body, NULL, &csv);
        sample_each(body, pack_one, &made);
        faults_clear(&why);
        enum err err = csv_read(
            target_promise_record(), buf_as_text(&csv), sample_count(body), pack_row, &read, &why);
        if (err != OK)
            fail_msg("%.*s line %u column %u: %s %s", TEXT_ARG(sample_body(body).id),
                why.kept[0].line, why.kept[0].column, why.kept[0].member, why.kept[0].detail);
        assert_false(csv.full || made.full || read.full);
        assert_true(text_equal(buf_as_text(&made), buf_as_text(&read)));
        digest = hash(digest, buf_as_text(&csv));
    }
    if (digest != DIGEST)
        fail_msg("the digest is 0x%" PRIX64, digest);
}

static void bodies_and_cycle_are_valid(void **state)
{
    (void)state;
    faults_clear(&why);
    for (size_t i = 0; i < BODIES; i++) {
        struct body body = sample_body(i);
        assert_int_equal(record_check(body_record(), &body, &why), OK);
        assert_int_equal(sample_body_find(body.id), i);
        assert_true(text_starts(body.note, TEXT_LITERAL(SAMPLE_LABEL)));
    }
    struct cycle cycle = sample_cycle();
    assert_int_equal(record_check(cycle_record(), &cycle, &why), OK);
    assert_int_equal(cycle.periods.value, PERIODS);
    assert_true(sample_body_find(TEXT_LITERAL("NOBODY")) == SIZE_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_and_cycle_are_valid),
        cmocka_unit_test(agreements_keep_the_rules),
        cmocka_unit_test(csv_says_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
