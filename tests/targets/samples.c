/* Invented promises. */
#include "targets/samples.h"

#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>

#define DECIMAL_OF(units) ((struct decimal){(units)*DECIMAL_ONE, true})

struct cycle samples_cycle(void)
{
    return (struct cycle){
        .id = TEXT_LITERAL("2021"),
        .title = TEXT_LITERAL("2021 to 2023 (invented)"),
        .starts_on = 20210701,
        .ends_on = 20230630,
        .periods = {8, true},
        .periods_a_year = {4, true},
        .amendment_most = DECIMAL_OF(10),
        .late_centroid = DECIMAL_OF(3),
        .late_share = DECIMAL_OF(40),
        .very_late_share = DECIMAL_OF(60),
    };
}

void samples_milestones(struct target_promise *promise, uint32_t count, const int *units)
{
    promise->milestones.head = (struct list_head){count, true};
    for (uint32_t i = 0; i < count; i++)
        promise->milestones.at[i] = units[i] * DECIMAL_ONE;
}

struct target_promise samples_promise(void)
{
    static const int even[] = {112, 125, 137, 150, 162, 175, 187, 200};
    struct target_promise promise = {
        .statement = TEXT_LITERAL("Raise supply to rural households "
                                  "from 100 to 200 hours a month by June 2023"),
        .class = CLASS_OUTCOME,
        .beneficiary = TEXT_LITERAL("rural households"),
        .measure = TEXT_LITERAL("hours of supply a month"),
        .unit = TEXT_LITERAL("hours"),
        .direction = DIRECTION_UP,
        .baseline = DECIMAL_OF(100),
        .baseline_on = 20210630,
        .baseline_source = TEXT_LITERAL("feeder log 2021"),
        .target_value = DECIMAL_OF(200),
        .target_on = 20230630,
        .place = TEXT_LITERAL("all districts"),
        .source = TEXT_LITERAL("regulator's feeder log"),
        .source_kind = SOURCE_INDEPENDENT,
        .frequency = FREQUENCY_MONTHLY,
        .weight = DECIMAL_OF(100),
        .owner = TEXT_LITERAL("secretary.PWR"),
        .depends_on_nobody = FLAG_YES,
        .note = TEXT_LITERAL("invented"),
    };
    samples_milestones(&promise, 8, even);
    return promise;
}

struct body samples_body(const char *id)
{
    return (struct body){.id = text_of(id),
        .name = text_of(id),
        .kind = TEXT_LITERAL("division (invented)"),
        .valid_from = 20010101};
}

void samples_government(struct world *world)
{
    static const char *const codes[] = {"FIN", "PWR", "WAT"};
    struct cycle cycle = samples_cycle();
    struct government_found found = {.has_first = false};
    world_happen(world, MESSAGE_government_founded, "government", "government", &found);
    must(world_do(world, "administrator", MESSAGE_cycle_create, &cycle, 0) == OK);
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        struct body body = samples_body(codes[i]);
        struct agreement_open open = {.body = body.id, .cycle = cycle.id};
        must(world_do(world, "administrator", MESSAGE_body_register, &body, 0) == OK);
        must(world_do(world, "secretariat", MESSAGE_agreement_open, &open, 0) == OK);
    }
}

void samples_draft(struct world *world, const char *agreement, const struct target_promise *promise)
{
    struct target_draft draft = {.agreement = text_of(agreement), .promise = *promise};
    char office[16];
    (void)snprintf(office, sizeof office, "focal.%.3s", agreement);
    enum err err = world_do(world, office, MESSAGE_target_draft, &draft, 0);
    world_print(world);
    must(err == OK);
}

#define PWR   "PWR-2021"
#define FIRST "PWR-2021.1"

static struct ruling some_ruling(void)
{
    return (struct ruling){
        .made = {.target = TEXT_LITERAL(FIRST), .verdict = VERDICT_ACCEPT, .class = CLASS_OUTCOME},
        .statement = TEXT_LITERAL("Halve the losses")};
}

static const char *try_target(struct world *world, enum message event)
{
    bool drafts = event == MESSAGE_target_drafted;
    const char *id = drafts ? PWR ".99" : FIRST;
    struct target_promised promised = {.id = text_of(id), .promise = samples_promise()};
    return world_try(world, event, PWR, id, &promised);
}

static const char *try_change(struct world *world)
{
    struct amendment_changed changed = {.amendment = TEXT_LITERAL(PWR ".a1")};
    changed.change.target = TEXT_LITERAL(FIRST);
    changed.change.promise = samples_promise();
    changed.change.promise.statement = TEXT_LITERAL("What an amendment says");
    changed.change.promise.weight.thousandths = 99 * DECIMAL_ONE;
    return world_try(world, MESSAGE_amendment_changed, PWR, FIRST, &changed);
}

