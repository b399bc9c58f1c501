/* Who signs: new ministers and Prime Ministers, one minister with two bodies, mergers, and the
 * Prime Minister who is a minister too. */
#include "signatures/cabinet.h"

#include "base/must.h"
#include "model.h"
#include "table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define T(literal) TEXT_LITERAL(literal)

static void who_signs_for_whom(void **state)
{
    (void)state;
    struct cabinet cabinet = cabinet_ready(table_service());
    struct chancery *chancery = cabinet.chancery;
    struct signer secretary = {.person = "s.pwr", .office = "secretary.PWR"};
    cabinet_enrol(chancery, &secretary);
    /* another body's minister is not told that there is an agreement */
    chancery_refused(chancery, cabinet_sign(chancery, &cabinet.other, "PWR-2021", SIGNING_SIGN),
        ERR_NOT_FOUND, "agreement", "there is no agreement PWR-2021");
    chancery_refused(chancery, cabinet_sign(chancery, &secretary, "PWR-2021", SIGNING_SIGN),
        ERR_FORBIDDEN, "", "minister.PWR signs");
    chancery_refused(chancery, cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_ADOPT),
        ERR_FORBIDDEN, "act", "a new Prime Minister adopts");
    chancery_refused(chancery, cabinet_sign(chancery, &cabinet.pm, "PWR-2021", SIGNING_COUNTERSIGN),
        ERR_FORBIDDEN, "act", "a new minister countersigns");
    chancery_refused(chancery, cabinet_sign(chancery, &cabinet.minister, "PWR-2022", SIGNING_SIGN),
        ERR_NOT_FOUND, "agreement", "PWR-2022");
    must(!cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_SIGN));
    must(!cabinet_sign(chancery, &cabinet.pm, "PWR-2021", SIGNING_SIGN));
    chancery_refused(chancery,
        cabinet_sign(chancery, &cabinet.other, "PWR-2021", SIGNING_COUNTERSIGN), ERR_FORBIDDEN, "",
        "its own minister has to");
    cabinet_close(&cabinet);
}

static void a_new_minister_countersigns(void **state)
{
    (void)state;
    struct cabinet cabinet = cabinet_in_force(table_service());
    struct chancery *chancery = cabinet.chancery;
    chancery_refused(chancery,
        cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_COUNTERSIGN), ERR_STATE,
        "agreement", "m.pwr has signed this document already");
    struct signer next = {.person = "n.ext", .office = "minister.PWR"};
    cabinet_post(chancery, next.person, next.office);
    cabinet_enrol(chancery, &next);
    chancery->now_ms += INT64_C(15) * 86400000 + 5;
    chancery_done(chancery, cabinet_sign(chancery, &next, "PWR-2021", SIGNING_COUNTERSIGN));
    assert_int_equal(chancery_state(chancery, "PWR-2021"), STATE_IN_FORCE);
    const struct model *model = chancery->state;
    assert_int_equal(model->signatures[2]->facts.days.value, 15);
    assert_false(model->signatures[0]->facts.days.given);
    assert_false(model->signatures[0]->withdrawn); /* it stays after the signer has left */
    chancery_refused(chancery, cabinet_sign(chancery, &next, "PWR-2021", SIGNING_COUNTERSIGN),
        ERR_STATE, "agreement", "n.ext has signed this document already");
    /* the one who left */
    chancery_refused(chancery,
        cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_COUNTERSIGN), ERR_FORBIDDEN,
        "", "does not hold the office");
    cabinet_close(&cabinet);
}

static void a_new_pm_adopts_or_lets_lapse(void **state)
{
    (void)state;
    for (int lapse = 0; lapse < 2; lapse++) {
        struct cabinet cabinet = cabinet_in_force(table_service());
        struct chancery *chancery = cabinet.chancery;
        chancery_refused(chancery, cabinet_sign(chancery, &cabinet.pm, "PWR-2021", SIGNING_ADOPT),
            ERR_STATE, "agreement", "p.m has signed this document already");
        struct signer next = {.person = "n.pm", .office = "pm"};
        cabinet_post(chancery, next.person, next.office);
        cabinet_enrol(chancery, &next);
        chancery_done(chancery,
            cabinet_sign(chancery, &next, "PWR-2021", lapse ? SIGNING_WITHDRAW : SIGNING_ADOPT));
        assert_int_equal(
            chancery_state(chancery, "PWR-2021"), lapse ? STATE_LAPSED : STATE_IN_FORCE);
        chancery_refused(chancery, cabinet_sign(chancery, &next, "PWR-2021", SIGNING_ADOPT),
            ERR_STATE, "agreement", lapse ? "is lapsed" : "n.pm has signed this document already");
        cabinet_close(&cabinet);
    }
}

