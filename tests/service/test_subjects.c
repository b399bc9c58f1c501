/* The index beside a plain list of what was added, under chance. */
#include "service/subjects.h"

#include "support/chance.h"

#include <stdio.h>
#include <stdlib.h>

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
// clang-format on

#define EVENTS 20000
#define THINGS 3000

struct added {
    uint32_t subject, about;
};

static struct text name_of(uint32_t thing, char out[16])
{
    return (struct text){out, (size_t)snprintf(out, 16, "T-%u", thing)};
}

/* The positions that the list has for a thing, compared with those of the index. */
static void compare(const struct subjects *subjects, const struct added *added, uint32_t thing,
    bool about, uint64_t at)
{
    char name[16];
    size_t count = 0;
    uint64_t version = 0;
    uint32_t found = subjects_find(subjects, name_of(thing, name));
    struct positions positions = subjects_positions(subjects, found, about);
    for (uint32_t i = 0; i < EVENTS; i++) {
        if ((about ? added[i].about : added[i].subject) != thing)
            continue;
        assert_true(count < positions.count);
        assert_int_equal(positions.at[count++], i + 1);
        version += i + 1 <= at;
    }
    assert_int_equal(positions.count, count);
    if (!about && found != SUBJECT_NONE) {
        assert_int_equal(subjects_version(subjects, found), count);
        assert_int_equal(subjects_version_at(subjects, found, at), version);
        assert_true(text_equal(subjects_id(subjects, found), name_of(thing, name)));
    }
}

static void it_knows_what_was_added(void **state)
{
    (void)state;
    static struct added added[EVENTS];
    struct chance chance = chance_start("it_knows_what_was_added");
    struct subjects *subjects = subjects_new();
    char subject[16], about[16];
    for (uint32_t i = 0; i < EVENTS; i++) {
        uint32_t few = 1 + chance_below(&chance, THINGS); /* so that some have many */
        added[i].subject = chance_below(&chance, few);
        added[i].about =
            chance_below(&chance, 3) ? chance_below(&chance, THINGS) : added[i].subject;
        uint64_t before =
            subjects_version(subjects, subjects_find(subjects, name_of(added[i].subject, subject)));
        assert_int_equal(subjects_add(subjects, name_of(added[i].subject, subject),
                             name_of(added[i].about, about), i + 1),
            before + 1);
    }
    for (uint32_t thing = 0; thing < THINGS; thing += 7) {
        compare(subjects, added, thing, false, chance_below(&chance, EVENTS + 2));
        compare(subjects, added, thing, true, 0);
    }
    assert_int_equal(subjects_find(subjects, TEXT_LITERAL("nobody")), SUBJECT_NONE);
    assert_int_equal(subjects_positions(subjects, SUBJECT_NONE, true).count, 0);
    subjects_free(subjects);
}

static void a_busy_mark_is_of_one_thing(void **state)
{
    (void)state;
    struct subjects *subjects = subjects_new();
    uint32_t a = subjects_place(subjects, TEXT_LITERAL("A"));
    uint32_t b = subjects_place(subjects, TEXT_LITERAL("B"));
    assert_int_equal(subjects_place(subjects, TEXT_LITERAL("A")), a);
    subjects_set_busy(subjects, a, true);
    assert_true(subjects_busy(subjects, a) && !subjects_busy(subjects, b));
    subjects_set_busy(subjects, a, false);
    assert_false(subjects_busy(subjects, a));
    assert_int_equal(subjects_version(subjects, a), 0);
    subjects_free(subjects);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_knows_what_was_added),
        cmocka_unit_test(a_busy_mark_is_of_one_thing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
