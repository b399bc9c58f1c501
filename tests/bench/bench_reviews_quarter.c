/* What a quarter costs at the design point and at ten times it: the PM's page, one report with its
 * rank, a page of its results, and deciding a report of 366 lines. Prints "<what> <targets>
 * <microseconds>" a line.
 * usage: bench_reviews_quarter */
#include "table.h"

#include "base/clock.h"
#include "base/decimal.h"
#include "base/must.h"
#include "schema/pack.h"
#include "service/decision.h"
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
    struct decision *decision;
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

static void add_cycle(struct lab *lab)
{
    struct cycle cycle = {.id = TEXT_LITERAL("2021"),
        .title = TEXT_LITERAL("t"),
        .starts_on = 20210701,
        .ends_on = 20230630,
        .periods = {8, true},
        .periods_a_year = {4, true},
        .report_days = {10, true},
        .certify_days = {12, true},
        .scores_days = {30, true},
        .release_days = {45, true},
        .decisions_days = {42, true}};
    tell(lab, MESSAGE_cycle_created, "2021", "2021", &cycle);
}

static void add_targets(struct lab *lab, const char *agreement)
{
    struct target_promised promised = {
        .promise = {.statement = TEXT_LITERAL("Cut the losses of distribution from 20% to 12%"),
            .class = CLASS_OUTCOME,
            .unit = TEXT_LITERAL("%"),
            .direction = DIRECTION_DOWN,
            .baseline = {20000, true},
            .weight = {273, true}}};
    promised.promise.milestones.head = (struct list_head){8, true};
    for (int i = 0; i < 8; i++)
        promised.promise.milestones.at[i] = 19000 - 1000 * i;
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
    char id[24], agreement[40], office[40];
    (void)snprintf(id, sizeof id, "B%u", number);
    (void)snprintf(agreement, sizeof agreement, "%s-2021", id);
    (void)snprintf(office, sizeof office, "secretary.%s", id);
    const struct body body = {.id = text_of(id),
        .name = text_of(id),
        .kind = TEXT_LITERAL("division"),
        .peers = number % 2 ? TEXT_LITERAL("economy") : TEXT_LITERAL("social"),
        .valid_from = 20010101};
    const struct agreement_opened opened = {
        .id = text_of(agreement), .opened = {.body = body.id, .cycle = TEXT_LITERAL("2021")}};
    const struct office_new post = {.id = text_of(office), .title = text_of(office)};
    tell(lab, MESSAGE_body_registered, id, id, &body);
    tell(lab, MESSAGE_office_created, office, office, &post);
    tell(lab, MESSAGE_agreement_opened, agreement, agreement, &opened);
    add_targets(lab, agreement);
    for (size_t i = 0; i < sizeof way / sizeof *way; i++)
        tell(lab, way[i], agreement, agreement, NULL);
}

/* A request of one body to another, open ever since. */
static void add_need(struct lab *lab, struct chance *chance, uint32_t number)
{
    char id[40], target[40], body[24], other[24];
    uint32_t from = 1 + chance_below(chance, lab->bodies);
    (void)snprintf(body, sizeof body, "B%u", from);
    (void)snprintf(other, sizeof other, "B%u", 1 + from % lab->bodies);
    (void)snprintf(id, sizeof id, "%s-2021.d%u", body, number);
    (void)snprintf(
        target, sizeof target, "%s-2021.%u", body, 1 + chance_below(chance, BODIES_EACH));
    struct dependency_raised raised = {.id = text_of(id),
        .raised = {.blocking_body = text_of(other),
            .type = TEXT_LITERAL("VETTING"),
            .what = TEXT_LITERAL("A vetted text")},
        .body = text_of(body),
        .norm_days = {10, true},
        .weight = {273, true},
        .on = 20210702 + (int32_t)chance_below(chance, 28)};
    raised.raised.targets.head = (struct list_head){1, true};
    raised.raised.targets.at[0] = text_of(target);
    tell(lab, MESSAGE_dependency_raised, id, id, &raised);
}

