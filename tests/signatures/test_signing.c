/* The road from the frozen text to two signatures, and from there to an amendment. */
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

static void minister_first_then_the_pm(void **state)
{
    (void)state;
    struct cabinet cabinet = cabinet_ready(table_service());
    struct chancery *chancery = cabinet.chancery;
    assert_int_equal(chancery_state(chancery, "PWR-2021"), STATE_READY);
    chancery_refused(chancery, cabinet_sign(chancery, &cabinet.pm, "PWR-2021", SIGNING_SIGN),
        ERR_STATE, "agreement", "only while it is signed_minister");
    chancery_done(chancery, cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_SIGN));
    assert_int_equal(chancery_state(chancery, "PWR-2021"), STATE_SIGNED_MINISTER);
    chancery_refused(chancery, cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_SIGN),
        ERR_STATE, "agreement", "only while it is ready");
    chancery_done(chancery, cabinet_sign(chancery, &cabinet.pm, "PWR-2021", SIGNING_SIGN));
    assert_int_equal(chancery_state(chancery, "PWR-2021"), STATE_IN_FORCE);
    chancery_refused(chancery, cabinet_sign(chancery, &cabinet.pm, "PWR-2021", SIGNING_SIGN),
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
    assert_true(chancery_stands(jws_payload(&jws), over));
    cabinet_close(&cabinet);
}

static void the_minister_may_take_it_back_until_the_pm_signs(void **state)
{
    (void)state;
    struct cabinet cabinet = cabinet_ready(table_service());
    struct chancery *chancery = cabinet.chancery;
    chancery_refused(chancery,
        cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_WITHDRAW), ERR_STATE,
        "agreement", "only while it is signed_minister");
    BUF_CLEANUP struct buf payload = BUF(8192), jws = BUF(8192);
    must(cabinet_statement(chancery, &cabinet.minister, "PWR-2021", SIGNING_SIGN, &payload));
    jws_write(&jws, buf_as_text(&payload), NULL, &cabinet.minister.secret);
    chancery_done(
        chancery, cabinet_send(chancery, &cabinet.minister, "PWR-2021", buf_as_text(&jws)));
    chancery_done(
        chancery, cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_WITHDRAW));
    assert_int_equal(chancery_state(chancery, "PWR-2021"), STATE_READY);
    const struct model *model = chancery->state;
    assert_true(model->signatures[0]->withdrawn && !model->signatures[1]->withdrawn);
    /* whoever finds the old signature in the ledger cannot send it again */
    chancery_refused(chancery,
        cabinet_send(chancery, &cabinet.minister, "PWR-2021", buf_as_text(&jws)), ERR_EXISTS, "jws",
        "recorded already, as PWR-2021.s1");
    chancery_done(chancery, cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_SIGN));
    chancery_done(chancery, cabinet_sign(chancery, &cabinet.pm, "PWR-2021", SIGNING_SIGN));
    chancery_refused(chancery,
        cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_WITHDRAW), ERR_STATE,
        "agreement", "only while it is signed_minister");
    cabinet_close(&cabinet);
}

static void a_signature_names_the_version_it_is_based_on(void **state)
{
    (void)state;
    struct cabinet cabinet = cabinet_ready(table_service());
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
    chancery_done(chancery,
        chancery_do(chancery, "m.pwr", "minister.PWR", MESSAGE_agreement_sign, &sign, version));
    cabinet_close(&cabinet);
}

static void an_edit_voids_the_document(void **state)
{
    (void)state;
    struct cabinet cabinet = cabinet_ready(table_service());
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
    chancery_refused(chancery,
        cabinet_send(chancery, &cabinet.minister, "PWR-2021", buf_as_text(&jws)), ERR_INVALID,
        "jws/payload/document", "has to say");
    assert_true(chancery_says(chancery, "jws/payload/version", "says 1, and has to say 2"));
    chancery_done(chancery, cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_SIGN));
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
    chancery_refused(chancery,
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
    struct cabinet cabinet = cabinet_in_force(table_service());
    struct chancery *chancery = cabinet.chancery;
    const struct model *model = chancery->state;
    struct agreement_submit act = {.agreement = T("PWR-2021")};
    cabinet_amend(chancery, "PWR-2021", "PWR-2021.a1");
    chancery_refused(chancery, cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_SIGN),
        ERR_STATE, "agreement", "is not frozen yet");
    cabinet_freeze(chancery, "PWR-2021");
    chancery_refused(chancery,
        chancery_do(chancery, "p.mo", "pmo", MESSAGE_agreement_freeze, &act,
            chancery_version(chancery, "PWR-2021")),
        ERR_STATE, "agreement", "is frozen already, as PWR-2021.d2");
    chancery_refused(chancery, cabinet_sign(chancery, &cabinet.pm, "PWR-2021", SIGNING_SIGN),
        ERR_STATE, "agreement", "the minister has not signed the amendment");
    chancery_done(chancery, cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_SIGN));
    chancery_refused(chancery, cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_SIGN),
        ERR_STATE, "agreement", "has signed the amendment of PWR-2021 already");
    assert_int_equal(chancery_state(chancery, "PWR-2021"), STATE_AMENDING);
    chancery_done(chancery, cabinet_sign(chancery, &cabinet.pm, "PWR-2021", SIGNING_SIGN));
    assert_int_equal(chancery_state(chancery, "PWR-2021"), STATE_IN_FORCE);
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
        if (!chancery_stands(bytes, stand[i]))
            fail_msg("%s is not in %.*s", stand[i], TEXT_ARG(bytes));

    /* once more, given up: what is in force stays so */
    cabinet_amend(chancery, "PWR-2021", "PWR-2021.a2");
    cabinet_freeze(chancery, "PWR-2021");
    chancery_done(chancery, cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_SIGN));
    chancery_tell(chancery, MESSAGE_amendment_dropped, "PWR-2021", "PWR-2021.a2", &act);
    assert_true(model->documents[2]->voided && model->signatures[4]->withdrawn);
    assert_int_equal(chancery_state(chancery, "PWR-2021"), STATE_IN_FORCE);
    assert_null(model->documents[1]->superseded_by);
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
        cmocka_unit_test(a_signature_names_the_version_it_is_based_on),
        cmocka_unit_test(an_edit_voids_the_document),
        cmocka_unit_test(open_threads_hold_the_freezing_up),
        cmocka_unit_test(an_amendment_is_signed_by_both),
        cmocka_unit_test(parts_that_are_not_what_was_frozen_stop_the_fold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
