/* The register of keys: what may follow what, and every way in which a key is not good enough. */
#include "base/must.h"
#include "facts/keys.h"
#include "schema/pack.h"
#include "support/chance.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define T(literal) TEXT_LITERAL(literal)

struct world {
    struct keys *keys;
    uint64_t position;
};

/* Bytes live only during the call, as they do in a service. */
static const char *happen(struct world *world, enum message message, struct text subject,
    const char *person, const void *record)
{
    const struct record *carries = message_row(message)->carries();
    BUF_CLEANUP struct buf packed = BUF(1u << 16);
    pack_write(carries, record, &packed);
    char *data = malloc(packed.len);
    void *value = calloc(1, carries->size);
    struct faults why = {0};
    must(data && value);
    memcpy(data, packed.at, packed.len);
    must(pack_read(carries, (struct text){data, packed.len}, PACK_REFUSE, value, &why) == OK);
    struct happened happened = {.message = message,
        .position = ++world->position,
        .at_ms = 1600000000000 + (int64_t)world->position,
        .subject = subject,
        .actor = {text_of(person), T("administrator.1")},
        .data = {data, packed.len},
        .record = value};
    const char *complaint = keys_apply(world->keys, &happened);
    free(data);
    free(value);
    return complaint;
}

static const char *propose(
    struct world *world, const char *id, const char *office, const char *person)
{
    struct key_proposed key = {.id = text_of(id),
        .proposal = {.office = text_of(office),
            .person = text_of(person),
            .key = T("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"),
            .from = 20210701,
            .until = 20230630,
            .proof = T("a.b.c")}};
    return happen(world, MESSAGE_key_proposed, key.proposal.office, "first", &key);
}

static const char *act(struct world *world, enum message message, const char *id)
{
    struct key_one one = {.key_id = text_of(id), .reason = T("lost")};
    return happen(world, message, T("any"), "second", &one);
}

static const char *leave(struct world *world, const char *office)
{
    struct posting_one one = {.posting = T("any.p1")};
    return happen(world, MESSAGE_posting_ended, text_of(office), "first", &one);
}

/* What a check of a key says; "" when it is good. */
static const char *check(
    struct world *world, const char *id, const char *office, const char *person, int32_t day)
{
    static struct faults why;
    faults_clear(&why);
    enum err err =
        keys_check(world->keys, text_of(id), text_of(office), text_of(person), day, &why);
    assert_int_equal(err, faults_err(&why));
    if (err == OK)
        return "";
    assert_int_equal(why.total, 1);
    assert_string_equal(why.kept[0].member, "jws");
    return why.kept[0].detail;
}

static struct world open_world(void)
{
    return (struct world){.keys = keys_new()};
}

static void every_way_of_not_being_good(void **state)
{
    (void)state;
    struct world world = open_world();
    assert_null(propose(&world, "good", "minister.PWR", "a.khan"));
    assert_null(propose(&world, "asked", "minister.PWR", "a.khan"));
    assert_null(propose(&world, "declined", "minister.PWR", "a.khan"));
    assert_null(propose(&world, "revoked", "minister.PWR", "a.khan"));
    assert_null(propose(&world, "left", "pm", "b.shah"));
    assert_null(propose(&world, "early", "pm", "b.shah"));
    assert_null(act(&world, MESSAGE_key_enrolled, "good"));
    assert_null(act(&world, MESSAGE_key_enrolled, "revoked"));
    assert_null(act(&world, MESSAGE_key_enrolled, "left"));
    assert_null(act(&world, MESSAGE_key_declined, "declined"));
    assert_null(act(&world, MESSAGE_key_revoked, "revoked"));
    assert_null(leave(&world, "pm"));
    static const struct {
        const char *id, *office, *person, *says;
        int32_t day;
    } cases[] = {
        {"good", "minister.PWR", "a.khan", "", 20210701},
        {"good", "minister.PWR", "a.khan", "", 20230630},
        {"good", "minister.PWR", "a.khan", "from 2021-07-01 only", 20210630},
        {"good", "minister.PWR", "a.khan", "until 2023-06-30 only", 20230701},
        {"good", "minister.WAT", "a.khan", "signs for minister.PWR, not for minister.WAT",
            20220101},
        {"good", "minister.PWR", "b.shah", "belongs to a.khan, not to b.shah", 20220101},
        {"goo", "minister.PWR", "a.khan", "no key goo is enrolled", 20220101},
        {"asked", "minister.PWR", "a.khan", "proposed and not enrolled", 20220101},
        {"declined", "minister.PWR", "a.khan", "declined", 20220101},
        {"revoked", "minister.PWR", "a.khan", "was revoked at position 11", 20220101},
        {"left", "pm", "b.shah", "ended when pm changed hands, at position 12", 20220101},
        {"early", "pm", "b.shah", "ended when pm changed hands", 20220101},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *says =
            check(&world, cases[i].id, cases[i].office, cases[i].person, cases[i].day);
        if (cases[i].says[0] ? !strstr(says, cases[i].says) : says[0] != '\0')
            fail_msg("%s: \"%s\" instead of \"%s\"", cases[i].id, says, cases[i].says);
    }
    keys_free(world.keys);
}

