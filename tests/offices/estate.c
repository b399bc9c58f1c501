#include "offices/estate.h"

#include "support/cycle.h"

#define PACT ESTATE_PACT

void estate_cycle(struct house *house)
{
    struct cycle cycle = cycle_of_two_years("2021", 20230701, 20250630);
    house_feed(house, MESSAGE_cycle_created, "2021", "2021", &cycle);
}

void estate_report(struct house *house)
{
    struct report_begun begun = {
        .id = TEXT_LITERAL(PACT ".q1"), .agreement = TEXT_LITERAL(PACT), .period = {1, true}};
    struct reported line = {.report = begun.id,
        .line = {.target = TEXT_LITERAL(PACT ".1"),
            .value = {17500, true},
            .own_word = STATUS_ON_TRACK}};
    struct report_certify certify = {.report = begun.id};
    struct report_grade grade = {.target = line.line.target,
        .period = {1, true},
        .grade = GRADE_E3,
        .reason = TEXT_LITERAL("seen")};
    house_feed(house, MESSAGE_report_begun, PACT ".q1", PACT ".q1", &begun);
    house_feed(house, MESSAGE_target_reported, PACT ".q1", PACT ".1", &line);
    line.line.value.thousandths = 17000; /* corrected */
    house_feed(house, MESSAGE_target_reported, PACT ".q1", PACT ".1", &line);
    house_feed(house, MESSAGE_report_certified, PACT ".q1", PACT ".q1", &certify);
    house_feed(house, MESSAGE_report_graded, PACT ".q1", PACT ".1", &grade);
}

static void ask(struct house *house, const char *id, const char *waits, const char *acts)
{
    const struct dependency_raise raise = {.blocking_body = text_of(acts),
        .type = TEXT_LITERAL("VETTING"),
        .what = TEXT_LITERAL("vetted text")};
    const struct dependency_raised raised = {.id = text_of(id),
        .raised = raise,
        .body = text_of(waits),
        .norm_days = {10, true},
        .weight = {40000, true},
        .on = 20231101};
    house_feed(house, MESSAGE_dependency_raised, id, id, &raised);
}

static void promise(struct house *house, const char *id, int32_t day)
{
    const struct dependency_promise promise = {
        .dependency = text_of(id), .promised = day, .on = 20231102};
    house_feed(house, MESSAGE_dependency_promised, id, id, &promise);
}

void estate_grant(struct house *house, const char *id, int32_t day)
{
    const struct dependency_act act = {.dependency = text_of(id), .on = day};
    house_feed(house, MESSAGE_dependency_granted, id, id, &act);
}

void estate_request(
    struct house *house, const char *id, const char *waits, const char *acts, bool granted)
{
    ask(house, id, waits, acts);
    promise(house, id, 20231110);
    if (granted)
        estate_grant(house, id, 20231113);
}

void estate_promise(struct house *house, const char *id, int32_t day)
{
    ask(house, id, "EDU", "PWR");
    promise(house, id, day);
}

void estate_centre(struct house *house)
{
    struct action_opened action = {.id = TEXT_LITERAL("action-1"),
        .opened = {.what = TEXT_LITERAL("read the meters"),
            .owner = TEXT_LITERAL("secretary.PWR"),
            .verifier = TEXT_LITERAL("secretary.EDU"),
            .due = 20231201}};
    struct idea_proposed idea = {.id = TEXT_LITERAL("idea-1"),
        .proposal = {.title = TEXT_LITERAL("solar pumps"),
            .text = TEXT_LITERAL("t"),
            .body = TEXT_LITERAL("PWR")}};
    struct order_logged order = {.id = TEXT_LITERAL("order-1"),
        .order = {.body = TEXT_LITERAL("PWR"),
            .from = TEXT_LITERAL("x"),
            .text = TEXT_LITERAL("light the avenue")},
        .on = 20231105};
    house_feed(house, MESSAGE_action_opened, "action-1", "action-1", &action);
    house_feed(house, MESSAGE_idea_proposed, "idea-1", "idea-1", &idea);
    house_feed(house, MESSAGE_order_logged, "order-1", "order-1", &order);
}
