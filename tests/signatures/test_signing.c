/* The road from the frozen text to two signatures, and what happens after that: new ministers, new
 * Prime Ministers, amendments, mergers, and the Prime Minister who is a minister too. */
#include "signatures/cabinet.h"

#include "base/must.h"
#include "model.h"
#include "proof/digest.h"
#include "table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define T(literal) TEXT_LITERAL(literal)

static enum agreement_state state_of(const struct chancery *chancery, const char *agreement)
{
    return lives_state(chancery->lives, text_of(agreement));
}

static bool stands(struct text bytes, const char *words)
{
    return memmem(bytes.at, bytes.len, words, strlen(words)) != NULL;
}

static struct cabinet ready(void)
{
    struct cabinet cabinet = cabinet_open(table_service());
    cabinet_agreement(cabinet.chancery, "PWR", STATE_AT_PMO);
    cabinet_freeze(cabinet.chancery, "PWR-2021");
    return cabinet;
}

static struct cabinet in_force(void)
{
    struct cabinet cabinet = ready();
    must(!cabinet_sign(cabinet.chancery, &cabinet.minister, "PWR-2021", SIGNING_SIGN));
    must(!cabinet_sign(cabinet.chancery, &cabinet.pm, "PWR-2021", SIGNING_SIGN));
    must(state_of(cabinet.chancery, "PWR-2021") == STATE_IN_FORCE);
    return cabinet;
}

/* The faults of a refusal are printed when it is another one than was expected. */
#define assert_refused(chancery, error, expected, member, words)                                   \
    do {                                                                                           \
        enum err is_ = (error);                                                                    \
        if (is_ != (expected) || !chancery_says(chancery, member, words)) {                        \
            chancery_print(chancery);                                                              \
            fail_msg("%s instead of %s", err_word(is_), err_word(expected));                       \
        }                                                                                          \
    } while (0)
#define assert_done(chancery, error)                                                               \
    do {                                                                                           \
        if ((error) != OK) {                                                                       \
            chancery_print(chancery);                                                              \
            fail_msg("refused");                                                                   \
        }                                                                                          \
    } while (0)

static void minister_first_then_the_pm(void **state)
{
    (void)state;
    struct cabinet cabinet = ready();
    struct chancery *chancery = cabinet.chancery;
    assert_int_equal(state_of(chancery, "PWR-2021"), STATE_READY);
    assert_refused(chancery, cabinet_sign(chancery, &cabinet.pm, "PWR-2021", SIGNING_SIGN),
        ERR_STATE, "agreement", "only while it is signed_minister");
    assert_done(chancery, cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_SIGN));
    assert_int_equal(state_of(chancery, "PWR-2021"), STATE_SIGNED_MINISTER);
    assert_refused(chancery, cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_SIGN),
        ERR_STATE, "agreement", "only while it is ready");
    assert_done(chancery, cabinet_sign(chancery, &cabinet.pm, "PWR-2021", SIGNING_SIGN));
    assert_int_equal(state_of(chancery, "PWR-2021"), STATE_IN_FORCE);
    assert_refused(chancery, cabinet_sign(chancery, &cabinet.pm, "PWR-2021", SIGNING_SIGN),
        ERR_STATE, "agreement", "only while it is signed_minister");

    const struct model *model = chancery->state;
    assert_int_equal(model->signature_count, 2);
    const struct signature *minister = &model->signatures[0]->facts;
    const struct signature *pm = &model->signatures[1]->facts;
    assert_true(text_is(minister->id, "PWR-2021.s1") && text_is(pm->id, "PWR-2021.s2"));
    struct jws jws;
    struct faults why = {0};
    assert_int_equal(jws_read(pm->jws, &jws, &why), OK);
    struct digest digest = digest_of(minister->jws);
    char hex[DIGEST_HEX_SIZE], over[100];
    (void)snprintf(over, sizeof over, "\"minister\":\"%s\"", digest_to_hex(&digest, hex));
    assert_true(stands(jws_payload(&jws), over));
    cabinet_close(&cabinet);
}

