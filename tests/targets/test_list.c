/* Lists: every filter and every order against a plain walk over the single answers, and pages that
 * together are exactly all matches. */
#include "table.h"

#include "model.h"

#include "base/must.h"
#include "support/chance.h"
#include "targets/samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define MOST 400

/* What one of the many targets was made of; `at` is its place in the order of ids. */
struct made {
    char id[32];
    uint32_t number;
    int agreement;
    struct target view; /* texts are gone, the rest is what the single answer said */
    char statement[64];
};

struct all {
    struct world world;
    struct chance chance;
    struct made made[MOST];
    size_t count;
};

static const char *const bodies[] = {"FIN", "PWR", "WAT"};
static const char *const words[] = {
    "Road", "SCHOOL", "water", "losses", "Größe", "صحت", "tax", "Straße", "power", "seed"};

static struct target_promise some_promise(struct chance *chance, char statement[64])
{
    struct target_promise promise = samples_promise();
    (void)snprintf(statement, 64, "%s %s %u", words[chance_below(chance, 10)],
        words[chance_below(chance, 10)], chance_below(chance, 3));
    promise.statement = text_of(statement);
    promise.measure = promise.source = (struct text){0};
    promise.class = (enum target_class)chance_below(chance, 4);
    promise.weight.thousandths = 1000 * (1 + (int)chance_below(chance, 9));
    promise.weight.given = chance_below(chance, 8) > 0;
    if (chance_below(chance, 3) == 0) {
        static const int keep[] = {200, 200, 200, 200, 200, 200, 200, 200};
        promise.direction = DIRECTION_KEEP;
        samples_milestones(&promise, 8, keep);
    } else if (chance_below(chance, 2)) {
        static const int late[] = {100, 100, 100, 150, 150, 150, 150, 200};
        samples_milestones(&promise, 8, late);
    }
    if (chance_below(chance, 2))
        promise.owner = (struct text){0};
    return promise;
}

static void look(struct all *all, struct made *made)
{
    struct target_one one = {.target = text_of(made->id)};
    must(world_ask(&all->world, "auditor", MESSAGE_target_get, &one) == OK);
    world_read(&all->world, 0, target_record(), &made->view);
}

static int by_id(const void *a, const void *b)
{
    const struct made *x = a, *y = b;
    return x->agreement != y->agreement ? x->agreement - y->agreement
                                        : (int)x->number - (int)y->number;
}

static void fill(struct all *all)
{
    uint32_t numbers[3] = {0};
    all->chance = chance_start("test_list");
    world_open(&all->world, table_service());
    samples_government(&all->world);
    for (int i = 0; i < MOST; i++) {
        struct made *made = &all->made[all->count];
        made->agreement = (int)chance_below(&all->chance, 3);
        char agreement[16];
        (void)snprintf(agreement, sizeof agreement, "%s-2021", bodies[made->agreement]);
        struct target_promise promise = some_promise(&all->chance, made->statement);
        if (promise.owner.len)
            promise.owner = made->agreement == 1 ? promise.owner : (struct text){0};
        made->number = ++numbers[made->agreement];
        (void)snprintf(made->id, sizeof made->id, "%s.%u", agreement, made->number);
        samples_draft(&all->world, agreement, &promise);
        if (chance_below(&all->chance, 5) == 0) { /* holes in the numbers */
            struct target_one one = {.target = text_of(made->id)};
            uint64_t version = samples_version(&all->world, agreement);
            char office[16];
            (void)snprintf(office, sizeof office, "focal.%s", bodies[made->agreement]);
            must(world_do(&all->world, office, MESSAGE_target_remove, &one, version) == OK);
        } else {
            all->count++;
        }
    }
    qsort(all->made, all->count, sizeof *all->made, by_id);
    for (size_t i = 0; i < all->count; i++)
        look(all, &all->made[i]);
}

static int open_all(void **state)
{
    struct all *all = calloc(1, sizeof *all);
    must(all);
    fill(all);
    *state = all;
    return 0;
}

static int close_all(void **state)
{
    struct all *all = *state;
    world_close(&all->world);
    free(all);
    return 0;
}

/* ---- the plain walk ---- */
static enum target_class class_of(const struct target *view)
{
    const struct check *check = &view->promised.check;
    return check->agreed == FLAG_YES ? check->class : view->promised.promise.class;
}

static bool matches(const struct made *made, const struct target_list *asked, const char *needle)
{
    const struct target *view = &made->view;
    int64_t weight = view->promised.promise.weight.thousandths;
    return (!asked->body.at || text_is(asked->body, bodies[made->agreement])) &&
           (!asked->agreement.at ||
               strncmp(asked->agreement.at, made->id, asked->agreement.len) == 0) &&
           (!asked->class || asked->class == class_of(view)) &&
           (!asked->state || asked->state == view->state) &&
           (!asked->direction || asked->direction == view->promised.promise.direction) &&
           (!asked->phasing_flag || asked->phasing_flag == view->phasing_flag) &&
           (!asked->weight_from.given || weight >= asked->weight_from.thousandths) &&
           (!asked->weight_to.given || weight <= asked->weight_to.thousandths) &&
           (!asked->text.at || strstr(made->statement, needle));
}

