/* Kept answers are never older than what the follower has heard, whatever order events, answers and
 * readers come in. The world here is a ledger of subjects; answers travel and may be overtaken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "answers.h"

#define SUBJECTS   20
#define POSITIONS  4000
#define TRAVELLING 8

struct kept {
    int subject;
    uint64_t version; /* events of the subject that the answer knows */
    uint64_t position;
};

static int alive;
static uint64_t seed;

static uint64_t draw(uint64_t below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (seed >> 33) % below;
}

static void release(void *kept)
{
    alive--;
    free(kept);
}

struct world {
    int subject_of[POSITIONS + 1];                /* of the event at a position */
    uint64_t version_at[SUBJECTS][POSITIONS + 1]; /* events of a subject up to a position */
    uint64_t head, heard;
    struct kept *travelling[TRAVELLING];
};

static struct text id_of(int subject, char out[16])
{
    (void)snprintf(out, 16, "S-%d", subject);
    return text_of(out);
}

static void happen(struct world *world)
{
    if (world->head == POSITIONS)
        return;
    uint64_t p = ++world->head;
    world->subject_of[p] = (int)draw(SUBJECTS);
    for (int s = 0; s < SUBJECTS; s++)
        world->version_at[s][p] = world->version_at[s][p - 1] + (world->subject_of[p] == s);
}

static void hear(struct world *world, struct answers *answers)
{
    char id[16];
    if (world->heard == world->head)
        return;
    world->heard++;
    answers_event(answers, id_of(world->subject_of[world->heard], id), world->heard);
}

/* A service answers with what it has folded: at least the least position, at most the head. */
static void ask(struct world *world)
{
    struct kept *kept = malloc(sizeof *kept);
    assert_non_null(kept);
    alive++;
    uint64_t least = world->heard > 20 ? world->heard - 20 : 0;
    kept->subject = (int)draw(SUBJECTS);
    kept->position = least + draw(world->head - least + 1);
    kept->version = world->version_at[kept->subject][kept->position];
    size_t place = draw(TRAVELLING);
    if (world->travelling[place])
        release(world->travelling[place]);
    world->travelling[place] = kept;
}

static void arrive(struct world *world, struct answers *answers)
{
    char id[16];
    size_t place = draw(TRAVELLING);
    struct kept *kept = world->travelling[place];
    world->travelling[place] = NULL;
    if (kept)
        answers_keep(answers, id_of(kept->subject, id), id_of(kept->subject, id), kept->position,
            kept, 100 + draw(400));
}

static bool look(struct world *world, struct answers *answers)
{
    char id[16];
    int subject = (int)draw(SUBJECTS);
    uint64_t least = draw(4) ? 0 : world->heard + draw(2);
    const struct kept *kept = answers_find(answers, id_of(subject, id), least);
    if (!kept)
        return false;
    assert_true(world->heard >= least);
    assert_int_equal(kept->subject, subject);
    if (kept->version < world->version_at[subject][world->heard])
        fail_msg("stale: subject %d, version %llu, heard %llu", subject,
            (unsigned long long)kept->version, (unsigned long long)world->heard);
    return true;
}

static void never_stale(void **state)
{
    (void)state;
    printf("seed %llu\n", (unsigned long long)seed);
    uint64_t hits = 0;
    for (int round = 0; round < 20; round++) {
        static struct world world;
        memset(&world, 0, sizeof world);
        struct answers *answers = answers_new(round % 2 ? 4000 : 1 << 20, release);
        for (int i = 0; i < 30; i++)
            happen(&world);
        world.heard = draw(world.head + 1);
        answers_begin(answers, world.heard);
        for (int step = 0; step < 30000; step++)
            switch (draw(10)) {
            case 0:
                happen(&world);
                break;
            case 1:
                hear(&world, answers);
                break;
            case 2:
            case 3:
                ask(&world);
                break;
            case 4:
            case 5:
                arrive(&world, answers);
                break;
            default:
                hits += look(&world, answers);
            }
        assert_true(answers_counts(answers)->bytes <= (round % 2 ? 4000 : 1 << 20));
        answers_free(answers);
        for (int i = 0; i < TRAVELLING; i++)
            if (world.travelling[i])
                release(world.travelling[i]);
        assert_int_equal(alive, 0);
    }
    assert_true(hits > 1000); /* it keeps something, too */
}

static struct kept *fresh(void)
{
    alive++;
    return calloc(1, sizeof(struct kept));
}

static void nothing_is_kept_before_following_begins(void **state)
{
    (void)state;
    struct answers *answers = answers_new(1 << 20, release);
    answers_keep(answers, TEXT_LITERAL("k"), TEXT_LITERAL("s"), 5, fresh(), 10);
    assert_null(answers_find(answers, TEXT_LITERAL("k"), 0));
    answers_begin(answers, 7);
    answers_keep(answers, TEXT_LITERAL("k"), TEXT_LITERAL("s"), 6, fresh(), 10);
    assert_null(answers_find(answers, TEXT_LITERAL("k"), 0));
    answers_keep(answers, TEXT_LITERAL("k"), TEXT_LITERAL("s"), 7, fresh(), 10);
    assert_non_null(answers_find(answers, TEXT_LITERAL("k"), 7));
    assert_null(answers_find(answers, TEXT_LITERAL("k"), 8));
    answers_event(answers, TEXT_LITERAL("s"), 8);
    assert_null(answers_find(answers, TEXT_LITERAL("k"), 8));
    answers_free(answers);
    assert_int_equal(alive, 0);
}

static void what_is_used_stays(void **state)
{
    (void)state;
    struct answers *answers = answers_new(10000, release);
    answers_begin(answers, 1);
    answers_keep(answers, TEXT_LITERAL("hot"), TEXT_LITERAL("s"), 1, fresh(), 100);
    for (int i = 0; i < 1000; i++) {
        char key[16];
        assert_non_null(answers_find(answers, TEXT_LITERAL("hot"), 0));
        answers_keep(answers, id_of(i, key), TEXT_LITERAL("s"), 1, fresh(), 100);
    }
    assert_true(answers_counts(answers)->evicted > 900);
    answers_free(answers);
    assert_int_equal(alive, 0);
}

static void too_many_subjects_are_forgotten_together(void **state)
{
    (void)state;
    struct answers *answers = answers_new(1 << 20, release);
    char key[16];
    answers_begin(answers, 1);
    answers_keep(answers, TEXT_LITERAL("k"), TEXT_LITERAL("S-0"), 1, fresh(), 10);
    for (int i = 0; i < 70000; i++)
        answers_event(answers, id_of(i + 1, key), (uint64_t)i + 2);
    assert_null(answers_find(answers, TEXT_LITERAL("k"), 0));
    answers_keep(answers, TEXT_LITERAL("k"), TEXT_LITERAL("S-0"), 1, fresh(), 10);
    assert_null(answers_find(answers, TEXT_LITERAL("k"), 0));
    answers_keep(answers, TEXT_LITERAL("k"), TEXT_LITERAL("S-0"), 70001, fresh(), 10);
    assert_non_null(answers_find(answers, TEXT_LITERAL("k"), 70001));
    answers_free(answers);
    assert_int_equal(alive, 0);
}

int main(void)
{
    const char *given = getenv("SEED");
    seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(never_stale),
        cmocka_unit_test(nothing_is_kept_before_following_begins),
        cmocka_unit_test(what_is_used_stays),
        cmocka_unit_test(too_many_subjects_are_forgotten_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
