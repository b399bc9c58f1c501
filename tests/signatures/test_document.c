/* The frozen document: one sequence of bytes, the same for everybody who writes it anew from what
 * it says; the text for people told from those bytes; and who may read which. */
#include "signatures/cabinet.h"

#include "base/must.h"
#include "canon.h"
#include "model.h"
#include "proof/digest.h"
#include "support/program.h"
#include "table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define T(literal) TEXT_LITERAL(literal)

/* An agreement at the PM Office with many targets, so that its document comes in several parts. */
static void long_agreement(struct chancery *chancery, int targets)
{
    cabinet_agreement(chancery, "PWR", STATE_DRAFT);
    struct agreement_submit act = {.agreement = T("PWR-2021")};
    struct agreement_judge judge = {.agreement = T("PWR-2021")};
    for (int i = 3; i <= targets; i++) {
        char id[32];
        (void)snprintf(id, sizeof id, "PWR-2021.%d", i);
        struct target_promised promised = {.id = text_of(id),
            .promise = cabinet_promise("\xd8\xa8\xd8\xac\xd9\x84\xdb\x8c \"quoted\" \\ <b>", 10)};
        promised.promise.note =
            T("Invented. Long enough that its line has to be broken more than once, because nobody "
              "reads a line of more than seventy-eight characters on a page of paper.");
        chancery_tell(chancery, MESSAGE_target_drafted, "PWR-2021", id, &promised);
    }
    struct ruling outcome = {
        .made = {.target = T("PWR-2021.1"), .verdict = VERDICT_ACCEPT, .class = CLASS_OUTCOME},
        .statement = T("as it read"),
        .weight = {60000, true}};
    struct ruling output = {.made = {.target = T("PWR-2021.2"),
                                .verdict = VERDICT_ENABLER,
                                .class = CLASS_OUTPUT,
                                .serves = T("PWR-2021.1")},
        .statement = T("as it read"),
        .weight = {40000, true}};
    chancery_tell(chancery, MESSAGE_agreement_submitted, "PWR-2021", "PWR-2021", &act);
    chancery_tell(chancery, MESSAGE_target_ruled, "PWR-2021", "PWR-2021.1", &outcome);
    chancery_tell(chancery, MESSAGE_target_ruled, "PWR-2021", "PWR-2021.2", &output);
    chancery_tell(chancery, MESSAGE_agreement_accepted, "PWR-2021", "PWR-2021", &judge);
    chancery_tell(chancery, MESSAGE_agreement_forwarded, "PWR-2021", "PWR-2021", &judge);
}

/* Reads a document, or its text, as somebody; the faults of the chancery tell of a refusal. */
static enum err read_raw(struct chancery *chancery, const char *person, const char *office,
    enum message query, const char *document, struct buf *out)
{
    struct document_one one = {.document = text_of(document)};
    enum err err = chancery_ask(chancery, person, office, query, &one);
    if (err == OK)
        chancery_raw(chancery, out);
    return err;
}

