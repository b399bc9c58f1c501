/* Every kind of event before every role: who sees it, by rules that are said here a second time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shown.h"

#include "schema/pack.h"

#include <stdio.h>

static struct facts facts;
static uint64_t position;

/* Folds an event as it would lie in the ledger. */
static void happen(enum message message, const char *subject, const void *record)
{
    BUF_CLEANUP struct buf data = BUF(8192);
    BUF_CLEANUP struct buf packed = BUF(16384);
    struct event told;
    enum message told_message;
    pack_write(message_row(message)->carries(), record, &data);
    struct event event = {.type = text_of(message_row(message)->wire),
        .subject = text_of(subject),
        .about = text_of(subject),
        .at = {1000, true},
        .actor = {TEXT_LITERAL("adm.one"), TEXT_LITERAL("administrator.1")},
        .has_actor = true,
        .cause = TEXT_LITERAL("c"),
        .data = buf_as_text(&data)};
    pack_write(event_record(), &event, &packed);
    const char *complaint =
        facts_apply(&facts, ++position, buf_as_text(&packed), &told, &told_message);
    if (complaint)
        fail_msg("%s: %s", message_row(message)->wire, complaint);
    assert_true(text_is(told.subject, subject));
    assert_int_equal(told_message, message);
}

static void register_body(const char *id, const char *successor)
{
    struct body body = {.id = text_of(id), .name = text_of(id), .valid_from = 20200101};
    if (successor) {
        body.successors.head = (struct list_head){1, true};
        body.successors.at[0] = text_of(successor);
    }
    happen(bodies_knows(facts.bodies, body.id) ? MESSAGE_body_changed : MESSAGE_body_registered, id,
        &body);
}

/* PWR-2021 is a draft, FIN-2021 in force; OLD has become NEW; the first period of 2021 is released.
 */
static int tell(void **state)
{
    (void)state;
    static const struct agreement_opened opened;
    static const struct agreement_submit submit;
    static const struct agreement_judge judge;
    static const struct document_frozen frozen;
    static const struct signature signature;
    static const struct period_released released;
    facts_open(&facts);
    register_body("PWR", NULL);
    register_body("FIN", NULL);
    register_body("NEW", NULL);
    register_body("OLD", NULL);
    register_body("OLD", "NEW");
    happen(MESSAGE_agreement_opened, "PWR-2021", &opened);
    happen(MESSAGE_agreement_opened, "OLD-2021", &opened);
    happen(MESSAGE_agreement_opened, "FIN-2021", &opened);
    happen(MESSAGE_agreement_submitted, "FIN-2021", &submit);
    happen(MESSAGE_agreement_accepted, "FIN-2021", &judge);
    happen(MESSAGE_agreement_forwarded, "FIN-2021", &judge);
    happen(MESSAGE_agreement_frozen, "FIN-2021", &frozen);
    happen(MESSAGE_agreement_minister_signed, "FIN-2021", &signature);
    happen(MESSAGE_agreement_pm_signed, "FIN-2021", &signature);
    happen(MESSAGE_agreement_closed, "FIN-2021", &submit);
    happen(MESSAGE_period_released, "2021.q1", &released);
    return 0;
}

static int forget(void **state)
{
    (void)state;
    facts_close(&facts);
    return 0;
}

static bool is_of_sign_in(const char *wire)
{
    return strncmp(wire, "invitation.", 11) == 0 || strncmp(wire, "session", 7) == 0;
}

static bool is_of_inbox(const char *wire)
{
    return strncmp(wire, "inbox.", 6) == 0 || strncmp(wire, "quiet.", 6) == 0 ||
           strncmp(wire, "mail.", 5) == 0 || strncmp(wire, "reminder.", 9) == 0 ||
           strncmp(wire, "digest.", 7) == 0;
}

static bool is_one_of(const char *word, const char *const *list)
{
    while (*list && strcmp(*list, word) != 0)
        list++;
    return *list;
}