const char *samples_try(struct world *world, enum message event)
{
    struct agreement_opened opened = {
        .id = TEXT_LITERAL(PWR), .opened = {TEXT_LITERAL("PWR"), TEXT_LITERAL("2021"), {0}}};
    struct target_one gone = {.target = TEXT_LITERAL(FIRST)};
    struct agreement_reorder order = {.agreement = opened.id};
    struct ruling ruling = some_ruling();
    struct amendment_proposed proposed = {.id = TEXT_LITERAL(PWR ".a1"),
        .proposal = {opened.id, TEXT_LITERAL("the river changed")},
        .changes = {1, true},
        .weight = DECIMAL_OF(1)};
    struct agreement_submit act = {.agreement = opened.id};
    struct agreement_judge judged = {.agreement = opened.id};
    struct document_frozen frozen = {.agreement = opened.id};
    struct document_part part = {.document = TEXT_LITERAL(PWR ".d1")};
    struct signature signature = {.agreement = opened.id};
    struct thread_opened thread = {.id = TEXT_LITERAL(PWR ".f1")};
    struct thread_say word = {.thread = thread.id};
    struct thread_close close = {.thread = thread.id};
    const struct {
        const struct record *record;
        const void *value;
        const char *about;
    } rows[] = {{agreement_opened_record(), &opened, PWR}, {target_one_record(), &gone, FIRST},
        {agreement_reorder_record(), &order, PWR}, {ruling_record(), &ruling, FIRST},
        {amendment_proposed_record(), &proposed, PWR}, {agreement_submit_record(), &act, PWR},
        {agreement_judge_record(), &judged, PWR}, {document_frozen_record(), &frozen, PWR},
        {document_part_record(), &part, PWR}, {signature_record(), &signature, PWR},
        {thread_opened_record(), &thread, PWR}, {thread_say_record(), &word, PWR},
        {thread_close_record(), &close, PWR}};
    order.order.head = (struct list_head){1, true};
    order.order.at[0] = gone.target;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].record == message_row(event)->carries())
            return world_try(world, event, PWR, rows[i].about, rows[i].value);
    return event == MESSAGE_amendment_changed ? try_change(world) : try_target(world, event);
}

void samples_reach(struct world *world, enum agreement_state state)
{
    static const struct {
        enum agreement_state before, after; /* the step that leads there */
        enum message event;
    } ways[] = {
        {STATE_DRAFT, STATE_SUBMITTED, MESSAGE_agreement_submitted},
        {STATE_SUBMITTED, STATE_RETURNED, MESSAGE_agreement_returned},
        {STATE_SUBMITTED, STATE_ACCEPTED, MESSAGE_agreement_accepted},
        {STATE_ACCEPTED, STATE_AT_PMO, MESSAGE_agreement_forwarded},
        {STATE_AT_PMO, STATE_READY, MESSAGE_agreement_frozen},
        {STATE_READY, STATE_SIGNED_MINISTER, MESSAGE_agreement_minister_signed},
        {STATE_SIGNED_MINISTER, STATE_IN_FORCE, MESSAGE_agreement_pm_signed},
        {STATE_IN_FORCE, STATE_AMENDING, MESSAGE_amendment_proposed},
        {STATE_IN_FORCE, STATE_CLOSED, MESSAGE_agreement_closed},
        {STATE_DRAFT, STATE_LAPSED, MESSAGE_agreement_lapsed},
    };
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        if (ways[i].after != state)
            continue;
        samples_reach(world, ways[i].before);
        must(!samples_try(world, ways[i].event));
        if (state == STATE_AMENDING)
            must(!samples_try(world, MESSAGE_amendment_changed));
    }
}

void samples_rule(struct world *world, enum verdict verdict, enum target_class class)
{
    struct ruling ruling = some_ruling();
    ruling.made.verdict = verdict;
    ruling.made.class = class;
    world_happen(world, MESSAGE_target_ruled, PWR, FIRST, &ruling);
}

uint64_t samples_version(struct world *world, const char *agreement)
{
    struct agreement_one one = {.agreement = text_of(agreement)};
    must(world_ask(world, "auditor", MESSAGE_agreement_get, &one) == OK);
    return (uint64_t)world_head(world).version.value;
}

uint64_t samples_target_version(struct world *world, const char *target)
{
    struct target_one one = {.target = text_of(target)};
    must(world_ask(world, "auditor", MESSAGE_target_get, &one) == OK);
    return (uint64_t)world_head(world).version.value;
}

struct world *samples_world(const struct service *service)
{
    struct world *world = malloc(sizeof *world);
    must(world);
    world_open(world, service);
    samples_government(world);
    return world;
}

int samples_close(void **state)
{
    world_close(*state);
    free(*state);
    return 0;
}
