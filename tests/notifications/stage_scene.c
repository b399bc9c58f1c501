/* A government to play on, and what happens there, told as its services would tell it. */
#include "notifications/stage.h"

#include "base/must.h"

#include <stdio.h>

#define ADMIN "administrator.1"

void stage_body(struct stage *stage, const char *id, const char *successor)
{
    bool is_new = !model_body(stage->model, text_of(id));
    struct body body = {.id = text_of(id),
        .name = text_of(id),
        .kind = TEXT_LITERAL("division (invented)"),
        .valid_from = 20010101};
    if (successor) {
        body.successors.head = (struct list_head){1, true};
        body.successors.at[0] = text_of(successor);
    }
    stage_tell(
        stage, ADMIN, is_new ? MESSAGE_body_registered : MESSAGE_body_changed, id, id, &body);
}

void stage_office(struct stage *stage, const char *office)
{
    struct office_new created = {.id = text_of(office), .title = text_of(office)};
    stage_tell(stage, ADMIN, MESSAGE_office_created, office, office, &created);
}

void stage_agreement(struct stage *stage, const char *id, const char *body)
{
    struct agreement_opened opened = {
        .id = text_of(id), .opened = {.body = text_of(body), .cycle = TEXT_LITERAL("2021")}};
    stage_tell(stage, "secretariat", MESSAGE_agreement_opened, id, id, &opened);
}

void stage_government(struct stage *stage)
{
    static const char *const bodies[] = {"FIN", "PWR", "WAT"};
    static const char *const roles[] = {"focal", "secretary", "minister"};
    static const char *const centre[] = {"administrator.1", "administrator.2", "committee.1",
        "committee.2", "secretariat", "pmo", "pm", "auditor"};
    struct cycle cycle = {.id = TEXT_LITERAL("2021"),
        .title = TEXT_LITERAL("2021 to 2023 (invented)"),
        .starts_on = 20210701,
        .ends_on = 20230630};
    struct faults why = {0};
    must(record_check(cycle_record(), &cycle, &why) == OK); /* fills in what is preset */
    for (size_t i = 0; i < sizeof centre / sizeof *centre; i++)
        stage_office(stage, centre[i]);
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        stage_body(stage, bodies[i], NULL);
        for (size_t r = 0; r < sizeof roles / sizeof *roles; r++) {
            char office[ID_MAX + 1];
            (void)snprintf(office, sizeof office, "%s.%s", roles[r], bodies[i]);
            stage_office(stage, office);
        }
    }
    stage_tell(stage, ADMIN, MESSAGE_cycle_created, "2021", "2021", &cycle);
    stage_agreement(stage, "PWR-2021", "PWR");
}

void stage_step(struct stage *stage, const char *office, enum message event, const char *agreement)
{
    stage_tell(stage, office, event, agreement, agreement, NULL);
}

void stage_sign(struct stage *stage, const char *agreement)
{
    static const enum message way[] = {MESSAGE_agreement_submitted, MESSAGE_agreement_accepted,
        MESSAGE_agreement_forwarded, MESSAGE_agreement_frozen, MESSAGE_agreement_minister_signed,
        MESSAGE_agreement_pm_signed};
    for (size_t i = 0; i < sizeof way / sizeof *way; i++)
        stage_step(stage, ADMIN, way[i], agreement);
}

void stage_raise(struct stage *stage, const char *id, const char *waiting, const char *blocking)
{
    struct dependency_raised raised = {.id = text_of(id),
        .raised = {.blocking_body = text_of(blocking),
            .type = TEXT_LITERAL("LEGAL_VETTING_RULES"),
            .what = TEXT_LITERAL("Vetting of the tariff rules (invented)")},
        .body = text_of(waiting),
        .norm_days = {15, true}};
    char office[ID_MAX + 1];
    (void)snprintf(office, sizeof office, "focal.%s", waiting);
    stage_tell(stage, office, MESSAGE_dependency_raised, id, id, &raised);
}

void stage_promise(struct stage *stage, const char *id, int32_t day)
{
    struct dependency_promise promise = {.dependency = text_of(id), .promised = day};
    stage_tell(stage, "secretary.FIN", MESSAGE_dependency_promised, id, id, &promise);
}

void stage_act(struct stage *stage, const char *office, enum message event, const char *id)
{
    stage_tell(stage, office, event, id, id, NULL);
}

void stage_holiday(struct stage *stage, int32_t day)
{
    struct holiday holiday = {.on = day, .name = TEXT_LITERAL("A holiday (invented)")};
    stage_tell(stage, "secretariat", MESSAGE_holiday_declared, "calendar", "calendar", &holiday);
}