static void the_minister_may_take_it_back_until_the_pm_signs(void **state)
{
    (void)state;
    struct cabinet cabinet = ready();
    struct chancery *chancery = cabinet.chancery;
    assert_refused(chancery,
        cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_WITHDRAW), ERR_STATE,
        "agreement", "only while it is signed_minister");
    BUF_CLEANUP struct buf payload = BUF(8192), jws = BUF(8192);
    must(cabinet_statement(chancery, &cabinet.minister, "PWR-2021", SIGNING_SIGN, &payload));
    jws_write(&jws, buf_as_text(&payload), NULL, &cabinet.minister.secret);
    assert_done(chancery, cabinet_send(chancery, &cabinet.minister, "PWR-2021", buf_as_text(&jws)));
    assert_done(chancery, cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_WITHDRAW));
    assert_int_equal(state_of(chancery, "PWR-2021"), STATE_READY);
    const struct model *model = chancery->state;
    assert_true(model->signatures[0]->withdrawn && !model->signatures[1]->withdrawn);
    /* whoever finds the old signature in the ledger cannot send it again */
    assert_refused(chancery,
        cabinet_send(chancery, &cabinet.minister, "PWR-2021", buf_as_text(&jws)), ERR_EXISTS, "jws",
        "recorded already, as PWR-2021.s1");
    assert_done(chancery, cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_SIGN));
    assert_done(chancery, cabinet_sign(chancery, &cabinet.pm, "PWR-2021", SIGNING_SIGN));
    assert_refused(chancery,
        cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_WITHDRAW), ERR_STATE,
        "agreement", "only while it is signed_minister");
    cabinet_close(&cabinet);
}

static void who_signs_for_whom(void **state)
{
    (void)state;
    struct cabinet cabinet = ready();
    struct chancery *chancery = cabinet.chancery;
    struct signer secretary = {.person = "s.pwr", .office = "secretary.PWR"};
    cabinet_enrol(chancery, &secretary);
    /* another body's minister is not told that there is an agreement */
    assert_refused(chancery, cabinet_sign(chancery, &cabinet.other, "PWR-2021", SIGNING_SIGN),
        ERR_NOT_FOUND, "agreement", "there is no agreement PWR-2021");
    assert_refused(chancery, cabinet_sign(chancery, &secretary, "PWR-2021", SIGNING_SIGN),
        ERR_FORBIDDEN, "", "minister.PWR signs");
    assert_refused(chancery, cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_ADOPT),
        ERR_FORBIDDEN, "act", "a new Prime Minister adopts");
    assert_refused(chancery, cabinet_sign(chancery, &cabinet.pm, "PWR-2021", SIGNING_COUNTERSIGN),
        ERR_FORBIDDEN, "act", "a new minister countersigns");
    assert_refused(chancery, cabinet_sign(chancery, &cabinet.minister, "PWR-2022", SIGNING_SIGN),
        ERR_NOT_FOUND, "agreement", "PWR-2022");
    must(!cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_SIGN));
    must(!cabinet_sign(chancery, &cabinet.pm, "PWR-2021", SIGNING_SIGN));
    assert_refused(chancery,
        cabinet_sign(chancery, &cabinet.other, "PWR-2021", SIGNING_COUNTERSIGN), ERR_FORBIDDEN, "",
        "its own minister has to");
    cabinet_close(&cabinet);
}

static void a_signature_names_the_version_it_is_based_on(void **state)
{
    (void)state;
    struct cabinet cabinet = ready();
    struct chancery *chancery = cabinet.chancery;
    BUF_CLEANUP struct buf payload = BUF(8192), jws = BUF(8192);
    must(cabinet_statement(chancery, &cabinet.minister, "PWR-2021", SIGNING_SIGN, &payload));
    assert_int_equal(chancery_head(chancery).version.value, chancery_version(chancery, "PWR-2021"));
    assert_false(chancery_head(chancery).subject.at != NULL);
    jws_write(&jws, buf_as_text(&payload), NULL, &cabinet.minister.secret);
    struct agreement_sign sign = {.agreement = T("PWR-2021"), .jws = buf_as_text(&jws)};
    struct agreement_submit freeze = {.agreement = T("PWR-2021")};
    uint64_t version = chancery_version(chancery, "PWR-2021");
    assert_int_equal(
        chancery_do(chancery, "m.pwr", "minister.PWR", MESSAGE_agreement_sign, &sign, 0),
        ERR_UNCONDITIONAL);
    assert_int_equal(
        chancery_do(chancery, "m.pwr", "minister.PWR", MESSAGE_agreement_sign, &sign, version - 1),
        ERR_STALE);
    cabinet_agreement(chancery, "WAT", STATE_AT_PMO);
    freeze.agreement = T("WAT-2021");
    assert_int_equal(chancery_do(chancery, "p.mo", "pmo", MESSAGE_agreement_freeze, &freeze, 0),
        ERR_UNCONDITIONAL);
    assert_int_equal(
        chancery_do(chancery, "p.mo", "pmo", MESSAGE_agreement_freeze, &freeze, 2), ERR_STALE);
    assert_done(chancery,
        chancery_do(chancery, "m.pwr", "minister.PWR", MESSAGE_agreement_sign, &sign, version));
    cabinet_close(&cabinet);
}