static void the_bytes_are_canonical_and_complete(void **state)
{
    (void)state;
    struct cabinet cabinet = cabinet_open(table_service());
    struct chancery *chancery = cabinet.chancery;
    BUF_CLEANUP struct buf bytes = BUF(8u << 20), told = BUF(8u << 20);
    long_agreement(chancery, 400);
    cabinet_freeze(chancery, "PWR-2021");
    assert_int_equal(
        read_raw(chancery, "p.mo", "pmo", MESSAGE_document_bytes, "PWR-2021.d1", &bytes), OK);
    assert_int_equal(chancery_head(chancery).version.value, chancery_version(chancery, "PWR-2021"));
    assert_true(reply_count(chancery->reply) > 1); /* more than one frame of them */
    struct document_one one = {.document = T("PWR-2021.d1")};
    struct document_view view;
    assert_int_equal(chancery_ask(chancery, "p.mo", "pmo", MESSAGE_document_get, &one), OK);
    chancery_read(chancery, 0, document_view_record(), &view);
    char hex[DIGEST_HEX_SIZE];
    struct digest digest = digest_of(buf_as_text(&bytes));
    assert_true(text_is(view.document.sha256, digest_to_hex(&digest, hex)));
    assert_int_equal(view.document.bytes.value, bytes.len);
    assert_true(view.document.parts.value > 3);
    assert_true(view.voided == FLAG_NO && view.in_force == FLAG_NO && !view.document.conflict.at);

    static const char script[] =
        "import json, sys\n"
        "raw = sys.stdin.buffer.read()\n"
        "d = json.loads(raw)\n"
        "again = json.dumps(d, sort_keys=True, separators=(',', ':'), ensure_ascii=False)\n"
        "assert again.encode() == raw, 'not canonical'\n"
        "print(d['type'], d['origin'], d['agreement'], d['version'], len(d['targets']),\n"
        "      d['targets'][1]['id'], d['targets'][1]['verdict'], d['targets'][1]['enables'],\n"
        "      d['targets'][1]['ruled_class'], d['targets'][0]['milestones'][7],\n"
        "      d['rulings']['outcome']['weight'], d['rulings']['enablers']['targets'],\n"
        "      [p['office'] + ':' + p['person'] for p in d['parties']], d['feedback']['threads'],\n"
        "      sorted(set(d) - {'type', 'origin', 'agreement', 'version', 'targets', 'rulings',\n"
        "      'parties', 'feedback', 'body', 'cycle', 'title'}), d['cycle']['ends_on'],\n"
        "      d['title'])\n";
    int code = program_run(
        (const char *const[]){"python3", "-c", script, NULL}, buf_as_text(&bytes), &told);
    assert_int_equal(code, 0);
    buf_char(&told, '\0');
    assert_string_equal(told.at,
        "misaq.document.v1 misaq/TEST PWR-2021 1 400 PWR-2021.2 enabler PWR-2021.1 output 1.3 60 1 "
        "['minister.PWR:m.pwr', 'pm:p.m'] 0 [] 2023-06-30 Performance agreement of Division of "
        "<things> & \"quotes\", Cycle 2021-23\n");
    cabinet_close(&cabinet);
}

static size_t widest(struct text text)
{
    size_t width = 0, most = 0;
    for (size_t i = 0; i < text.len; i++) {
        width = text.at[i] == '\n' ? 0 : width + (((unsigned char)text.at[i] & 0xC0) != 0x80);
        most = width > most ? width : most;
    }
    return most;
}

static void the_text_says_what_the_bytes_say(void **state)
{
    (void)state;
    struct cabinet cabinet = cabinet_open(table_service());
    struct chancery *chancery = cabinet.chancery;
    BUF_CLEANUP struct buf text = BUF(8u << 20);
    long_agreement(chancery, 4);
    cabinet_freeze(chancery, "PWR-2021");
    assert_int_equal(
        read_raw(chancery, "m.pwr", "minister.PWR", MESSAGE_document_text, "PWR-2021.d1", &text),
        OK);
    struct text told = buf_as_text(&text);
    const struct model *model = chancery->state;
    char hex[DIGEST_HEX_SIZE + 3];
    (void)snprintf(hex, sizeof hex, "  %.64s\n", model->documents[0]->facts.sha256.at);
    static const char title[] = "Performance agreement of Division of <things> & "
                                "\"quotes\", Cycle 2021-23\n=====";
    static const char milestones[] =
        "    Milestones:\n      Q1 4.1           Q2 3.7           Q3 3.3           Q4 2.9\n"
        "      Q5 2.5           Q6 2.1           Q7 1.7           Q8 1.3\n";
    const char *const words[] = {title, "Ledger: misaq/TEST\n",
        "minister.PWR: Somebody \"of\" \xd8\xb9 (m.pwr)\n",
        "\n1. PWR-2021.1\n    Outages fall from 4.5 to 1.25 hours a day\n",
        "\n4. PWR-2021.4\n    \xd8\xa8\xd8\xac\xd9\x84\xdb\x8c \"quoted\" \\ <b>\n", milestones,
        "    Ruling of the committee: enabler\n    Enables: PWR-2021.1\n", "    Baseline: 4.5\n",
        "    Depends on nobody: true\n", "0 threads: 0 accepted, 0 answered",
        "outcomes                           1 targets, weight 60\n", hex};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!chancery_stands(told, words[i]))
            fail_msg("\"%s\" is not in:\n%.*s", words[i], TEXT_ARG(told));
    assert_in_range(widest(told), 60, 78);
    cabinet_close(&cabinet);
}