static int64_t key_of(const struct made *made, enum target_sort sort)
{
    int64_t weight = made->view.promised.promise.weight.thousandths;
    int64_t quality = made->view.quality.value, position = made->view.position.value;
    switch ((int)sort) {
    case SORT_ORDER:
        return made->view.order.value;
    case SORT_WEIGHT:
        return weight;
    case SORT_WEIGHT_DOWN:
        return -weight;
    case SORT_QUALITY:
        return quality;
    case SORT_QUALITY_DOWN:
        return -quality;
    case SORT_CHANGED:
        return position;
    case SORT_CHANGED_DOWN:
        return -position;
    default:
        return 0;
    }
}

/* Reads all pages and compares them with the plain walk; returns how many there were. */
static size_t compare(struct all *all, struct target_list asked, const char *needle)
{
    const struct made *want[MOST] = {NULL};
    size_t wanted = 0, got = 0;
    for (size_t i = 0; i < all->count; i++)
        if (matches(&all->made[i], &asked, needle))
            want[wanted++] = &all->made[i];
    for (size_t i = 1; i < wanted; i++) /* insertion keeps the order of ids among equals */
        for (size_t j = i; j > 0 && key_of(want[j], asked.sort) < key_of(want[j - 1], asked.sort);
             j--) {
            const struct made *swap = want[j];
            want[j] = want[j - 1];
            want[j - 1] = swap;
        }
    char after[400];
    for (;;) {
        enum err err = world_ask(&all->world, "auditor", MESSAGE_target_list, &asked);
        if (err)
            world_print(&all->world);
        assert_int_equal(err, OK);
        struct answer head = world_head(&all->world);
        assert_int_equal(head.total.value, wanted);
        size_t frames = reply_count(all->world.reply);
        assert_in_range(frames, 0, (size_t)asked.limit.value);
        for (size_t i = 0; i < frames; i++, got++) {
            struct target view;
            world_read(&all->world, i, target_record(), &view);
            must(got < wanted && want[got]);
            if (!text_is(view.promised.id, want[got]->id))
                print_message("%.*s, not %s\n", TEXT_ARG(view.promised.id), want[got]->id);
            assert_true(text_is(view.promised.id, want[got]->id));
        }
        if (!head.next.at)
            break;
        assert_int_equal(frames, asked.limit.value); /* only full pages have a next one */
        memcpy(after, head.next.at, head.next.len);
        asked.after = (struct text){after, head.next.len};
    }
    assert_int_equal(got, wanted);
    return wanted;
}

static void test_orders_and_pages(void **state)
{
    struct all *all = *state;
    static const int limits[] = {1, 7, 50, 200};
    for (int sort = 0; sort <= SORT_CHANGED_DOWN; sort++)
        for (size_t l = 0; l < 4; l++) {
            struct target_list asked = {.sort = (enum target_sort)sort, .limit = {limits[l], true}};
            assert_int_equal(compare(all, asked, NULL), all->count);
        }
}

static void test_filters(void **state)
{
    struct all *all = *state;
    size_t found = 0;
    for (int i = 0; i < 600; i++) {
        struct chance *chance = &all->chance;
        struct target_list asked = {.limit = {1 + chance_below(chance, 40), true},
            .sort = (enum target_sort)chance_below(chance, SORT_CHANGED_DOWN + 1)};
        if (chance_below(chance, 3) == 0)
            asked.body = text_of(bodies[chance_below(chance, 3)]);
        if (chance_below(chance, 6) == 0)
            asked.agreement = TEXT_LITERAL("PWR-2021");
        if (chance_below(chance, 6) == 0)
            asked.cycle = TEXT_LITERAL("2021");
        if (chance_below(chance, 3) == 0)
            asked.class = (enum target_class)chance_below(chance, 4);
        if (chance_below(chance, 6) == 0)
            asked.direction = (enum direction)chance_below(chance, 4);
        if (chance_below(chance, 6) == 0)
            asked.phasing_flag = (enum phasing_flag)chance_below(chance, 6);
        if (chance_below(chance, 8) == 0)
            asked.state = (enum agreement_state)chance_below(chance, 3);
        if (chance_below(chance, 4) == 0)
            asked.weight_from = (struct decimal){1000 * (int)chance_below(chance, 9), true};
        if (chance_below(chance, 4) == 0)
            asked.weight_to = (struct decimal){1000 * (int)chance_below(chance, 9), true};
        const char *needle = words[chance_below(chance, 10)];
        if (chance_below(chance, 3) == 0)
            asked.text = text_of(needle);
        found += compare(all, asked, needle);
    }
    assert_true(found > 600);
}

static uint64_t found(struct all *all, const char *needle)
{
    struct target_list asked = {.text = text_of(needle)};
    assert_int_equal(world_ask(&all->world, "auditor", MESSAGE_target_list, &asked), OK);
    return (uint64_t)world_head(&all->world).total.value;
}

