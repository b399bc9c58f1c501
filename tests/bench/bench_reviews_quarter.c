/* What a quarter costs at the design point and at ten times it: the PM's page, one report with its
 * rank, a page of its results, and deciding a report of 366 lines. Prints "<what> <targets>
 * <microseconds>" a line.
 * usage: bench_reviews_quarter */
#include "bench/clerk.h"
#include "table.h"

#include "base/clock.h"
#include "base/decimal.h"
#include "base/must.h"
#include "service/decision.h"

#include <stdio.h>

static void add_needs(struct clerk *clerk, uint32_t bodies, uint32_t count)
{
    for (uint32_t n = 1; n <= count; n++) {
        char id[40], target[40];
        uint32_t from = 1 + chance_below(&clerk->chance, bodies);
        (void)snprintf(id, sizeof id, "B%u-2021.d%u", from, n);
        (void)snprintf(target, sizeof target, "B%u-2021.%u", from,
            1 + chance_below(&clerk->chance, CLERK_TARGETS));
        clerk_wait(clerk, id, from, target, 1 + from % bodies, NULL);
    }
}

static void report(struct clerk *clerk, uint32_t number)
{
    char agreement[40], id[40], target[40];
    (void)snprintf(agreement, sizeof agreement, "B%u-2021", number);
    (void)snprintf(id, sizeof id, "B%u-2021.q1", number);
    const struct report_begun begun = {
        .id = text_of(id), .agreement = text_of(agreement), .period = {1, true}};
    const struct report_certify certify = {.report = text_of(id)};
    clerk_tell(clerk, MESSAGE_report_begun, id, id, &begun);
    for (unsigned n = 1; n <= CLERK_TARGETS; n++) {
        (void)snprintf(target, sizeof target, "B%u-2021.%u", number, n);
        const struct reported reported = {.report = begun.id,
            .line = {.target = text_of(target),
                .value = {19 * DECIMAL_ONE + (int64_t)chance_below(&clerk->chance, 1000), true},
                .own_word = STATUS_ON_TRACK}};
        clerk_tell(clerk, MESSAGE_target_reported, id, target, &reported);
    }
    clerk_tell(clerk, MESSAGE_report_certified, id, id, &certify);
}

/* The frames of a report of the first body with a line for every target. */
static void write_rows(struct text rows[CLERK_TARGETS])
{
    static struct buf bytes = {.max = 1u << 22};
    static size_t ends[CLERK_TARGETS + 1];
    buf_clear(&bytes);
    for (unsigned n = 1; n <= CLERK_TARGETS; n++) {
        char target[40];
        (void)snprintf(target, sizeof target, "B1-2021.%u", n);
        const struct report_line line = {.target = text_of(target),
            .value = {18 * DECIMAL_ONE, true},
            .own_word = STATUS_ON_TRACK};
        pack_write(report_line_record(), &line, &bytes);
        ends[n] = bytes.len;
    }
    for (size_t i = 0; i < CLERK_TARGETS; i++)
        rows[i] = (struct text){bytes.at + ends[i], ends[i + 1] - ends[i]};
}

static double file(struct clerk *clerk)
{
    static struct text rows[CLERK_TARGETS];
    const struct report_file body = {.agreement = TEXT_LITERAL("B1-2021"), .period = {2, true}};
    struct request request = clerk_request(clerk, MESSAGE_report_file, &body);
    struct decision *decision = decision_new();
    const struct service *service = clerk->service;
    size_t row = 0;
    write_rows(rows);
    request.office = office_read(TEXT_LITERAL("focal.B1"));
    request.actor = (struct actor){TEXT_LITERAL("a.b"), TEXT_LITERAL("focal.B1")};
    request.rows = rows;
    request.row_count = CLERK_TARGETS;
    while (service->commands[row].message != MESSAGE_report_file)
        row++;
    uint64_t begun_us = clock_mono_us();
    for (int i = 0; i < CLERK_ROUNDS; i++) {
        struct faults why = {0};
        decision_clear(decision);
        must(service->commands[row].decide(clerk->state, &request, decision, &why) == OK);
    }
    double took_us = (double)(clock_mono_us() - begun_us) / CLERK_ROUNDS;
    decision_free(decision);
    return took_us;
}

static void measure(uint32_t bodies, uint32_t needs)
{
    struct clerk clerk;
    const struct summary_one page = {.quarter = TEXT_LITERAL("2021.q1")};
    const struct report_one one = {.report = TEXT_LITERAL("B1-2021.q1")};
    const struct result_list results = {.report = TEXT_LITERAL("B1-2021.q1"), .limit = {50, true}};
    uint32_t targets = bodies * CLERK_TARGETS;
    clerk_open(&clerk, table_service(), bodies);
    add_needs(&clerk, bodies, needs);
    clerk_move(&clerk, 20211004);
    for (uint32_t i = 1; i <= bodies; i++)
        report(&clerk, i);
    clerk_move(&clerk, 20220103);
    (void)printf("page %u %.1f\n", targets, clerk_ask(&clerk, MESSAGE_summary_get, &page));
    (void)printf("report %u %.1f\n", targets, clerk_ask(&clerk, MESSAGE_report_get, &one));
    (void)printf("results %u %.1f\n", targets, clerk_ask(&clerk, MESSAGE_result_list, &results));
    (void)printf("file %u %.1f\n", targets, file(&clerk));
    clerk_close(&clerk);
}

int main(void)
{
    measure(41, 5000);
    measure(410, 50000);
    return 0;
}