static void the_text_of_an_amendment_shows_old_and_new(void **state)
{
    (void)state;
    struct cabinet cabinet = cabinet_open(table_service());
    struct chancery *chancery = cabinet.chancery;
    BUF_CLEANUP struct buf text = BUF(8u << 20);
    cabinet_agreement(chancery, "PWR", STATE_AT_PMO);
    cabinet_freeze(chancery, "PWR-2021");
    must(!cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_SIGN));
    must(!cabinet_sign(chancery, &cabinet.pm, "PWR-2021", SIGNING_SIGN));
    cabinet_amend(chancery, "PWR-2021", "PWR-2021.a1");
    cabinet_freeze(chancery, "PWR-2021");
    assert_int_equal(
        read_raw(chancery, "a.udit", "auditor", MESSAGE_document_text, "PWR-2021.d2", &text), OK);
    static const char statement[] =
        "    Member: statement\n      old: 40 sub-stations are built, \"on time\"\n      new: 30 "
        "sub-stations are built\n";
    static const char *const words[] = {"  Reason: Floods\n", statement,
        "    Member: place\n      old: nothing\n      new: Sindh\n",
        "    Effect on the score: None until 2023\n",
        "Takes the place of: ", "changed since they were ruled on   1 targets, weight 40\n"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!chancery_stands(buf_as_text(&text), words[i]))
            fail_msg("\"%s\" is not in:\n%.*s", words[i], TEXT_ARG(buf_as_text(&text)));
    cabinet_close(&cabinet);
}

static void walking_over_canonical_json(void **state)
{
    (void)state;
    struct text whole =
        T("{\"a\":[1,{\"b\":\"]},\"},\"\\\"\"],\"c\":{},\"d\":\"\\u001f\\n\\\\u\\/\","
          "\"e\":[]}");
    struct canon walk = canon_open(canon_get(whole, "a"));
    struct text value;
    BUF_CLEANUP struct buf plain = BUF(100);
    assert_true(canon_item(&walk, &value) && text_is(value, "1"));
    assert_true(canon_item(&walk, &value) && text_is(value, "{\"b\":\"]},\"}"));
    canon_text(&plain, canon_get(value, "b"));
    assert_true(text_is(buf_as_text(&plain), "]},"));
    assert_true(canon_item(&walk, &value) && text_is(value, "\"\\\"\""));
    assert_false(canon_item(&walk, &value));
    walk = canon_open(canon_get(whole, "c"));
    assert_false(canon_item(&walk, &value));
    walk = canon_open(canon_get(whole, "e"));
    assert_false(canon_item(&walk, &value));
    buf_clear(&plain);
    canon_text(&plain, canon_get(whole, "d"));
    assert_true(text_is(buf_as_text(&plain), "\x1f\n\\u/"));
    assert_null(canon_get(whole, "b").at);
    /* broken at every place: the walk ends */
    for (size_t len = 0; len < whole.len; len++) {
        char *cut = malloc(len + 1);
        memcpy(cut, whole.at, len);
        char *exact = realloc(cut, len ? len : 1);
        struct canon broken = canon_open((struct text){exact, len});
        struct text name;
        for (int i = 0; canon_member(&broken, &name, &value); i++) {
            buf_clear(&plain);
            canon_text(&plain, value);
            assert_in_range(i, 0, 10);
        }
        free(exact);
    }
}

