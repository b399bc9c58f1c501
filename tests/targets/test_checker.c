/* How often the checker is right. Its rules and words are frozen before unseen.tsv is read; what
 * cross-validation says of the rows it was tuned on flatters the rules, and is only printed. */
#include "checker.h"

#include "base/must.h"
#include "checker_bayes.h"
#include "support/chance.h"

#include <stdio.h>
#include <stdlib.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ROWS_MAX 1200
#define FOLDS    10
#define ROUNDS   3

struct rows {
    size_t count;
    struct row {
        enum target_class class;
        struct text difficulty, statement;
    } at[ROWS_MAX];
};

struct tally {
    unsigned all, right, agreed, agreed_right, agreed_process, passed; /* process as outcome */
    unsigned of[4][4];                                                 /* said of is */
};

static void rows_load(struct rows *rows, const char *path)
{
    char *bytes = NULL;
    size_t room = 0;
    FILE *file = fopen(path, "rbe");
    must(file);
    ssize_t len = getdelim(&bytes, &room, -1, file);
    (void)fclose(file);
    must(len > 0);
    struct text rest = {bytes, (size_t)len};
    while (rest.len) {
        struct text line = text_cut(rest, '\n', &rest), statement;
        if (line.len == 0 || line.at[0] == '#')
            continue;
        must(rows->count < ROWS_MAX);
        struct row *row = &rows->at[rows->count++];
        row->class = (enum target_class)choices_value(
            target_class_choices(), text_cut(line, '\t', &statement));
        row->difficulty = text_cut(statement, '\t', &row->statement);
        must(row->class != 0);
    } /* the bytes stay as long as the rows */
}

static void tally_add(struct tally *tally, enum target_class is, const struct check *check)
{
    tally->all++;
    tally->right += check->class == is;
    tally->of[is][check->class]++;
    if (check->agreed != FLAG_YES)
        return;
    tally->agreed++;
    tally->agreed_right += check->class == is;
    tally->agreed_process += is == CLASS_PROCESS;
    tally->passed += is == CLASS_PROCESS && check->class == CLASS_OUTCOME;
}

static double percent(unsigned part, unsigned whole)
{
    return whole ? 100.0 * part / whole : 0;
}

static void tally_print(const char *what, const struct tally *tally)
{
    print_message("%s: %u lines, %.1f%% right; agreed %.1f%% of lines, %.1f%% of those right; "
                  "process passed as outcome %u of %u agreed, %u of all\n",
        what, tally->all, percent(tally->right, tally->all), percent(tally->agreed, tally->all),
        percent(tally->agreed_right, tally->agreed), tally->passed, tally->agreed_process,
        tally->of[CLASS_PROCESS][CLASS_OUTCOME]);
}

static void test_unseen(void **state)
{
    static struct rows rows;
    static struct tally all, by_difficulty[3];
    static const char *const words[] = {"easy", "medium", "hard"};
    (void)state;
    rows_load(&rows, "tests/targets/unseen.tsv");
    struct checker *checker = checker_new();
    BUF_CLEANUP struct buf arena = BUF(4096);
    for (size_t i = 0; i < rows.count; i++) {
        struct check check = {0};
        buf_clear(&arena);
        checker_check(checker, rows.at[i].statement, &arena, &check);
        tally_add(&all, rows.at[i].class, &check);
        for (size_t d = 0; d < 3; d++)
            if (text_is(rows.at[i].difficulty, words[d]))
                tally_add(&by_difficulty[d], rows.at[i].class, &check);
    }
    checker_free(checker);
    tally_print("unseen", &all);
    for (size_t d = 0; d < 3; d++)
        tally_print(words[d], &by_difficulty[d]);
    for (int is = CLASS_PROCESS; is <= CLASS_OUTCOME; is++)
        print_message("%s: said process %u, output %u, outcome %u\n",
            choices_word(target_class_choices(), is), all.of[is][CLASS_PROCESS],
            all.of[is][CLASS_OUTPUT], all.of[is][CLASS_OUTCOME]);
    assert_true(all.all >= 150);
    assert_true(percent(all.right, all.all) >= 85);
    assert_true(percent(all.agreed_right, all.agreed) >= 92);
    assert_true(percent(all.agreed, all.all) >= 60);
    assert_true(all.passed * 20 <= all.agreed_process);
}

/* Ten folds: the words are counted on nine of them and asked about the tenth. */
static void fold(const struct rows *rows, const uint8_t *folds, uint8_t out, struct tally *words,
    struct tally *both, const struct checker *checker)
{
    struct bayes *bayes = bayes_new();
    static struct tokens tokens;
    BUF_CLEANUP struct buf arena = BUF(4096);
    for (size_t i = 0; i < rows->count; i++)
        if (folds[i] != out) {
            tokens_read(rows->at[i].statement, &tokens);
            bayes_learn(bayes, &tokens, rows->at[i].class);
        }
    for (size_t i = 0; i < rows->count; i++) {
        if (folds[i] != out)
            continue;
        struct check check = {0};
        buf_clear(&arena);
        checker_check(checker, rows->at[i].statement, &arena, &check);
        tokens_read(rows->at[i].statement, &tokens);
        enum target_class said = bayes_ask(bayes, &tokens).class;
        check.class = check.rules;
        check.agreed = said == check.rules ? FLAG_YES : FLAG_NO;
        tally_add(both, rows->at[i].class, &check);
        check.class = said;
        tally_add(words, rows->at[i].class, &check);
    }
    bayes_free(bayes);
}

static void test_cross_validation(void **state)
{
    static struct rows rows;
    static struct tally words, both;
    static uint8_t folds[ROWS_MAX];
    (void)state;
    struct chance chance = chance_start("cross_validation");
    rows_load(&rows, "services/targets/data/statements.tsv");
    rows_load(&rows, "services/targets/data/further.tsv");
    struct checker *checker = checker_new();
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < rows.count; i++)
            folds[i] = (uint8_t)chance_below(&chance, FOLDS);
        for (uint8_t out = 0; out < FOLDS; out++)
            fold(&rows, folds, out, &words, &both, checker);
    }
    checker_free(checker);
    tally_print("words alone, cross-validated", &words);
    tally_print("rules (tuned on these rows) and words", &both);
    assert_true(percent(words.right, words.all) >= 70);
    assert_true(percent(both.agreed_right, both.agreed) >= 92);
    assert_true(percent(both.agreed, both.all) >= 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cross_validation),
        cmocka_unit_test(test_unseen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