static void a_new_minister_countersigns(void **state)
{
    (void)state;
    struct cabinet cabinet = in_force();
    struct chancery *chancery = cabinet.chancery;
    assert_refused(chancery,
        cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_COUNTERSIGN), ERR_STATE,
        "agreement", "m.pwr has signed this document already");
    struct signer next = {.person = "n.ext", .office = "minister.PWR"};
    cabinet_post(chancery, next.person, next.office);
    cabinet_enrol(chancery, &next);
    chancery->now_ms += INT64_C(15) * 86400000 + 5;
    assert_done(chancery, cabinet_sign(chancery, &next, "PWR-2021", SIGNING_COUNTERSIGN));
    assert_int_equal(state_of(chancery, "PWR-2021"), STATE_IN_FORCE);
    const struct model *model = chancery->state;
    assert_int_equal(model->signatures[2]->facts.days.value, 15);
    assert_false(model->signatures[0]->facts.days.given);
    assert_false(model->signatures[0]->withdrawn); /* it stays after the signer has left */
    assert_refused(chancery, cabinet_sign(chancery, &next, "PWR-2021", SIGNING_COUNTERSIGN),
        ERR_STATE, "agreement", "n.ext has signed this document already");
    /* the one who left */
    assert_refused(chancery,
        cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_COUNTERSIGN), ERR_FORBIDDEN,
        "", "does not hold the office");
    cabinet_close(&cabinet);
}

static void a_new_pm_adopts_or_lets_lapse(void **state)
{
    (void)state;
    for (int lapse = 0; lapse < 2; lapse++) {
        struct cabinet cabinet = in_force();
        struct chancery *chancery = cabinet.chancery;
        assert_refused(chancery, cabinet_sign(chancery, &cabinet.pm, "PWR-2021", SIGNING_ADOPT),
            ERR_STATE, "agreement", "p.m has signed this document already");
        struct signer next = {.person = "n.pm", .office = "pm"};
        cabinet_post(chancery, next.person, next.office);
        cabinet_enrol(chancery, &next);
        assert_done(chancery,
            cabinet_sign(chancery, &next, "PWR-2021", lapse ? SIGNING_WITHDRAW : SIGNING_ADOPT));
        assert_int_equal(state_of(chancery, "PWR-2021"), lapse ? STATE_LAPSED : STATE_IN_FORCE);
        assert_refused(chancery, cabinet_sign(chancery, &next, "PWR-2021", SIGNING_ADOPT),
            ERR_STATE, "agreement", lapse ? "is lapsed" : "n.pm has signed this document already");
        cabinet_close(&cabinet);
    }
}

