/* What the committee's questions cost at the design point and at ten times it: the agenda of a
 * session, what one target waits for, all circles. Prints "<what> <targets> <microseconds>" a line.
 * usage: bench_dependencies_session */
#include "table.h"

#include "base/clock.h"
#include "base/decimal.h"
#include "base/must.h"
#include "schema/pack.h"
#include "service/reply.h"
#include "support/chance.h"

#include <stdio.h>
#include <stdlib.h>

#define BODIES_EACH 366
#define ROUNDS      20
#define ZONE        300
#define DAY_MS      INT64_C(86400000)

struct lab {
    const struct service *service;
    void *state;
    struct calendar *calendar;
    struct roster *roster;
    struct reply *reply;
    uint64_t position;
    int64_t now_ms;
    uint32_t bodies, needs;
};

static void tell(
    struct lab *lab, enum message event, const char *subject, const char *about, const void *record)
{
    static struct buf data = {.max = 1u << 20};
    const struct record *carries = message_row(event)->carries();
    static char nothing[65536];
    must(carries->size <= sizeof nothing);
    memset(nothing, 0, sizeof nothing);
    buf_clear(&data);
    pack_write(carries, record ? record : nothing, &data);
    const struct happened happened = {.message = event,
        .position = ++lab->position,
        .version = lab->position,
        .at_ms = lab->now_ms,
        .subject = text_of(subject),
        .about = text_of(about),
        .actor = {TEXT_LITERAL("a.b"), TEXT_LITERAL("focal.B1")},
        .data = buf_as_text(&data),
        .record = record ? record : nothing};
    const char *complaint = lab->service->apply(lab->state, &happened);
    if (complaint)
        (void)fprintf(stderr, "%s: %s\n", message_row(event)->wire, complaint);
    must(!complaint && !calendar_apply(lab->calendar, &happened));
}

static void add_targets(struct lab *lab, const char *agreement)
{
    struct target_promised promised = {
        .promise = {.statement = TEXT_LITERAL("Cut the losses"), .weight = {273, true}}};
    for (unsigned n = 1; n <= BODIES_EACH; n++) {
        char id[ID_MAX + 1];
        (void)snprintf(id, sizeof id, "%s.%u", agreement, n);
        promised.id = text_of(id);
        tell(lab, MESSAGE_target_drafted, agreement, id, &promised);
    }
}

static void add_body(struct lab *lab, uint32_t number)
{
    static const enum message way[] = {MESSAGE_agreement_submitted, MESSAGE_agreement_accepted,
        MESSAGE_agreement_forwarded, MESSAGE_agreement_frozen, MESSAGE_agreement_minister_signed,
        MESSAGE_agreement_pm_signed};
    char id[24], agreement[40];
    (void)snprintf(id, sizeof id, "B%u", number);
    (void)snprintf(agreement, sizeof agreement, "%s-2021", id);
    const struct body body = {.id = text_of(id),
        .name = text_of(id),
        .kind = TEXT_LITERAL("division"),
        .valid_from = 20010101};
    const struct agreement_opened opened = {
        .id = text_of(agreement), .opened = {.body = body.id, .cycle = TEXT_LITERAL("2021")}};
    tell(lab, MESSAGE_body_registered, id, id, &body);
    tell(lab, MESSAGE_agreement_opened, agreement, agreement, &opened);
    add_targets(lab, agreement);
    for (size_t i = 0; i < sizeof way / sizeof *way; i++)
        tell(lab, way[i], agreement, agreement, NULL);
}

static void escalate(struct lab *lab, const char *id)
{
    const struct dependency_rung rung = {.dependency = text_of(id),
        .rung = RUNG_COMMITTEE,
        .round = {1, true},
        .due = 20210901,
        .on = 20210901};
    tell(lab, MESSAGE_dependency_escalated, id, id, &rung);
}

/* A request of one body to another, three of four through a target of that; every tenth has come as
 * far as the committee. As in life most wait for somebody who waits for few. */
