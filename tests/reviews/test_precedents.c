/* Precedents against a plain computation of the same measure, how words are cut, and that nobody
 * reads another body's draft by asking what is like it. */
#include "table.h"

#include "likeness.h"
#include "words.h"

#include "base/clock.h"
#include "base/must.h"
#include "reviews/scene.h"
#include "support/chance.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- words ---- */
static void join(void *owner, struct text word)
{
    char *out = owner;
    size_t len = strlen(out);
    (void)snprintf(out + len, 400 - len, "%.*s|", TEXT_ARG(word));
}

static const struct {
    const char *statement, *words;
} cuts[] = {
    {"Reduce losses from 17.8% to 15.5%.", "reduce|losses|from|to|"},
    {"  ALL   caps, all-caps ", "all|caps|all|caps|"},
    {"42", ""},
    {"", ""},
    {"STRASSE Straße", "strasse|strasse|"},
    {"Éa e\xcc\x81"
     "A",
        "éa|éa|"},
    {"بجلی کے نقصانات ۱۲ فیصد", "بجلی|کے|نقصانات|فیصد|"},
    {"x", "x|"},
};

static void test_words(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        char out[400] = "";
        words_each(text_of(cuts[i].statement), join, out);
        assert_string_equal(out, cuts[i].words);
    }
}

/* ---- the measure, computed plainly ---- */
#define STATEMENTS 300
#define WORDS      40

static char statements[STATEMENTS + 1][400];
static int times[STATEMENTS + 1][WORDS]; /* how often each word stands in it */

static void write_statements(struct chance *chance)
{
    for (size_t s = 0; s <= STATEMENTS; s++) {
        char *out = statements[s];
        size_t len = 0;
        for (uint32_t w = chance_below(chance, 20); w > 0; w--) {
            uint32_t word = chance_below(chance, 1 + chance_below(chance, WORDS));
            times[s][word]++;
            len += (size_t)snprintf(out + len, 400 - len, "%s%c%c%s", w % 3 ? " " : ", ",
                'a' + (int)word / 8, 'a' + (int)word % 8, w % 2 ? "" : " 7");
        }
    }
}

static double weight_of(size_t word, size_t count)
{
    int with = 0;
    for (size_t s = 0; s < count; s++)
        with += times[s][word] > 0;
    return with ? log(1.0 + (double)count / with) : 0;
}

static double plain_cosine(size_t one, size_t other, size_t count)
{
    double product = 0, left = 0, right = 0;
    for (size_t word = 0; word < WORDS; word++) {
        double weight = weight_of(word, count);
        double a = times[one][word] * weight, b = times[other][word] * weight;
        product += a * b;
        left += a * a;
        right += b * b;
    }
    return product > 0 ? product / sqrt(left * right) : 0;
}

static void test_measure(void **unused)
{
    (void)unused;
    struct chance chance = chance_start("test_precedents");
    struct likeness *likeness = likeness_new();
    double scores[STATEMENTS];
    write_statements(&chance);
    for (size_t count = 1; count <= STATEMENTS; count++) {
        likeness_add(likeness, text_of(statements[count - 1]));
        if (count > 3 && count % 50)
            continue;
        likeness_compare(likeness, text_of(statements[STATEMENTS]), scores);
        for (size_t s = 0; s < count; s++) {
            double expected = plain_cosine(STATEMENTS, s, count);
            assert_true(fabs(scores[s] - expected) < 1e-9);
            assert_true(scores[s] >= 0 && scores[s] < 1 + 1e-9);
        }
    }
    likeness_compare(likeness, text_of(statements[7]), scores);
    if (statements[7][0])
        assert_true(fabs(scores[7] - 1) < 1e-9);
    likeness_free(likeness);
}

/* ---- who sees which ---- */
static int open_play(void **state)
{
    struct play *play = play_new(table_service());
    scene_government(play);
    *state = play;
    return 0;
}

