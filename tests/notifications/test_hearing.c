/* One event for every rule, and every office that hears of it: nobody else does, and no rule is
 * left that nothing fires. The government has three bodies; PWR waits for FIN. */
#include "base/must.h"
#include "notifications/stage.h"
#include "rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ADMIN    "administrator.1"
#define WRITERS  "focal.FIN secretary.FIN focal.PWR secretary.PWR focal.WAT secretary.WAT "
#define MINISTRS "minister.FIN minister.PWR minister.WAT "
#define CENTRE   "committee.1 committee.2 secretariat pmo "
#define PWR      "focal.PWR secretary.PWR minister.PWR "

/* A text in what is initialised before the program runs. */
#define WORDS(words)                                                                               \
    {                                                                                              \
        (words), sizeof(words) - 1                                                                 \
    }

static struct dependency_raised ring = {.id = WORDS("PWR-2021.d2"),
    .raised = {.blocking_body = WORDS("FIN"), .what = WORDS("Release")},
    .body = WORDS("PWR"),
    .circle = {{2, true}, {WORDS("FIN"), WORDS("PWR")}}};
static struct dependency_raised plain = {.id = WORDS("PWR-2021.d1"),
    .raised = {.blocking_body = WORDS("FIN"), .what = WORDS("Release")},
    .body = WORDS("PWR")};
static struct dependency_rung rungs[] = {
    [RUNG_ACKNOWLEDGE] = {.rung = RUNG_ACKNOWLEDGE},
    [RUNG_PROMISE] = {.rung = RUNG_PROMISE, .promised = 20210720},
    [RUNG_HALF] = {.rung = RUNG_HALF},
    [RUNG_MOST] = {.rung = RUNG_MOST},
    [RUNG_JOINT_SECRETARIES] = {.rung = RUNG_JOINT_SECRETARIES},
    [RUNG_SECRETARIES] = {.rung = RUNG_SECRETARIES},
    [RUNG_COMMITTEE] = {.rung = RUNG_COMMITTEE},
    [RUNG_PM] = {.rung = RUNG_PM},
};
static struct action_opened action = {.id = WORDS("action-1"),
    .opened = {.what = WORDS("Do it"),
        .owner = WORDS("secretary.FIN"),
        .verifier = WORDS("auditor"),
        .due = 20210730}};
static struct norm norm = {.type = WORDS("LEGAL_VETTING_RULES"), .blocking_body = WORDS("FIN")};
static struct cycle cycle = {
    .id = WORDS("2023"), .starts_on = 20230701, .ends_on = 20250630, .periods = {8, true}};
static struct body body = {.id = WORDS("PWR"), .name = WORDS("Power")};
static struct agreement_opened opened = {
    .id = WORDS("FIN-2021"), .opened = {.body = WORDS("FIN"), .cycle = WORDS("2021")}};
static struct office_new office = {.id = WORDS("committee.9")};
static struct holiday holiday = {.on = 20210720, .name = WORDS("A holiday")};
static struct holiday_one holiday_one = {.on = 20210720};
static struct week week = {.from = 20210801, .working = {{1, true}, {WORDS("mon")}}};
static struct reminder soon = {.office = WORDS("focal.WAT"),
    .about = WORDS("action-1"),
    .urgency = URGENCY_DUE_SOON,
    .what = WORDS("It is near"),
    .due = 20210730};
static struct reminder late = {.office = WORDS("focal.WAT"),
    .about = WORDS("action-1"),
    .urgency = URGENCY_OVERDUE,
    .what = WORDS("It has passed"),
    .due = 20210730};