static void the_pm_who_is_minister_does_not_sign_twice(void **state)
{
    (void)state;
    struct cabinet cabinet = cabinet_open(table_service());
    struct chancery *chancery = cabinet.chancery;
    struct signer both = {.person = "p.m", .office = "minister.PWR"};
    struct signer secretary = {.person = "s.pwr", .office = "secretary.PWR"};
    cabinet_post(chancery, both.person, both.office);
    cabinet_enrol(chancery, &both);
    cabinet_enrol(chancery, &secretary);
    cabinet_agreement(chancery, "PWR", STATE_AT_PMO);
    cabinet_freeze(chancery, "PWR-2021");
    const struct model *model = chancery->state;
    assert_true(text_starts(
        model->documents[0]->facts.conflict, T("the Prime Minister holds minister.PWR too")));
    chancery_refused(chancery, cabinet_sign(chancery, &both, "PWR-2021", SIGNING_SIGN),
        ERR_FORBIDDEN, "", "secretary.PWR signs in the minister's place");
    BUF_CLEANUP struct buf payload = BUF(8192);
    must(cabinet_statement(chancery, &secretary, "PWR-2021", SIGNING_SIGN, &payload));
    assert_true(chancery_stands(buf_as_text(&payload), "\"conflict\":\"the Prime"));
    chancery_done(chancery, cabinet_sign(chancery, &secretary, "PWR-2021", SIGNING_SIGN));
    chancery_done(chancery, cabinet_sign(chancery, &cabinet.pm, "PWR-2021", SIGNING_SIGN));
    assert_int_equal(chancery_state(chancery, "PWR-2021"), STATE_IN_FORCE);
    cabinet_close(&cabinet);

    /* the minister who signed became Prime Minister before the second signature */
    cabinet = cabinet_ready(table_service());
    chancery = cabinet.chancery;
    chancery_done(chancery, cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_SIGN));
    struct signer promoted = {.person = "m.pwr", .office = "pm"};
    cabinet_unpost(chancery, "minister.PWR");
    cabinet_post(chancery, promoted.person, promoted.office);
    cabinet_enrol(chancery, &promoted);
    chancery_refused(chancery, cabinet_sign(chancery, &promoted, "PWR-2021", SIGNING_SIGN),
        ERR_FORBIDDEN, "", "nobody signs for both sides");
    cabinet_close(&cabinet);
}

static void one_minister_with_two_bodies_signs_twice(void **state)
{
    (void)state;
    struct cabinet cabinet = cabinet_ready(table_service());
    struct chancery *chancery = cabinet.chancery;
    struct signer two = {.person = "m.pwr", .office = "minister.WAT"};
    cabinet_post(chancery, two.person, two.office);
    cabinet_enrol(chancery, &two);
    cabinet_agreement(chancery, "WAT", STATE_AT_PMO);
    cabinet_freeze(chancery, "WAT-2021");
    chancery_done(chancery, cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_SIGN));
    /* with the other office's key, or in the other office */
    struct signer mixed = two;
    mixed.secret = cabinet.minister.secret;
    chancery_refused(chancery, cabinet_sign(chancery, &mixed, "WAT-2021", SIGNING_SIGN),
        ERR_INVALID, "jws", "signs for minister.PWR, not for minister.WAT");
    chancery_refused(chancery, cabinet_sign(chancery, &cabinet.minister, "WAT-2021", SIGNING_SIGN),
        ERR_NOT_FOUND, "agreement", "WAT-2021");
    chancery_done(chancery, cabinet_sign(chancery, &two, "WAT-2021", SIGNING_SIGN));
    cabinet_close(&cabinet);
}

static void after_a_merger_the_successor_signs(void **state)
{
    (void)state;
    struct cabinet cabinet = cabinet_ready(table_service());
    struct chancery *chancery = cabinet.chancery;
    cabinet_body(chancery, "PWR", "WAT");
    chancery_refused(chancery, cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_SIGN),
        ERR_NOT_FOUND, "agreement", "PWR-2021"); /* the body has ended, and its offices with it */
    chancery_done(chancery, cabinet_sign(chancery, &cabinet.other, "PWR-2021", SIGNING_SIGN));
    chancery_done(chancery, cabinet_sign(chancery, &cabinet.pm, "PWR-2021", SIGNING_SIGN));
    cabinet_amend(chancery, "PWR-2021", "PWR-2021.a1");
    cabinet_freeze(chancery, "PWR-2021");
    const struct model *model = chancery->state;
    struct text bytes = {model->documents[1]->bytes, model->documents[1]->len};
    assert_true(chancery_stands(bytes, "\"office\":\"minister.WAT\""));
    assert_false(chancery_stands(bytes, "\"office\":\"minister.PWR\""));
    cabinet_close(&cabinet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_signs_for_whom),
        cmocka_unit_test(a_new_minister_countersigns),
        cmocka_unit_test(a_new_pm_adopts_or_lets_lapse),
        cmocka_unit_test(the_pm_who_is_minister_does_not_sign_twice),
        cmocka_unit_test(one_minister_with_two_bodies_signs_twice),
        cmocka_unit_test(after_a_merger_the_successor_signs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