static void an_edit_voids_the_document(void **state)
{
    (void)state;
    struct cabinet cabinet = ready();
    struct chancery *chancery = cabinet.chancery;
    BUF_CLEANUP struct buf payload = BUF(8192), jws = BUF(8192);
    must(cabinet_statement(chancery, &cabinet.minister, "PWR-2021", SIGNING_SIGN, &payload));
    jws_write(&jws, buf_as_text(&payload), NULL, &cabinet.minister.secret);
    struct agreement_submit act = {.agreement = T("PWR-2021")};
    struct agreement_judge judge = {.agreement = T("PWR-2021")};
    chancery_tell(chancery, MESSAGE_agreement_reopened, "PWR-2021", "PWR-2021", &act);
    assert_int_equal(
        cabinet_send(chancery, &cabinet.minister, "PWR-2021", buf_as_text(&jws)), ERR_STATE);
    struct target_promised changed = {
        .id = T("PWR-2021.1"), .promise = cabinet_promise("Outages fall to 1.5 hours", 60000)};
    chancery_tell(chancery, MESSAGE_target_changed, "PWR-2021", "PWR-2021.1", &changed);
    chancery_tell(chancery, MESSAGE_agreement_submitted, "PWR-2021", "PWR-2021", &act);
    chancery_tell(chancery, MESSAGE_agreement_accepted, "PWR-2021", "PWR-2021", &judge);
    chancery_tell(chancery, MESSAGE_agreement_forwarded, "PWR-2021", "PWR-2021", &judge);
    cabinet_freeze(chancery, "PWR-2021");
    const struct model *model = chancery->state;
    assert_int_equal(model->document_count, 2);
    assert_true(model->documents[0]->voided && !model->documents[1]->voided);
    assert_false(text_equal(model->documents[0]->facts.sha256, model->documents[1]->facts.sha256));
    /* the signature on the text as it was */
    assert_refused(chancery,
        cabinet_send(chancery, &cabinet.minister, "PWR-2021", buf_as_text(&jws)), ERR_INVALID,
        "jws/payload/document", "has to say");
    assert_true(chancery_says(chancery, "jws/payload/version", "says 1, and has to say 2"));
    assert_done(chancery, cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_SIGN));
    cabinet_close(&cabinet);
}

static void open_threads_hold_the_freezing_up(void **state)
{
    (void)state;
    struct cabinet cabinet = cabinet_open(table_service());
    struct chancery *chancery = cabinet.chancery;
    cabinet_agreement(chancery, "PWR", STATE_AT_PMO);
    struct thread_opened opened = {
        .id = T("PWR-2021.f1"), .opened = {.agreement = T("PWR-2021"), .text = T("Why so few?")}};
    struct thread_close closed = {.thread = T("PWR-2021.f1"), .outcome = THREAD_ANSWERED};
    struct agreement_submit act = {.agreement = T("PWR-2021")};
    chancery_tell(chancery, MESSAGE_thread_opened, "PWR-2021", "PWR-2021.f1", &opened);
    assert_refused(chancery,
        chancery_do(chancery, "p.mo", "pmo", MESSAGE_agreement_freeze, &act,
            chancery_version(chancery, "PWR-2021")),
        ERR_STATE, "agreement", "1 of 1 feedback threads");
    chancery_tell(chancery, MESSAGE_thread_closed, "PWR-2021", "PWR-2021.f1", &closed);
    cabinet_freeze(chancery, "PWR-2021");
    cabinet_close(&cabinet);
}