static uint64_t with_word(const struct all *all, const char *word)
{
    uint64_t count = 0;
    for (size_t i = 0; i < all->count; i++)
        count += strstr(all->made[i].statement, word) != NULL;
    return count;
}

static void test_text_whatever_the_case(void **state)
{
    struct all *all = *state;
    assert_int_equal(found(all, "sCHOOl"), with_word(all, "SCHOOL"));
    assert_int_equal(found(all, "GRÖSSE"), with_word(all, "Größe"));
    assert_int_equal(found(all, "größe"), with_word(all, "Größe"));
    assert_int_equal(found(all, "strasse"), with_word(all, "Straße"));
    assert_int_equal(found(all, "صح"), with_word(all, "صحت"));
    assert_int_equal(found(all, "hool"), with_word(all, "SCHOOL"));
    assert_int_equal(found(all, "ro"), with_word(all, "Ro"));
    assert_int_equal(found(all, "no such words"), 0);
    assert_int_equal(found(all, "schoolx"), 0);
}

static void test_hostile_cursors(void **state)
{
    struct all *all = *state;
    struct target_list asked = {.limit = {1, true}};
    assert_int_equal(world_ask(&all->world, "auditor", MESSAGE_target_list, &asked), OK);
    char fine[400];
    struct text next = world_head(&all->world).next;
    memcpy(fine, next.at, next.len);
    fine[next.len] = '\0';
    static const char *const wrong[] = {"x", "0", "00", "zz", "2", "20", "6964",
        "69642030205057522d32303231",       /* "id 0 PWR-2021": no target */
        "69642030205057522d323032312e30",   /* "id 0 PWR-2021.0" */
        "69642030205057522d323032312e3031", /* "id 0 PWR-2021.01" */
        "6964202d205057522d323032312e31",   /* "id - PWR-2021.1" */
        "69642030203c7363726970743e",       /* "id 0 <script>" */
        "776569676874203020205057522e31",   /* "weight 0  PWR.1" */
        "6964203939393939393939393939393939393939393939203120"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        asked.after = text_of(wrong[i]);
        assert_int_equal(
            world_ask(&all->world, "auditor", MESSAGE_target_list, &asked), ERR_INVALID);
        assert_true(world_faults(&all->world, "after"));
    }
    asked.after = text_of(fine);
    assert_int_equal(world_ask(&all->world, "auditor", MESSAGE_target_list, &asked), OK);
    asked.sort = SORT_WEIGHT; /* of another order */
    assert_int_equal(world_ask(&all->world, "auditor", MESSAGE_target_list, &asked), ERR_INVALID);
    for (int i = 0; i < 2000; i++) { /* any bytes changed: refused, or a page */
        char bent[400];
        memcpy(bent, fine, sizeof bent);
        for (int n = 0; n < 3; n++)
            bent[chance_below(&all->chance, (uint32_t)next.len)] =
                "0123456789abcdefgZ"[chance_below(&all->chance, 18)];
        asked.sort = target_sort_UNSET;
        asked.after = (struct text){bent, next.len};
        enum err err = world_ask(&all->world, "auditor", MESSAGE_target_list, &asked);
        assert_true(err == OK || (err == ERR_INVALID && world_faults(&all->world, "after")));
    }
}

/* A page goes on where the last one ended though the target it ended on is gone. */
static void test_a_page_survives_removal(void **state)
{
    struct all *all = *state;
    struct target_list asked = {.agreement = TEXT_LITERAL("WAT-2021"), .limit = {2, true}};
    assert_int_equal(world_ask(&all->world, "auditor", MESSAGE_target_list, &asked), OK);
    struct target second, third;
    char id[64], after[400];
    world_read(&all->world, 1, target_record(), &second);
    (void)snprintf(id, sizeof id, "%.*s", TEXT_ARG(second.promised.id));
    struct text next = world_head(&all->world).next;
    memcpy(after, next.at, next.len);
    asked.after = (struct text){after, next.len};
    assert_int_equal(world_ask(&all->world, "auditor", MESSAGE_target_list, &asked), OK);
    char want[64];
    world_read(&all->world, 0, target_record(), &third);
    (void)snprintf(want, sizeof want, "%.*s", TEXT_ARG(third.promised.id));
    struct target_one one = {.target = text_of(id)};
    uint64_t version = samples_target_version(&all->world, id);
    assert_int_equal(world_do(&all->world, "focal.WAT", MESSAGE_target_remove, &one, version), OK);
    assert_int_equal(world_ask(&all->world, "auditor", MESSAGE_target_list, &asked), OK);
    world_read(&all->world, 0, target_record(), &third);
    assert_true(text_is(third.promised.id, want));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_orders_and_pages),
        cmocka_unit_test(test_filters),
        cmocka_unit_test(test_text_whatever_the_case),
        cmocka_unit_test(test_hostile_cursors),
        cmocka_unit_test(test_a_page_survives_removal),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