static void add_need(struct lab *lab, struct chance *chance, uint32_t number)
{
    char id[40], target[40], through[40], body[24], other[24];
    uint32_t from = 1 + chance_below(chance, lab->bodies);
    uint32_t to = 1 + chance_below(chance, lab->bodies);
    (void)snprintf(body, sizeof body, "B%u", from);
    (void)snprintf(other, sizeof other, "B%u", to);
    (void)snprintf(id, sizeof id, "B%u-2021.d%u", from, number);
    (void)snprintf(
        target, sizeof target, "B%u-2021.%u", from, 1 + chance_below(chance, BODIES_EACH));
    (void)snprintf(
        through, sizeof through, "B%u-2021.%u", to, 1 + chance_below(chance, BODIES_EACH));
    struct dependency_raised raised = {.id = text_of(id),
        .raised = {.blocking_body = text_of(other),
            .type = TEXT_LITERAL("VETTING"),
            .what = TEXT_LITERAL("A vetted text")},
        .body = text_of(body),
        .norm_days = {10, true},
        .weight = {273, true},
        .on = 20210702 + (int32_t)chance_below(chance, 28)};
    if (number % 4 != 0 && to < from)
        raised.raised.through = text_of(through);
    raised.raised.targets.head = (struct list_head){1, true};
    raised.raised.targets.at[0] = text_of(target);
    tell(lab, MESSAGE_dependency_raised, id, id, &raised);
    if (number % 10 == 0)
        escalate(lab, id);
}

static struct request request_of(struct lab *lab, enum message message, const void *body)
{
    return (struct request){.message = message,
        .actor = {TEXT_LITERAL("p.rime"), TEXT_LITERAL("pm")},
        .office = {.role = ROLE_PM},
        .body = body,
        .now_ms = lab->now_ms,
        .today = day_of_moment(lab->now_ms, ZONE),
        .zone = ZONE,
        .calendar = lab->calendar,
        .roster = lab->roster};
}

/* Microseconds of one answer, the mean of a few. */
static double ask(struct lab *lab, enum message message, const void *body)
{
    const struct request request = request_of(lab, message, body);
    const struct service *service = lab->service;
    size_t row = 0;
    while (service->queries[row].message != message)
        row++;
    uint64_t begun_us = clock_mono_us();
    for (int i = 0; i < ROUNDS; i++) {
        struct faults why = {0};
        reply_empty(lab->reply);
        must(service->queries[row].answer(lab->state, &request, lab->reply, &why) == OK);
    }
    return (double)(clock_mono_us() - begun_us) / ROUNDS;
}

static void measure(uint32_t bodies, uint32_t needs)
{
    struct chance chance = {12345};
    struct lab lab = {.service = table_service(), .bodies = bodies, .needs = needs};
    const struct agenda_list agenda = {.limit = {50, true}};
    const struct target_one target = {.target = TEXT_LITERAL("B41-2021.1")};
    const struct circle_list circles = {.limit = {50, true}};
    lab.state = lab.service->state_new();
    lab.calendar = calendar_new();
    lab.roster = roster_new();
    lab.reply = reply_open();
    lab.now_ms = day_number(20210625) * DAY_MS;
    for (uint32_t i = 1; i <= bodies; i++)
        add_body(&lab, i);
    for (uint32_t i = 1; i <= needs; i++)
        add_need(&lab, &chance, i);
    lab.now_ms = day_number(20210915) * DAY_MS;
    uint32_t targets = bodies * BODIES_EACH;
    (void)printf("agenda %u %.1f\n", targets, ask(&lab, MESSAGE_agenda_list, &agenda));
    (void)printf("chain %u %.1f\n", targets, ask(&lab, MESSAGE_chain_get, &target));
    (void)printf("circles %u %.1f\n", targets, ask(&lab, MESSAGE_circle_list, &circles));
    lab.service->state_free(lab.state);
    calendar_free(lab.calendar);
    roster_free(lab.roster);
    reply_close(lab.reply);
}

int main(void)
{
    measure(41, 5000);
    measure(410, 50000);
    return 0;
}