static void an_amendment_is_signed_by_both(void **state)
{
    (void)state;
    struct cabinet cabinet = in_force();
    struct chancery *chancery = cabinet.chancery;
    const struct model *model = chancery->state;
    struct agreement_submit act = {.agreement = T("PWR-2021")};
    cabinet_amend(chancery, "PWR-2021", "PWR-2021.a1");
    assert_refused(chancery, cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_SIGN),
        ERR_STATE, "agreement", "is not frozen yet");
    cabinet_freeze(chancery, "PWR-2021");
    assert_refused(chancery,
        chancery_do(chancery, "p.mo", "pmo", MESSAGE_agreement_freeze, &act,
            chancery_version(chancery, "PWR-2021")),
        ERR_STATE, "agreement", "is frozen already, as PWR-2021.d2");
    assert_refused(chancery, cabinet_sign(chancery, &cabinet.pm, "PWR-2021", SIGNING_SIGN),
        ERR_STATE, "agreement", "the minister has not signed the amendment");
    assert_done(chancery, cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_SIGN));
    assert_refused(chancery, cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_SIGN),
        ERR_STATE, "agreement", "has signed the amendment of PWR-2021 already");
    assert_int_equal(state_of(chancery, "PWR-2021"), STATE_AMENDING);
    assert_done(chancery, cabinet_sign(chancery, &cabinet.pm, "PWR-2021", SIGNING_SIGN));
    assert_int_equal(state_of(chancery, "PWR-2021"), STATE_IN_FORCE);
    assert_ptr_equal(model->documents[0]->superseded_by, model->documents[1]);
    assert_true(
        text_equal(model->documents[1]->facts.supersedes, model->documents[0]->facts.sha256));
    struct text bytes = {model->documents[1]->bytes, model->documents[1]->len};
    static const char *const stand[] = {
        "\"changes\":[{\"effect\":\"None until 2023\",\"members\":[{\"member\":\"baseline_source\","
        "\"old\":\"Survey 2021\"},{\"member\":\"place\",\"new\":\"Sindh\"},{\"member\":"
        "\"statement\",\"new\":\"30 sub-stations are built\",\"old\":\"40 sub-stations are built, "
        "\\\"on time\\\"\"}],\"target\":\"PWR-2021.2\",\"why\":\"Roads are gone\"}]",
        "\"amendment\":{\"changes\":1,\"id\":\"PWR-2021.a1\",\"reason\":\"Floods\",\"weight\":40}",
        "\"unruled\":{\"targets\":1,\"weight\":40}", "\"outcome\":{\"targets\":1,\"weight\":60}"};
    for (size_t i = 0; i < sizeof stand / sizeof *stand; i++)
        if (!stands(bytes, stand[i]))
            fail_msg("%s is not in %.*s", stand[i], TEXT_ARG(bytes));

    /* once more, given up: what is in force stays so */
    cabinet_amend(chancery, "PWR-2021", "PWR-2021.a2");
    cabinet_freeze(chancery, "PWR-2021");
    assert_done(chancery, cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_SIGN));
    chancery_tell(chancery, MESSAGE_amendment_dropped, "PWR-2021", "PWR-2021.a2", &act);
    assert_true(model->documents[2]->voided && model->signatures[4]->withdrawn);
    assert_int_equal(state_of(chancery, "PWR-2021"), STATE_IN_FORCE);
    assert_null(model->documents[1]->superseded_by);
    cabinet_close(&cabinet);
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
    assert_refused(chancery, cabinet_sign(chancery, &both, "PWR-2021", SIGNING_SIGN), ERR_FORBIDDEN,
        "", "secretary.PWR signs in the minister's place");
    BUF_CLEANUP struct buf payload = BUF(8192);
    must(cabinet_statement(chancery, &secretary, "PWR-2021", SIGNING_SIGN, &payload));
    assert_true(stands(buf_as_text(&payload), "\"conflict\":\"the Prime"));
    assert_done(chancery, cabinet_sign(chancery, &secretary, "PWR-2021", SIGNING_SIGN));
    assert_done(chancery, cabinet_sign(chancery, &cabinet.pm, "PWR-2021", SIGNING_SIGN));
    assert_int_equal(state_of(chancery, "PWR-2021"), STATE_IN_FORCE);
    cabinet_close(&cabinet);

    /* the minister who signed became Prime Minister before the second signature */
    cabinet = ready();
    chancery = cabinet.chancery;
    assert_done(chancery, cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_SIGN));
    struct signer promoted = {.person = "m.pwr", .office = "pm"};
    cabinet_unpost(chancery, "minister.PWR");
    cabinet_post(chancery, promoted.person, promoted.office);
    cabinet_enrol(chancery, &promoted);
    assert_refused(chancery, cabinet_sign(chancery, &promoted, "PWR-2021", SIGNING_SIGN),
        ERR_FORBIDDEN, "", "nobody signs for both sides");
    cabinet_close(&cabinet);
}