static void every_cell_is_right(void **state)
{
    (void)state;
    static const char *const offices[] = {"", "person", "administrator.1", "auditor", "committee.1",
        "secretariat.1", "pmo.1", "pm", "focal.PWR.2", "secretary.PWR", "minister.PWR", "focal.FIN",
        "focal.NEW", "focal.OLD", NULL};
    static const char *const centre[] = {
        "auditor", "committee.1", "secretariat.1", "pmo.1", "pm", NULL};
    static const char *const subjects[] = {
        "PWR-2021", "FIN-2021", "OLD-2021", "FIN-2021.q1", "FIN-2021.q2", NULL};
    size_t cells = 0;
    for (enum message m = MESSAGE_UNSET + 1; m < MESSAGE_COUNT; m++) {
        const struct message_row *row = message_row(m);
        for (size_t o = 0; row->kind == MESSAGE_EVENT && offices[o]; o++)
            for (size_t s = 0; subjects[s]; s++, cells++) {
                struct office office = office_read(text_of(offices[o]));
                bool signed_once = strcmp(subjects[s], "FIN-2021") == 0;
                bool released = strcmp(subjects[s], "FIN-2021.q1") == 0;
                bool open = row->shown == SHOWN_PUBLIC ||
                            (row->shown == SHOWN_SIGNED && signed_once) ||
                            (row->shown == SHOWN_RELEASED && released);
                const char *dot = strchr(offices[o], '.');
                const char *own = strncmp(subjects[s], "OLD", 3) == 0 ? "NEW" : subjects[s];
                bool of_body = life_concerns(m) || row->shown == SHOWN_RELEASED;
                bool drafts = of_body && office.body.len && dot && strncmp(dot + 1, own, 3) == 0;
                bool blind = m == MESSAGE_score_given && !released;
                bool sees = is_of_inbox(row->wire) || blind ? strcmp(offices[o], "auditor") == 0
                            : is_of_sign_in(row->wire)
                                ? is_one_of(offices[o],
                                      (const char *const[]){"auditor", "administrator.1", NULL})
                                : open || drafts || is_one_of(offices[o], centre);
                if (shown_to(&facts, &office, m, text_of(subjects[s])) != sees)
                    fail_msg("%s of %s before \"%s\"", row->wire, subjects[s], offices[o]);
                bool withheld = shown_withheld(&facts, m, text_of(subjects[s])) != NULL;
                if (withheld == (open && !is_of_sign_in(row->wire)))
                    fail_msg("entry %s of %s", row->wire, subjects[s]);
            }
    }
    printf("%zu cells\n", cells);
    assert_true(cells > 2000);
}

static void reasons_are_said(void **state)
{
    (void)state;
    struct text draft = TEXT_LITERAL("PWR-2021"), closed = TEXT_LITERAL("FIN-2021");
    static const struct {
        enum message event;
        const char *reason;
    } cases[] = {
        {MESSAGE_target_drafted, "drafting is not public"},
        {MESSAGE_target_ruled, "drafting is not public"},
        {MESSAGE_agreement_minister_signed, "not yet in force"},
        {MESSAGE_session_ended, "sign-in is not public"},
        {MESSAGE_invitation_proposed, "sign-in is not public"},
        {MESSAGE_handover_noted, "what one holder leaves to the next is not public"},
        {MESSAGE_reminder_sent, "inboxes are not public"},
        {MESSAGE_order_logged, "orders from outside the plan are for those who plan"},
        {MESSAGE_UNSET, "of a kind that is not known here"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(shown_withheld(&facts, cases[i].event, draft), cases[i].reason);
    assert_null(shown_withheld(&facts, MESSAGE_agreement_pm_signed, closed));
    assert_null(shown_withheld(&facts, MESSAGE_key_enrolled, draft));
    struct office auditor = {.role = ROLE_AUDITOR}, pm = {.role = ROLE_PM};
    assert_true(shown_to(&facts, &auditor, MESSAGE_UNSET, draft));
    assert_false(shown_to(&facts, &pm, MESSAGE_UNSET, draft));
}

static void what_cannot_be_stops_it(void **state)
{
    (void)state;
    struct event told;
    enum message message;
    assert_non_null(facts_apply(&facts, 99, TEXT_LITERAL("\x80"), &told, &message));
    assert_non_null(facts_apply(&facts, 99, TEXT_LITERAL("no event"), &told, &message));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_is_right),
        cmocka_unit_test(reasons_are_said),
        cmocka_unit_test(what_cannot_be_stops_it),
    };
    return cmocka_run_group_tests(tests, tell, forget);
}