static void what_the_register_shows(void **state)
{
    (void)state;
    struct world world = open_world();
    assert_null(propose(&world, "one", "minister.PWR", "a.khan"));
    assert_null(propose(&world, "two", "pm", "b.shah"));
    assert_null(act(&world, MESSAGE_key_enrolled, "two"));
    assert_null(act(&world, MESSAGE_key_revoked, "two"));
    assert_int_equal(keys_count(world.keys), 2);
    assert_true(text_is(keys_at(world.keys, 0)->id, "one"));
    const struct signing_key *two = keys_find(world.keys, T("two"));
    assert_ptr_equal(two, keys_at(world.keys, 1));
    assert_true(text_is(two->proposed_by, "first") && text_is(two->confirmed_by, "second"));
    assert_true(text_is(two->reason, "lost") && two->state == KEY_REVOKED);
    assert_int_equal(two->proposed, 2);
    assert_int_equal(two->enrolled, 3);
    assert_int_equal(two->ended, 4);
    assert_true(two->ended_ms == two->enrolled_ms + 1);
    struct key_proposed kept = {0};
    struct faults why = {0};
    must(pack_read(key_proposed_record(), two->packed, PACK_REFUSE, &kept, &why) == OK);
    assert_true(text_is(kept.id, "two") && kept.proposal.until == 20230630);
    assert_null(keys_find(world.keys, T("three")));
    keys_free(world.keys);
}

static void a_declined_key_may_be_proposed_again(void **state)
{
    (void)state;
    struct world world = open_world();
    assert_null(propose(&world, "one", "pm", "b.shah"));
    assert_null(act(&world, MESSAGE_key_declined, "one"));
    assert_null(propose(&world, "one", "minister.PWR", "a.khan"));
    assert_int_equal(keys_count(world.keys), 1);
    const struct signing_key *key = keys_find(world.keys, T("one"));
    assert_true(text_is(key->office, "minister.PWR") && key->state == KEY_PROPOSED);
    assert_true(key->ended == 0 && key->reason.len == 0);
    assert_null(act(&world, MESSAGE_key_enrolled, "one"));
    assert_string_equal(check(&world, "one", "minister.PWR", "a.khan", 20220101), "");
    keys_free(world.keys);
}

static void what_cannot_follow_is_refused(void **state)
{
    (void)state;
    static const enum message acts[] = {
        MESSAGE_key_enrolled, MESSAGE_key_declined, MESSAGE_key_revoked};
    for (size_t i = 0; i < 3; i++) {
        struct world world = open_world();
        assert_non_null(act(&world, acts[i], "one")); /* before it is proposed */
        assert_null(propose(&world, "one", "pm", "b.shah"));
        assert_non_null(propose(&world, "one", "pm", "b.shah"));
        bool fine = acts[i] != MESSAGE_key_revoked;
        assert_true(!act(&world, acts[i], "one") == fine);
        assert_non_null(act(&world, acts[i], "one")); /* twice */
        keys_free(world.keys);
    }
}

/* Whatever happens, a key is good exactly from its enrolment to its end. */
static void random_histories(void **state)
{
    (void)state;
    struct chance chance = chance_start("test_keys");
    for (int round = 0; round < 200; round++) {
        struct world world = open_world();
        enum { NONE, ASKED, GOOD, OVER, DECLINED } model[4] = {NONE, NONE, NONE, NONE};
        static const char *const ids[] = {"k0", "k1", "k2", "k3"};
        static const char *const offices[] = {"pm", "pm", "minister.A", "minister.B"};
        for (int step = 0; step < 40; step++) {
            uint32_t k = chance_below(&chance, 4);
            bool done;
            switch (chance_below(&chance, 5)) {
            case 0:
                done = !propose(&world, ids[k], offices[k], "p");
                assert_true(done == (model[k] == NONE || model[k] == DECLINED));
                model[k] = done ? ASKED : model[k];
                break;
            case 1:
                done = !act(&world, MESSAGE_key_enrolled, ids[k]);
                assert_true(done == (model[k] == ASKED));
                model[k] = done ? GOOD : model[k];
                break;
            case 2:
                done = !act(&world, MESSAGE_key_declined, ids[k]);
                assert_true(done == (model[k] == ASKED));
                model[k] = done ? DECLINED : model[k];
                break;
            case 3:
                done = !act(&world, MESSAGE_key_revoked, ids[k]);
                assert_true(done == (model[k] == GOOD));
                model[k] = done ? OVER : model[k];
                break;
            default:
                assert_null(leave(&world, offices[k]));
                for (uint32_t i = 0; i < 4; i++)
                    if (strcmp(offices[i], offices[k]) == 0)
                        model[i] = model[i] == ASKED  ? DECLINED
                                   : model[i] == GOOD ? OVER
                                                      : model[i];
            }
            for (uint32_t i = 0; i < 4; i++)
                assert_true((check(&world, ids[i], offices[i], "p", 20220101)[0] == '\0') ==
                            (model[i] == GOOD));
        }
        keys_free(world.keys);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_of_not_being_good),
        cmocka_unit_test(what_the_register_shows),
        cmocka_unit_test(a_declined_key_may_be_proposed_again),
        cmocka_unit_test(what_cannot_follow_is_refused),
        cmocka_unit_test(random_histories),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