static void who_reads_which_document(void **state)
{
    (void)state;
    static const struct {
        const char *person, *office;
        bool frozen, signed_by_one, in_force, voided;
    } cases[] = {
        {NULL, NULL, false, false, true, false},
        {"f.wat", "person", false, false, true, false},
        {"first", "administrator.1", false, false, true, false},
        {"m.wat", "minister.WAT", false, false, true, false},
        {"f.wat", "focal.WAT", false, false, true, false},
        {"f.pwr", "focal.PWR", true, true, true, true},
        {"s.pwr", "secretary.PWR", true, true, true, true},
        {"m.pwr", "minister.PWR", true, true, true, true},
        {"c.one", "committee.1", true, true, true, true},
        {"d.unit", "secretariat", true, true, true, true},
        {"p.mo", "pmo", true, true, true, true},
        {"p.m", "pm", true, true, true, true},
        {"a.udit", "auditor", true, true, true, true},
    };
    static const enum message queries[] = {
        MESSAGE_document_get, MESSAGE_document_bytes, MESSAGE_document_text};
    struct cabinet cabinet = cabinet_open(table_service());
    struct chancery *chancery = cabinet.chancery;
    struct agreement_submit act = {.agreement = T("PWR-2021")};
    struct agreement_judge judge = {.agreement = T("PWR-2021")};
    cabinet_agreement(chancery, "PWR", STATE_AT_PMO);
    cabinet_freeze(chancery, "PWR-2021");
    chancery_tell(chancery, MESSAGE_agreement_reopened, "PWR-2021", "PWR-2021", &act);
    chancery_tell(chancery, MESSAGE_agreement_submitted, "PWR-2021", "PWR-2021", &act);
    chancery_tell(chancery, MESSAGE_agreement_accepted, "PWR-2021", "PWR-2021", &judge);
    chancery_tell(chancery, MESSAGE_agreement_forwarded, "PWR-2021", "PWR-2021", &judge);
    cabinet_freeze(chancery, "PWR-2021");
    for (int step = 0; step < 3; step++) {
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            const char *person = cases[i].person, *office = cases[i].office;
            bool sees = step == 0   ? cases[i].frozen
                        : step == 1 ? cases[i].signed_by_one
                                    : cases[i].in_force;
            bool signature = step == 0 ? cases[i].voided : sees;
            BUF_CLEANUP struct buf out = BUF(8u << 20);
            for (size_t q = 0; q < 3; q++) {
                enum err is = read_raw(chancery, person, office, queries[q], "PWR-2021.d2", &out);
                enum err was = read_raw(chancery, person, office, queries[q], "PWR-2021.d1", &out);
                if (is != (sees ? OK : ERR_NOT_FOUND) ||
                    was != (cases[i].voided ? OK : ERR_NOT_FOUND))
                    fail_msg("step %d, %s: %s, %s", step, office ? office : "public", err_word(is),
                        err_word(was));
            }
            struct document_list list = {.agreement = T("PWR-2021")};
            must(!chancery_ask(chancery, person, office, MESSAGE_document_list, &list));
            assert_int_equal(chancery_head(chancery).total.value, sees + cases[i].voided);
            assert_int_equal(reply_count(chancery->reply), sees + cases[i].voided);
            struct signature_list signatures = {0};
            must(!chancery_ask(chancery, person, office, MESSAGE_signature_list, &signatures));
            assert_int_equal(chancery_head(chancery).total.value, signature ? step : 0);
        }
        if (step < 2)
            must(!cabinet_sign(
                chancery, step ? &cabinet.pm : &cabinet.minister, "PWR-2021", SIGNING_SIGN));
    }
    cabinet_close(&cabinet);
}

static void lists_come_in_pages(void **state)
{
    (void)state;
    struct cabinet cabinet = cabinet_open(table_service());
    struct chancery *chancery = cabinet.chancery;
    cabinet_agreement(chancery, "PWR", STATE_AT_PMO);
    cabinet_freeze(chancery, "PWR-2021");
    for (int i = 0; i < 3; i++) {
        must(!cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_SIGN));
        must(!cabinet_sign(chancery, &cabinet.minister, "PWR-2021", SIGNING_WITHDRAW));
    }
    struct signature_list list = {.office = T("minister.PWR"), .limit = {4, true}};
    struct signature_view view;
    must(!chancery_ask(chancery, "p.m", "pm", MESSAGE_signature_list, &list));
    assert_int_equal(reply_count(chancery->reply), 4);
    assert_int_equal(chancery_head(chancery).total.value, 6);
    chancery_read(chancery, 0, signature_view_record(), &view);
    assert_true(text_is(view.signature.id, "PWR-2021.s1") && view.withdrawn == FLAG_YES);
    char after[40];
    (void)snprintf(after, sizeof after, "%.*s", TEXT_ARG(chancery_head(chancery).next));
    list.after = text_of(after);
    must(!chancery_ask(chancery, "p.m", "pm", MESSAGE_signature_list, &list));
    assert_int_equal(reply_count(chancery->reply), 2);
    assert_null(chancery_head(chancery).next.at);
    chancery_read(chancery, 1, signature_view_record(), &view);
    assert_true(
        text_is(view.signature.id, "PWR-2021.s6") && view.signature.act == SIGNING_WITHDRAW);
    list.after = T("x");
    assert_int_equal(
        chancery_ask(chancery, "p.m", "pm", MESSAGE_signature_list, &list), ERR_INVALID);
    list = (struct signature_list){.office = T("pm")};
    must(!chancery_ask(chancery, "p.m", "pm", MESSAGE_signature_list, &list));
    assert_int_equal(reply_count(chancery->reply), 0);
    cabinet_close(&cabinet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bytes_are_canonical_and_complete),
        cmocka_unit_test(the_text_says_what_the_bytes_say),
        cmocka_unit_test(the_text_of_an_amendment_shows_old_and_new),
        cmocka_unit_test(walking_over_canonical_json),
        cmocka_unit_test(who_reads_which_document),
        cmocka_unit_test(lists_come_in_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
