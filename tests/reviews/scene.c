/* Told by an administrator, whoever would have done it: the service under test only hears it. */
#include "reviews/scene.h"

#include "base/decimal.h"
#include "base/must.h"
#include "support/cycle.h"

#include <stdio.h>

void scene_person(struct play *play, const char *person, const char *body)
{
    struct person record = {.id = text_of(person), .name = text_of(person), .body = text_of(body)};
    play_tell(play, play_version(play, person) ? MESSAGE_person_changed : MESSAGE_person_registered,
        person, person, &record);
}

void scene_post(struct play *play, const char *person, const char *office)
{
    struct office_new created = {.id = text_of(office), .title = text_of(office)};
    if (!play_version(play, person))
        scene_person(play, person, NULL);
    if (!play_version(play, office))
        play_tell(play, MESSAGE_office_created, office, office, &created);
    char id[ID_MAX + 1];
    (void)snprintf(id, sizeof id, "%s.p1", office);
    struct posting posting = {
        .id = text_of(id), .proposal = {.office = text_of(office), .person = text_of(person)}};
    play_tell(play, MESSAGE_posting_began, office, id, &posting);
}

void scene_unpost(struct play *play, const char *office)
{
    char id[ID_MAX + 1];
    (void)snprintf(id, sizeof id, "%s.p1", office);
    struct posting_one one = {.posting = text_of(id)};
    play_tell(play, MESSAGE_posting_ended, office, id, &one);
}

void scene_body(struct play *play, const char *id, const char *successor)
{
    struct body body = {.id = text_of(id),
        .name = text_of(id),
        .kind = TEXT_LITERAL("division (invented)"),
        .valid_from = 20010101,
        .peers = TEXT_LITERAL("economy")};
    if (successor) {
        body.successors.head = (struct list_head){1, true};
        body.successors.at[0] = text_of(successor);
    }
    play_tell(play, play_version(play, id) ? MESSAGE_body_changed : MESSAGE_body_registered, id, id,
        &body);
}

void scene_open(struct play *play, const char *body)
{
    char id[ID_MAX + 1];
    (void)snprintf(id, sizeof id, "%s-2021", body);
    struct agreement_opened opened = {
        .id = text_of(id), .opened = {.body = text_of(body), .cycle = TEXT_LITERAL("2021")}};
    play_tell(play, MESSAGE_agreement_opened, id, id, &opened);
}

void scene_government(struct play *play)
{
    static const char *const bodies[][4] = {
        {"FIN", "f.fin", "s.fin"}, {"PWR", "f.pwr", "s.pwr"}, {"WAT", "f.wat", "s.wat"}};
    struct cycle cycle = cycle_of_two_years("2021", 20210701, 20230630);
    cycle.outcome_least = (struct decimal){60 * DECIMAL_ONE, true};
    cycle.process_most = (struct decimal){10 * DECIMAL_ONE, true};
    play_tell(play, MESSAGE_cycle_created, "2021", "2021", &cycle);
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        char office[ID_MAX + 1];
        scene_body(play, bodies[i][0], NULL);
        scene_open(play, bodies[i][0]);
        (void)snprintf(office, sizeof office, "focal.%s", bodies[i][0]);
        scene_post(play, bodies[i][1], office);
        (void)snprintf(office, sizeof office, "secretary.%s", bodies[i][0]);
        scene_post(play, bodies[i][2], office);
    }
    scene_post(play, "c.one", "committee.1");
    scene_post(play, "c.two", "committee.2");
    scene_post(play, "d.unit", "secretariat");
    scene_post(play, "p.mo", "pmo");
    scene_post(play, "a.udit", "auditor");
}

void scene_target(struct play *play, const char *agreement, unsigned number, const char *statement,
    int64_t weight, enum target_class drafted, enum target_class agreed)
{
    char id[ID_MAX + 1];
    (void)snprintf(id, sizeof id, "%s.%u", agreement, number);
    struct target_promised promised = {.id = text_of(id),
        .promise = {.statement = text_of(statement), .class = drafted, .weight = {weight, true}},
        .has_check = true};
    promised.promise.direction = DIRECTION_DOWN;
    promised.promise.unit = TEXT_LITERAL("%");
    promised.promise.baseline = (struct decimal){20 * DECIMAL_ONE, true};
    promised.promise.milestones.head = (struct list_head){8, true};
    for (int i = 0; i < 8; i++) /* 19, 18, ... 12 */
        promised.promise.milestones.at[i] = (19 - i) * DECIMAL_ONE;
    promised.check.class = agreed ? agreed : CLASS_OUTPUT;
    promised.check.agreed = agreed ? FLAG_YES : FLAG_NO;
    bool is_new = true;
    for (size_t i = 0; i < play->log_count; i++)
        if (play->log[i].message == MESSAGE_target_drafted && text_is(play->log[i].about, id))
            is_new = false;
    play_tell(
        play, is_new ? MESSAGE_target_drafted : MESSAGE_target_changed, agreement, id, &promised);
}

void scene_rule(struct play *play, const char *agreement, unsigned number, enum verdict verdict,
    enum target_class class, const char *serves)
{
    char id[ID_MAX + 1];
    (void)snprintf(id, sizeof id, "%s.%u", agreement, number);
    struct ruling ruling = {.made = {.target = text_of(id),
                                .verdict = verdict,
                                .class = class,
                                .serves = text_of(serves)},
        .statement = TEXT_LITERAL("told"),
        .weight = {1000, true}};
    struct actor actor = {TEXT_LITERAL("c.one"), TEXT_LITERAL("committee.1")};
    play_tell_by(play, actor, MESSAGE_target_ruled, agreement, id, &ruling);
}

void scene_lead(struct play *play, const char *agreement, enum agreement_state state)
{
    static const enum message signing[] = {MESSAGE_agreement_submitted, MESSAGE_agreement_accepted,
        MESSAGE_agreement_forwarded, MESSAGE_agreement_frozen, MESSAGE_agreement_minister_signed,
        MESSAGE_agreement_pm_signed};
    static const size_t steps[] = {[STATE_DRAFT] = 0,
        [STATE_LAPSED] = 0,
        [STATE_SUBMITTED] = 1,
        [STATE_RETURNED] = 1,
        [STATE_ACCEPTED] = 2,
        [STATE_AT_PMO] = 3,
        [STATE_READY] = 4,
        [STATE_SIGNED_MINISTER] = 5,
        [STATE_IN_FORCE] = 6,
        [STATE_AMENDING] = 6,
        [STATE_CLOSED] = 6};
    for (size_t i = 0; i < steps[state]; i++)
        play_tell(play, signing[i], agreement, agreement, NULL);
    enum message last = state == STATE_LAPSED     ? MESSAGE_agreement_lapsed
                        : state == STATE_RETURNED ? MESSAGE_agreement_returned
                        : state == STATE_AMENDING ? MESSAGE_amendment_proposed
                        : state == STATE_CLOSED   ? MESSAGE_agreement_closed
                                                  : MESSAGE_UNSET;
    if (last)
        play_tell(play, last, agreement, agreement, NULL);
}