static int close_play(void **state)
{
    play_free(*state);
    return 0;
}

static enum err rule(struct play *play, const char *target, enum verdict verdict)
{
    struct ruling_make make = {.target = text_of(target),
        .verdict = verdict,
        .class = CLASS_OUTCOME,
        .reason = TEXT_LITERAL("as it reads")};
    return play_do(play, "c.one", "committee.1", MESSAGE_ruling_make, &make, 0);
}

/* The ids of the answer's targets, one behind the other. */
static const char *like(
    struct play *play, const char *person, const char *office, struct precedent_list asked)
{
    static char out[400];
    int64_t before = 100;
    out[0] = '\0';
    assert_int_equal(play_ask(play, person, office, MESSAGE_precedent_list, &asked), OK);
    for (size_t i = 0; i < reply_count(play->reply); i++) {
        struct precedent view = {0};
        play_read(play, i, precedent_record(), &view);
        assert_in_range(view.likeness.value, 0, before);
        before = view.likeness.value;
        size_t len = strlen(out);
        (void)snprintf(
            out + len, sizeof out - len, "%.*s ", TEXT_ARG(view.ruling.ruling.made.target));
    }
    return out;
}

static void three_bodies(struct play *play)
{
    scene_target(play, "PWR-2021", 1, "Cut losses of power to 15%", 50000, CLASS_OUTCOME, 0);
    scene_target(play, "PWR-2021", 2, "Cut losses of power to 12%", 50000, CLASS_OUTCOME, 0);
    scene_target(play, "WAT-2021", 1, "Cut losses of water", 100000, CLASS_OUTCOME, 0);
    scene_target(play, "FIN-2021", 1, "Cut arrears", 100000, CLASS_OUTCOME, 0);
    scene_lead(play, "PWR-2021", STATE_SUBMITTED);
    scene_lead(play, "WAT-2021", STATE_SUBMITTED);
    scene_lead(play, "FIN-2021", STATE_SUBMITTED);
    assert_int_equal(rule(play, "PWR-2021.1", VERDICT_ACCEPT), OK);
    assert_int_equal(rule(play, "PWR-2021.2", VERDICT_RETURN), OK);
    assert_int_equal(rule(play, "WAT-2021.1", VERDICT_ACCEPT), OK);
    assert_int_equal(rule(play, "FIN-2021.1", VERDICT_ACCEPT), OK);
}

static void test_who_sees_which(void **state)
{
    struct play *play = *state;
    three_bodies(play);
    struct precedent_list power = {.statement = TEXT_LITERAL("cut LOSSES of power to 9%")};
    struct precedent_list first = {.target = TEXT_LITERAL("PWR-2021.1")};
    struct precedent_list one = {.statement = power.statement, .limit = {1, true}};
    struct precedent_list none = {.statement = TEXT_LITERAL("Halve waiting")};
    assert_string_equal(like(play, "c.two", "committee.2", power),
        "PWR-2021.2 PWR-2021.1 WAT-2021.1 FIN-2021.1 "); /* of equals the latest first */
    assert_string_equal(like(play, "c.two", "committee.2", one), "PWR-2021.2 ");
    assert_string_equal(like(play, "c.two", "committee.2", none), "");
    assert_string_equal(like(play, "c.two", "committee.2", first),
        "PWR-2021.2 WAT-2021.1 FIN-2021.1 "); /* not its own */
    assert_string_equal(like(play, "f.wat", "focal.WAT", power), "WAT-2021.1 ");
    assert_string_equal(like(play, "f.pwr", "focal.PWR", first), "PWR-2021.2 ");
    assert_int_equal(
        play_ask(play, "f.wat", "focal.WAT", MESSAGE_precedent_list, &first), ERR_NOT_FOUND);
    struct precedent_list both = {.target = first.target, .statement = power.statement},
                          neither = {0};
    assert_int_equal(
        play_ask(play, "c.one", "committee.1", MESSAGE_precedent_list, &both), ERR_INVALID);
    assert_int_equal(
        play_ask(play, "c.one", "committee.1", MESSAGE_precedent_list, &neither), ERR_INVALID);
}

