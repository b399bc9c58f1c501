#include "bench/clerk.h"

#include "base/clock.h"
#include "base/decimal.h"
#include "base/must.h"
#include "support/cycle.h"

#include <stdio.h>

#define ZONE   300
#define DAY_MS INT64_C(86400000)

void clerk_tell(struct clerk *clerk, enum message event, const char *subject, const char *about,
    const void *record)
{
    static struct buf data = {.max = 1u << 20};
    static const char nothing[65536];
    const struct record *carries = message_row(event)->carries();
    must(carries->size <= sizeof nothing);
    buf_clear(&data);
    pack_write(carries, record ? record : nothing, &data);
    const struct happened happened = {.message = event,
        .position = ++clerk->position,
        .version = clerk->position,
        .at_ms = clerk->now_ms,
        .subject = text_of(subject),
        .about = text_of(about),
        .actor = {TEXT_LITERAL("a.b"), TEXT_LITERAL("focal.B1")},
        .data = buf_as_text(&data),
        .record = record ? record : nothing};
    const char *complaint = clerk->service->apply(clerk->state, &happened);
    if (complaint)
        (void)fprintf(stderr, "%s: %s\n", message_row(event)->wire, complaint);
    must(!complaint && !calendar_apply(clerk->calendar, &happened));
}

static void add_targets(struct clerk *clerk, uint32_t number, const char *agreement)
{
    struct target_promised promised = {
        .promise = {.statement = TEXT_LITERAL("Cut the losses of distribution from 20% to 12%"),
            .class = CLASS_OUTCOME,
            .unit = TEXT_LITERAL("%"),
            .direction = DIRECTION_DOWN,
            .baseline = {20 * DECIMAL_ONE, true},
            .weight = {273, true}}};
    promised.promise.milestones.head = (struct list_head){8, true};
    for (int i = 0; i < 8; i++)
        promised.promise.milestones.at[i] = (19 - i) * DECIMAL_ONE;
    for (unsigned n = 1; n <= CLERK_TARGETS; n++) {
        char id[ID_MAX + 1];
        (void)snprintf(id, sizeof id, "B%u-2021.%u", number, n);
        promised.id = text_of(id);
        clerk_tell(clerk, MESSAGE_target_drafted, agreement, id, &promised);
    }
}

static void add_body(struct clerk *clerk, uint32_t number)
{
    static const enum message way[] = {MESSAGE_agreement_submitted, MESSAGE_agreement_accepted,
        MESSAGE_agreement_forwarded, MESSAGE_agreement_frozen, MESSAGE_agreement_minister_signed,
        MESSAGE_agreement_pm_signed};
    char id[24], agreement[40], office[40];
    (void)snprintf(id, sizeof id, "B%u", number);
    (void)snprintf(agreement, sizeof agreement, "B%u-2021", number);
    (void)snprintf(office, sizeof office, "secretary.B%u", number);
    const struct body body = {.id = text_of(id),
        .name = text_of(id),
        .kind = TEXT_LITERAL("division"),
        .peers = number % 2 ? TEXT_LITERAL("economy") : TEXT_LITERAL("social"),
        .valid_from = 20010101};
    const struct agreement_opened opened = {
        .id = text_of(agreement), .opened = {.body = body.id, .cycle = TEXT_LITERAL("2021")}};
    const struct office_new post = {.id = text_of(office), .title = text_of(office)};
    clerk_tell(clerk, MESSAGE_body_registered, id, id, &body);
    clerk_tell(clerk, MESSAGE_office_created, office, office, &post);
    clerk_tell(clerk, MESSAGE_agreement_opened, agreement, agreement, &opened);
    add_targets(clerk, number, agreement);
    for (size_t i = 0; i < sizeof way / sizeof *way; i++)
        clerk_tell(clerk, way[i], agreement, agreement, NULL);
}

void clerk_open(struct clerk *clerk, const struct service *service, uint32_t bodies)
{
    const struct cycle cycle = cycle_of_two_years("2021", 20210701, 20230630);
    *clerk = (struct clerk){.service = service,
        .state = service->state_new(),
        .calendar = calendar_new(),
        .roster = roster_new(),
        .reply = reply_open(),
        .chance = {12345}};
    clerk_move(clerk, 20210625);
    clerk_tell(clerk, MESSAGE_cycle_created, "2021", "2021", &cycle);
    for (uint32_t i = 1; i <= bodies; i++)
        add_body(clerk, i);
}

void clerk_close(struct clerk *clerk)
{
    clerk->service->state_free(clerk->state);
    calendar_free(clerk->calendar);
    roster_free(clerk->roster);
    reply_close(clerk->reply);
}

void clerk_move(struct clerk *clerk, int32_t day)
{
    clerk->now_ms = day_number(day) * DAY_MS;
}

void clerk_wait(struct clerk *clerk, const char *id, uint32_t body, const char *target,
    uint32_t other, const char *through)
{
    char waits[24], acts[24];
    (void)snprintf(waits, sizeof waits, "B%u", body);
    (void)snprintf(acts, sizeof acts, "B%u", other);
    struct dependency_raised raised = {.id = text_of(id),
        .raised = {.blocking_body = text_of(acts),
            .through = text_of(through),
            .type = TEXT_LITERAL("VETTING"),
            .what = TEXT_LITERAL("A vetted text")},
        .body = text_of(waits),
        .norm_days = {10, true},
        .weight = {273, true},
        .on = 20210702 + (int32_t)chance_below(&clerk->chance, 28)};
    raised.raised.targets.head = (struct list_head){1, true};
    raised.raised.targets.at[0] = text_of(target);
    clerk_tell(clerk, MESSAGE_dependency_raised, id, id, &raised);
}

struct request clerk_request(struct clerk *clerk, enum message message, const void *body)
{
    return (struct request){.message = message,
        .actor = {TEXT_LITERAL("p.rime"), TEXT_LITERAL("pm")},
        .office = {.role = ROLE_PM},
        .body = body,
        .now_ms = clerk->now_ms,
        .today = day_of_moment(clerk->now_ms, ZONE),
        .zone = ZONE,
        .calendar = clerk->calendar,
        .roster = clerk->roster};
}

double clerk_ask(struct clerk *clerk, enum message message, const void *body)
{
    const struct request request = clerk_request(clerk, message, body);
    size_t row = 0;
    while (clerk->service->queries[row].message != message)
        row++;
    uint64_t begun_us = clock_mono_us();
    for (int i = 0; i < CLERK_ROUNDS; i++) {
        struct faults why = {0};
        reply_empty(clerk->reply);
        must(clerk->service->queries[row].answer(clerk->state, &request, clerk->reply, &why) == OK);
    }
    return (double)(clock_mono_us() - begun_us) / CLERK_ROUNDS;
}