static void report(struct lab *lab, struct chance *chance, uint32_t number)
{
    char agreement[40], id[40], target[40];
    (void)snprintf(agreement, sizeof agreement, "B%u-2021", number);
    (void)snprintf(id, sizeof id, "B%u-2021.q1", number);
    const struct report_begun begun = {
        .id = text_of(id), .agreement = text_of(agreement), .period = {1, true}};
    const struct report_certify certify = {.report = text_of(id)};
    tell(lab, MESSAGE_report_begun, id, id, &begun);
    for (unsigned n = 1; n <= BODIES_EACH; n++) {
        (void)snprintf(target, sizeof target, "B%u-2021.%u", number, n);
        const struct reported reported = {.report = begun.id,
            .line = {.target = text_of(target),
                .value = {19000 + (int64_t)chance_below(chance, 1000), true},
                .own_word = STATUS_ON_TRACK}};
        tell(lab, MESSAGE_target_reported, id, target, &reported);
    }
    tell(lab, MESSAGE_report_certified, id, id, &certify);
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

/* Of deciding a report with a line for every target, from the frames on. */
static double file(struct lab *lab)
{
    static struct buf bytes = {.max = 1u << 22};
    static struct text rows[BODIES_EACH];
    static size_t ends[BODIES_EACH + 1];
    const struct report_file body = {.agreement = TEXT_LITERAL("B1-2021"), .period = {2, true}};
    struct request request = request_of(lab, MESSAGE_report_file, &body);
    buf_clear(&bytes);
    request.office = office_read(TEXT_LITERAL("focal.B1"));
    request.actor = (struct actor){TEXT_LITERAL("a.b"), TEXT_LITERAL("focal.B1")};
    for (unsigned n = 1; n <= BODIES_EACH; n++) {
        char target[40];
        (void)snprintf(target, sizeof target, "B1-2021.%u", n);
        const struct report_line line = {
            .target = text_of(target), .value = {18000, true}, .own_word = STATUS_ON_TRACK};
        pack_write(report_line_record(), &line, &bytes);
        ends[n] = bytes.len;
    }
    for (size_t i = 0; i < BODIES_EACH; i++)
        rows[i] = (struct text){bytes.at + ends[i], ends[i + 1] - ends[i]};
    request.rows = rows;
    request.row_count = BODIES_EACH;
    size_t row = 0;
    while (lab->service->commands[row].message != MESSAGE_report_file)
        row++;
    uint64_t begun_us = clock_mono_us();
    for (int i = 0; i < ROUNDS; i++) {
        struct faults why = {0};
        decision_clear(lab->decision);
        must(lab->service->commands[row].decide(lab->state, &request, lab->decision, &why) == OK);
    }
    return (double)(clock_mono_us() - begun_us) / ROUNDS;
}

static void measure(uint32_t bodies, uint32_t needs)
{
    struct chance chance = {12345};
    struct lab lab = {.service = table_service(), .bodies = bodies, .needs = needs};
    const struct summary_one page = {.quarter = TEXT_LITERAL("2021.q1")};
    const struct report_one one = {.report = TEXT_LITERAL("B1-2021.q1")};
    const struct result_list results = {.report = TEXT_LITERAL("B1-2021.q1"), .limit = {50, true}};
    lab.state = lab.service->state_new();
    lab.calendar = calendar_new();
    lab.roster = roster_new();
    lab.decision = decision_new();
    lab.reply = reply_open();
    lab.now_ms = day_number(20210625) * DAY_MS;
    add_cycle(&lab);
    for (uint32_t i = 1; i <= bodies; i++)
        add_body(&lab, i);
    for (uint32_t i = 1; i <= needs; i++)
        add_need(&lab, &chance, i);
    lab.now_ms = day_number(20211004) * DAY_MS;
    for (uint32_t i = 1; i <= bodies; i++)
        report(&lab, &chance, i);
    lab.now_ms = day_number(20220103) * DAY_MS;
    uint32_t targets = bodies * BODIES_EACH;
    (void)printf("page %u %.1f\n", targets, ask(&lab, MESSAGE_summary_get, &page));
    (void)printf("report %u %.1f\n", targets, ask(&lab, MESSAGE_report_get, &one));
    (void)printf("results %u %.1f\n", targets, ask(&lab, MESSAGE_result_list, &results));
    (void)printf("file %u %.1f\n", targets, file(&lab));
    lab.service->state_free(lab.state);
    calendar_free(lab.calendar);
    roster_free(lab.roster);
    decision_free(lab.decision);
    reply_close(lab.reply);
}

int main(void)
{
    measure(41, 5000);
    measure(410, 50000);
    return 0;
}