static void one_minister_with_two_bodies_signs_twice(void **state)
{
    (void)state;
    struct cabinet cabinet = ready();
    struct chancery *chancery = cabinet.chancery;
    struct signer two = {.person = "m.pwr", .office = "minister.WAT"};
    cabinet_post(chancery, two.person, two.office);
    cabinet_enrol(chancery, &two);
    cabinet_agreement(chancery, "WAT", STATE_AT_PMO);
    cabinet_freeze(chancery, "WAT-2021");
    assert_done(chancery, cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_SIGN));
    /* with the other office's key, or in the other office */
    struct signer mixed = two;
    mixed.secret = cabinet.minister.secret;
    assert_refused(chancery, cabinet_sign(chancery, &mixed, "WAT-2021", SIGNING_SIGN), ERR_INVALID,
        "jws", "signs for minister.PWR, not for minister.WAT");
    assert_refused(chancery, cabinet_sign(chancery, &cabinet.minister, "WAT-2021", SIGNING_SIGN),
        ERR_NOT_FOUND, "agreement", "WAT-2021");
    assert_done(chancery, cabinet_sign(chancery, &two, "WAT-2021", SIGNING_SIGN));
    cabinet_close(&cabinet);
}

static void after_a_merger_the_successor_signs(void **state)
{
    (void)state;
    struct cabinet cabinet = ready();
    struct chancery *chancery = cabinet.chancery;
    cabinet_body(chancery, "PWR", "WAT");
    assert_refused(chancery, cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_SIGN),
        ERR_NOT_FOUND, "agreement", "PWR-2021"); /* the body has ended, and its offices with it */
    assert_done(chancery, cabinet_sign(chancery, &cabinet.other, "PWR-2021", SIGNING_SIGN));
    assert_done(chancery, cabinet_sign(chancery, &cabinet.pm, "PWR-2021", SIGNING_SIGN));
    cabinet_amend(chancery, "PWR-2021", "PWR-2021.a1");
    cabinet_freeze(chancery, "PWR-2021");
    const struct model *model = chancery->state;
    struct text bytes = {model->documents[1]->bytes, model->documents[1]->len};
    assert_true(stands(bytes, "\"office\":\"minister.WAT\""));
    assert_false(stands(bytes, "\"office\":\"minister.PWR\""));
    cabinet_close(&cabinet);
}

static void parts_that_are_not_what_was_frozen_stop_the_fold(void **state)
{
    (void)state;
    struct document_frozen frozen = {.id = T("PWR-2021.d1"),
        .agreement = T("PWR-2021"),
        .version = {1, true},
        .sha256 = T("2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"),
        .bytes = {3, true},
        .parts = {2, true}};
    static const struct {
        int64_t part[2];
        const char *bytes[2];
        bool fine;
    } cases[] = {
        {{1, 2}, {"fo", "o"}, true},
        {{1, 2}, {"fo", "0"}, false},
        {{1, 2}, {"fo", "ox"}, false},
        {{1, 2}, {"f", "o"}, false},
        {{1, 1}, {"fo", "o"}, false},
        {{1, 3}, {"fo", "o"}, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cabinet cabinet = cabinet_open(table_service());
        const char *complaint = NULL;
        cabinet_agreement(cabinet.chancery, "PWR", STATE_AT_PMO);
        chancery_tell(
            cabinet.chancery, MESSAGE_agreement_frozen, "PWR-2021", "PWR-2021.d1", &frozen);
        for (int k = 0; k < 2 && !complaint; k++) {
            struct document_part part = {.document = frozen.id,
                .part = {cases[i].part[k], true},
                .bytes = text_of(cases[i].bytes[k])};
            complaint = chancery_try(
                cabinet.chancery, MESSAGE_document_part, "PWR-2021", "PWR-2021.d1", &part);
        }
        assert_true(!complaint == cases[i].fine);
        chancery_close(cabinet.chancery);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(minister_first_then_the_pm),
        cmocka_unit_test(the_minister_may_take_it_back_until_the_pm_signs),
        cmocka_unit_test(who_signs_for_whom),
        cmocka_unit_test(a_signature_names_the_version_it_is_based_on),
        cmocka_unit_test(a_new_minister_countersigns),
        cmocka_unit_test(a_new_pm_adopts_or_lets_lapse),
        cmocka_unit_test(an_edit_voids_the_document),
        cmocka_unit_test(open_threads_hold_the_freezing_up),
        cmocka_unit_test(an_amendment_is_signed_by_both),
        cmocka_unit_test(the_pm_who_is_minister_does_not_sign_twice),
        cmocka_unit_test(one_minister_with_two_bodies_signs_twice),
        cmocka_unit_test(after_a_merger_the_successor_signs),
        cmocka_unit_test(parts_that_are_not_what_was_frozen_stop_the_fold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