/* In an order in which they can happen. */
static const struct {
    enum message event;
    const char *office, *subject, *about;
    const void *record;
    const char *hear; /* each with a blank behind it, in any order */
} script[] = {
#define AT(event, office, subject, about, record, hear)                                            \
    {                                                                                              \
        MESSAGE_##event, office, subject, about, record, hear                                      \
    }
#define P(event, office, hear) AT(event, office, "PWR-2021", "PWR-2021", NULL, hear)
#define D(event, office, hear) AT(event, office, "PWR-2021.d1", "PWR-2021.d1", NULL, hear)
#define R(rung, hear)                                                                              \
    AT(dependency_escalated, "clock", "PWR-2021.d1", "PWR-2021.d1", &rungs[RUNG_##rung], hear)
#define Q(event, office, hear) AT(event, office, "PWR-2021.q1", "PWR-2021.q1", NULL, hear)
#define A(event, office, hear) AT(event, office, "action-1", "action-1", NULL, hear)
#define H(event, hear)         AT(event, ADMIN, "secretary.PWR", "secretary.PWR.h1", NULL, hear)
#define K(event, hear)         AT(event, ADMIN, "minister.PWR", "key", NULL, hear)
    AT(cycle_created, "secretariat", "2023", "2023", &cycle,
        WRITERS MINISTRS "committee.1 committee.2 pmo "),
    AT(body_changed, "administrator.1", "PWR", "PWR", &body, PWR "secretariat pmo "),
    AT(week_was_set, "secretariat", "calendar", "calendar", &week,
        WRITERS "committee.1 committee.2 pmo "),
    AT(holiday_declared, "administrator.1", "calendar", "calendar", &holiday, WRITERS CENTRE),
    AT(holiday_cancelled, "administrator.1", "calendar", "calendar", &holiday_one, WRITERS CENTRE),
    AT(agreement_opened, "focal.FIN", "FIN-2021", "FIN-2021", &opened,
        "secretary.FIN secretariat "),
    AT(agreement_lapsed, "secretariat", "FIN-2021", "FIN-2021", NULL,
        "focal.FIN secretary.FIN minister.FIN committee.1 committee.2 pmo "),
    AT(office_created, "administrator.1", "committee.9", "committee.9", &office,
        "administrator.2 "),
    AT(posting_proposed, "administrator.1", "secretary.PWR", "p", NULL, "administrator.2 "),
    AT(posting_began, "administrator.2", "secretary.PWR", "p", NULL,
        PWR "administrator.1 secretariat "),
    AT(posting_declined, "administrator.2", "secretary.PWR", "p", NULL, "administrator.1 "),
    AT(posting_ended, "administrator.2", "pmo", "p", NULL, "pmo administrator.1 secretariat "),
    AT(invitation_proposed, "administrator.1", "a.khan", "a.khan", NULL, "administrator.2 "),
    AT(invitation_confirmed, "administrator.2", "a.khan", "a.khan", NULL, "administrator.1 "),
    H(handover_opened, PWR "secretariat "),
    H(handover_begun, "secretary.PWR "),
    H(handover_noted, "secretary.PWR "),
    AT(handover_acknowledged, "secretary.PWR", "secretary.PWR", "secretary.PWR.h1", NULL,
        "focal.PWR minister.PWR secretariat "),
    K(key_proposed, "administrator.2 minister.PWR "),
    K(key_enrolled, "administrator.2 minister.PWR "),
    K(key_declined, "administrator.2 minister.PWR "),
    K(key_revoked, "administrator.2 minister.PWR auditor "),
    AT(draw_announced, "secretariat", "draw-1", "draw-1", NULL, "auditor "),
    AT(draw_made, "secretariat", "draw-1", "draw-1", NULL, "auditor "),
    P(agreement_submitted, "secretary.PWR",
        "focal.PWR minister.PWR committee.1 committee.2 committee.9 secretariat "),
    P(agreement_withdrawn, "secretary.PWR", "focal.PWR minister.PWR committee.9 " CENTRE),
    P(agreement_submitted, "focal.PWR",
        "secretary.PWR minister.PWR committee.1 committee.2 committee.9 secretariat "),
    AT(target_ruled, "committee.1", "PWR-2021", "PWR-2021.1", NULL, "focal.PWR "),
    P(agreement_returned, "committee.1", PWR "secretariat "),
    P(agreement_submitted, "secretary.PWR",
        "focal.PWR minister.PWR committee.1 committee.2 committee.9 secretariat "),
    P(agreement_accepted, "committee.1", PWR "secretariat "),
    P(agreement_reopened, "focal.PWR", "secretary.PWR minister.PWR committee.9 " CENTRE),
    P(agreement_submitted, "secretary.PWR",
        "focal.PWR minister.PWR committee.1 committee.2 committee.9 secretariat "),
    P(agreement_accepted, "committee.1", PWR "secretariat "),
    P(agreement_forwarded, "secretariat", PWR "pmo "),
    AT(thread_opened, "pmo", "PWR-2021", "PWR-2021.f1", NULL, "focal.PWR secretary.PWR "),
    AT(thread_answered, "focal.PWR", "PWR-2021", "PWR-2021.f1", NULL, "pmo secretary.PWR "),
    AT(thread_closed, "pmo", "PWR-2021", "PWR-2021.f1", NULL, "focal.PWR secretary.PWR "),
    P(agreement_frozen, "pmo", PWR "pm secretariat "),
    P(agreement_minister_signed, "minister.PWR", "focal.PWR secretary.PWR pm pmo "),
    P(agreement_unsigned, "minister.PWR", "focal.PWR secretary.PWR pm pmo "),
    P(agreement_minister_signed, "minister.PWR", "focal.PWR secretary.PWR pm pmo "),
    P(agreement_pm_signed, "pm", PWR CENTRE "committee.9 auditor "),
    P(agreement_countersigned, "minister.PWR", "focal.PWR secretary.PWR pm pmo "),
    P(agreement_adopted, "pm", PWR CENTRE "committee.9 "),
    P(amendment_proposed, "secretary.PWR", "focal.PWR minister.PWR committee.9 " CENTRE),
    P(amendment_dropped, "secretary.PWR", "focal.PWR minister.PWR pmo "),
    P(amendment_proposed, "secretary.PWR", "focal.PWR minister.PWR committee.9 " CENTRE),
    P(amendment_frozen, "pmo", PWR "pm "),
    P(amendment_minister_signed, "minister.PWR", "focal.PWR secretary.PWR pm pmo "),
    P(agreement_amended, "pm", PWR CENTRE "committee.9 auditor "),
    AT(norm_was_set, "secretariat", "norm.X", "X", &norm, "focal.FIN secretary.FIN "),
    AT(dependency_raised, "focal.PWR", "PWR-2021.d1", "PWR-2021.d1", &plain,
        "secretary.PWR focal.FIN secretary.FIN "),
    AT(dependency_raised, "focal.PWR", "PWR-2021.d2", "PWR-2021.d2", &ring,
        "secretary.PWR focal.FIN secretary.FIN secretariat "),
    D(dependency_acknowledged, "focal.FIN", "focal.PWR secretary.PWR "),
    D(dependency_returned, "focal.FIN", "focal.PWR secretary.PWR "),
    D(dependency_completed, "focal.PWR", "focal.FIN secretary.FIN "),
    D(dependency_promised, "secretary.FIN", "focal.PWR secretary.PWR "),
    D(dependency_externalised, "secretary.FIN", "focal.PWR secretary.PWR secretariat "),
    D(dependency_resumed, "secretariat", "focal.PWR secretary.PWR focal.FIN secretary.FIN "),
    D(dependency_explained, "secretary.FIN", "focal.PWR secretary.PWR secretariat "),
    D(dependency_was_put_off, "pmo", "focal.PWR secretary.PWR focal.FIN secretary.FIN "),
    R(ACKNOWLEDGE, "focal.FIN "),
    R(PROMISE, "focal.PWR secretary.PWR focal.FIN secretary.FIN "),
    R(HALF, "focal.FIN "),
    R(MOST, "focal.FIN "),
    R(JOINT_SECRETARIES, "secretary.PWR secretary.FIN "),
    R(SECRETARIES, "secretary.PWR secretary.FIN "),
    R(COMMITTEE, "secretary.PWR secretary.FIN committee.1 committee.2 committee.9 secretariat "),
    R(PM, "secretary.PWR secretary.FIN pm pmo secretariat "),
    D(dependency_granted, "focal.FIN", "focal.PWR secretary.PWR secretary.FIN "),
    D(dependency_reopened, "secretary.PWR", "focal.FIN secretary.FIN "),
    D(dependency_refused, "secretary.FIN", "focal.PWR secretary.PWR "),
    D(dependency_withdrawn, "focal.PWR", "focal.FIN secretary.FIN "),
    Q(report_begun, "focal.PWR", "secretary.PWR "),
    Q(report_certified, "secretary.PWR",
        "focal.PWR minister.PWR secretariat committee.1 committee.2 committee.9 "),
    Q(report_missed, "clock", PWR "secretariat pmo "),
    AT(report_graded, "secretariat", "PWR-2021.q1", "PWR-2021.1", NULL, "focal.PWR "),
    Q(scores_opened, "clock", PWR CENTRE "committee.9 "),
    Q(appeal_made, "minister.PWR", "focal.PWR secretary.PWR committee.9 " CENTRE),
    Q(appeal_decided, "committee.1", PWR "committee.2 committee.9 secretariat pmo "),
    AT(action_opened, "pm", "action-1", "action-1", &action, "secretary.FIN auditor "),
    A(action_finished, "secretary.FIN", "auditor pm "),
    A(action_rejected, "auditor", "secretary.FIN pm "),
    A(action_overdue, "clock", "secretary.FIN auditor pm "),
    A(action_verified, "auditor", "secretary.FIN pm "),
    A(action_dropped, "pm", "secretary.FIN auditor "),
    AT(period_released, "clock", "2021.q1", "2021.q1", NULL,
        WRITERS MINISTRS CENTRE "committee.9 pm "),
    AT(reminder_sent, "clock", "inbox.focal.WAT", "action-1", &soon, "focal.WAT "),
    AT(reminder_sent, "clock", "inbox.focal.WAT", "action-1", &late, "focal.WAT "),
    AT(agreement_withdrawn_by_pm, "pm", "WAT-2021", "WAT-2021", NULL,
        "focal.WAT secretary.WAT minister.WAT auditor committee.9 " CENTRE),
    P(agreement_closed, "secretariat", PWR "committee.1 committee.2 committee.9 pmo "),
};

static bool listed(const char *list, const char *one)
{
    char with_blank[ID_MAX + 2];
    size_t len = (size_t)snprintf(with_blank, sizeof with_blank, "%s ", one);
    for (const char *at = list; (at = strstr(at, with_blank)); at += len)
        if (at == list || at[-1] == ' ')
            return true;
    return false;
}

static void every_rule_is_fired_and_heard(void **state)
{
    (void)state;
    struct stage *stage = stage_new();
    bool *fired = calloc(rules_count(), sizeof *fired);
    must(fired);
    stage_government(stage);
    stage_agreement(stage, "WAT-2021", "WAT");
    stage_sign(stage, "WAT-2021");
    for (size_t i = 0; i < sizeof script / sizeof *script; i++) {
        stage_tell(stage, script[i].office, script[i].event, script[i].subject, script[i].about,
            script[i].record);
        for (struct inbox *one = stage->model->inbox_table; one; one = one->hh.next) {
            const struct item *last = one->count ? &one->items[one->count - 1] : NULL;
            bool heard = last && last->position == stage->log_count;
            if (heard)
                fired[last->rule] = true;
            if (heard != listed(script[i].hear, one->office_id))
                fail_msg("%s (%zu): %s %s", message_row(script[i].event)->wire, i, one->office_id,
                    heard ? "heard" : "did not hear");
        }
    }
    for (size_t i = 0; i < rules_count(); i++)
        if (!fired[i])
            fail_msg("nothing fires row %zu, %s", i, message_row(rules_at(i)->event)->wire);
    assert_true(stage_same_again(stage));
    free(fired);
    stage_free(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_rule_is_fired_and_heard)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