/* A ruling is no precedent once another on the same text replaced it; one on an older text is. In
 * force, the ruled text is everybody's; what was ruled on before and changed stays a draft. */
static void test_what_is_a_precedent(void **state)
{
    struct play *play = *state;
    struct precedent_list power = {.statement = TEXT_LITERAL("losses of power at night")};
    three_bodies(play);
    assert_int_equal(rule(play, "PWR-2021.1", VERDICT_ACCEPT), OK);
    assert_string_equal(like(play, "c.two", "committee.2", power),
        "PWR-2021.1 PWR-2021.2 WAT-2021.1 "); /* FIN's line shares no word */
    play_tell(play, MESSAGE_agreement_returned, "PWR-2021", "PWR-2021", NULL);
    scene_target(play, "PWR-2021", 2, "Cut losses of power at night", 50000, CLASS_OUTCOME, 0);
    play_tell(play, MESSAGE_agreement_submitted, "PWR-2021", "PWR-2021", NULL);
    assert_int_equal(rule(play, "PWR-2021.2", VERDICT_ACCEPT), OK);
    assert_string_equal(
        like(play, "c.two", "committee.2", power), "PWR-2021.2 PWR-2021.1 PWR-2021.2 WAT-2021.1 ");
    assert_string_equal(like(play, "f.fin", "focal.FIN", power), "");
    play_tell(play, MESSAGE_agreement_accepted, "PWR-2021", "PWR-2021", NULL);
    play_tell(play, MESSAGE_agreement_forwarded, "PWR-2021", "PWR-2021", NULL);
    play_tell(play, MESSAGE_agreement_frozen, "PWR-2021", "PWR-2021", NULL);
    play_tell(play, MESSAGE_agreement_minister_signed, "PWR-2021", "PWR-2021", NULL);
    assert_string_equal(like(play, "f.fin", "focal.FIN", power), "");
    play_tell(play, MESSAGE_agreement_pm_signed, "PWR-2021", "PWR-2021", NULL);
    assert_string_equal(like(play, "f.fin", "focal.FIN", power), "PWR-2021.2 PWR-2021.1 ");
    assert_true(play_same_again(play));
}

/* ---- 15,000 of them ---- */
static void test_many(void **unused)
{
    (void)unused;
    enum { MANY = 15000, VOCABULARY = 4000 };
    struct chance chance = chance_start("test_many");
    struct likeness *likeness = likeness_new();
    double *scores = malloc(MANY * sizeof *scores);
    char text[400] = "";
    must(scores);
    for (int s = 0; s < MANY; s++) {
        size_t len = 0;
        for (int w = 0; w < 20; w++) {
            uint32_t word = chance_below(&chance, 1 + chance_below(&chance, VOCABULARY));
            len += (size_t)snprintf(text + len, sizeof text - len, "%c%c%c%c ",
                'a' + (int)(word / 676) % 26, 'a' + (int)(word / 26) % 26, 'a' + (int)word % 26,
                'a' + (int)(word * 7) % 26);
        }
        likeness_add(likeness, text_of(text));
    }
    uint64_t least = UINT64_MAX;
    for (int i = 0; i < 5; i++) {
        uint64_t begin = clock_mono_us();
        likeness_compare(likeness, text_of(text), scores);
        uint64_t took = clock_mono_us() - begin;
        least = took < least ? took : least;
    }
    print_message("%d statements compared in %lu us\n", MANY, least);
    assert_true(fabs(scores[MANY - 1] - 1) < 1e-9);
    free(scores);
    likeness_free(likeness);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_measure),
        cmocka_unit_test_setup_teardown(test_who_sees_which, open_play, close_play),
        cmocka_unit_test_setup_teardown(test_what_is_a_precedent, open_play, close_play),
        cmocka_unit_test(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
