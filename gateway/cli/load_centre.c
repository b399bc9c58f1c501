/* What the centre of the sample government does in a quarter, once for all bodies. */
#include "life.h"

#include "load_people.h"
#include "load_road.h"
#include "sample.h"
#include "sample_people.h"
#include "sample_tables.h"

#include <inttypes.h>
#include <stdio.h>

#define RETURNED  "AVN" /* its draft is sent back */
#define DECISIONS 2     /* taken from each page */
#define RESHUFFLE "COM" /* gets the minister of another body as well */

bool life_order(struct life *life)
{
    char what[LIFE_KEY];
    struct seat seat;
    const struct order_log order = {.body = life->body,
        .from = TEXT_LITERAL("A minister of state (invented)"),
        .text = TEXT_LITERAL("Stage an exhibition within a month (invented)")};
    struct dice dice = life_dice(life, "order");
    if (!dice_percent(&dice, 50))
        return true;
    (void)snprintf(what, sizeof what, "order-%.*s-%d", TEXT_ARG(life->body), life->quarter);
    return load_people_seat(life->desk, "focal", life->body, &seat) &&
           life_post(life, &seat, "/v1/orders", what, NULL, order_log_record(), &order, NULL);
}

/* Each of the first three waits, through its first target, on the next one's. */
static bool wait_for_next(struct life *life, size_t index)
{
    char from[ID_MAX + 1], through[ID_MAX + 1], what[LIFE_KEY];
    const char *body = load_road_body(index), *next = load_road_body((index + 1) % 3);
    struct seat seat;
    (void)snprintf(from, sizeof from, "%s-" SAMPLE_CYCLE ".1", body);
    (void)snprintf(through, sizeof through, "%s-" SAMPLE_CYCLE ".1", next);
    (void)snprintf(what, sizeof what, "circle-%s", body);
    struct dependency_raise raise = {.blocking_body = text_of(next),
        .through = text_of(through),
        .type = sample_tables()->norms[0].type,
        .what = TEXT_LITERAL("Figures that the other has to give first (sample, invented)")};
    raise.targets.head = (struct list_head){1, true};
    raise.targets.at[0] = text_of(from);
    return load_people_seat(life->desk, "focal", text_of(body), &seat) &&
           life_post(life, &seat, "/v1/dependencies", what, NULL, dependency_raise_record(), &raise,
               NULL);
}

/* After every other request, whose numbers are counted. */
bool life_circle(struct life *life)
{
    bool fine = true;
    if (life->quarter != LIFE_QUARTERS || !life_is_first(life))
        return true;
    for (size_t i = 0; fine && i < 3; i++)
        fine = wait_for_next(life, i);
    return fine;
}

/* ---- the PM ---- */

bool life_decide(struct life *life)
{
    JSON_CLEANUP struct json_document document = {0};
    static struct summary page;
    struct seat pm;
    char path[LIFE_PATH], what[LIFE_KEY];
    if (!life_is_first(life))
        return true;
    (void)snprintf(path, sizeof path, "/v1/summary/" SAMPLE_CYCLE ".q%d", life->quarter);
    const struct call call = {.method = "GET", .path = path};
    if (!load_people_seat(life->desk, "pm", (struct text){0}, &pm) ||
        !desk_read(life->desk, &pm, call, summary_record(), &document, &page))
        return false;
    (void)snprintf(path, sizeof path, "/v1/summary/" SAMPLE_CYCLE ".q%d/decide", life->quarter);
    for (uint32_t i = 0; i < page.decisions.head.count && i < DECISIONS; i++) {
        const struct summary_decide decide = {.decision = page.decisions.at[i].decision};
        if (page.decisions.at[i].action.len)
            continue;
        (void)snprintf(
            what, sizeof what, "decide-%d-%.*s", life->quarter, TEXT_ARG(decide.decision));
        if (!life_post(life, &pm, path, what, NULL, summary_decide_record(), &decide, NULL))
            return false;
    }
    return true;
}

static bool say(struct life *life, const struct seat *seat, const char *action, const char *act,
    uint64_t version)
{
    char path[LIFE_PATH], what[LIFE_KEY], tag[32];
    const struct action_say word = {.remark = LIFE_INVENTED};
    (void)snprintf(path, sizeof path, "/v1/actions/%s/%s", action, act);
    (void)snprintf(what, sizeof what, "%s-%s", action, act);
    (void)snprintf(tag, sizeof tag, "\"%" PRIu64 "\"", version);
    return life_post(life, seat, path, what, tag, action_say_record(), &word, NULL);
}

/* The first decision is carried out and verified, the others go on and become overdue. */
bool life_close(struct life *life)
{
    JSON_CLEANUP struct json_document document = {0};
    static struct action_view action;
    struct seat owner;
    const struct call call = {.method = "GET", .path = "/v1/actions/action-1"};
    if (life->quarter != 1 || !life_is_first(life))
        return true;
    if (!desk_read(life->desk, &life->unit, call, action_view_record(), &document, &action))
        return false;
    struct text body, role = text_cut(action.action.opened.owner, '.', &body);
    char word[ID_MAX + 1];
    (void)snprintf(word, sizeof word, "%.*s", TEXT_ARG(role));
    if (action.state == ACTION_VERIFIED)
        return true;
    return load_people_seat(life->desk, word, body, &owner) &&
           say(life, &owner, "action-1", "finish", 1) &&
           say(life, &life->unit, "action-1", "verify", 2);
}

/* ---- a returned draft, and a reshuffle ---- */

bool life_return(struct life *life)
{
    JSON_CLEANUP struct json_document document = {0};
    static struct agreement agreement;
    struct seat member;
    char tag[32];
    const struct ruling_make ruling = {.verdict = VERDICT_RETURN,
        .class = CLASS_PROCESS,
        .reason = TEXT_LITERAL("For whom does this change anything? (sample, invented)")};
    const struct agreement_judge judge = {
        .reason = TEXT_LITERAL("The first line promises work, not a result (sample, invented)")};
    const struct call call = {.method = "GET", .path = "/v1/agreements/" RETURNED "-" SAMPLE_CYCLE};
    if (life->quarter != 1 || !life_is_first(life))
        return true;
    if (!load_people_seat(life->desk, "committee.1", (struct text){0}, &member) ||
        !life_post(life, &member, "/v1/targets/" RETURNED "-" SAMPLE_CYCLE ".1/rule",
            "rule-" RETURNED, NULL, ruling_make_record(), &ruling, NULL) ||
        !desk_read(life->desk, &member, call, agreement_record(), &document, &agreement))
        return false;
    if (agreement.state != STATE_SUBMITTED)
        return true;
    (void)snprintf(tag, sizeof tag, "\"%" PRId64 "\"", agreement.version.value);
    return life_post(life, &member, "/v1/agreements/" RETURNED "-" SAMPLE_CYCLE "/return",
        "return-" RETURNED, tag, agreement_judge_record(), &judge, NULL);
}

bool life_reshuffle(struct life *life)
{
    char person[ID_MAX + 1], path[LIFE_PATH];
    struct seat keepers[2];
    struct desk_receipt posting;
    if (life->quarter != LIFE_QUARTERS || !life_is_first(life))
        return true;
    sample_person_id("minister", TEXT_LITERAL(RETURNED), person);
    const struct posting_propose propose = {.office = TEXT_LITERAL("minister." RESHUFFLE),
        .person = text_of(person),
        .order = TEXT_LITERAL("Sample 1/2022 (invented)")};
    if (!load_people_seat(life->desk, "administrator.1", (struct text){0}, &keepers[0]) ||
        !load_people_seat(life->desk, "administrator.2", (struct text){0}, &keepers[1]) ||
        !life_post(life, &keepers[0], "/v1/postings", "reshuffle", NULL, posting_propose_record(),
            &propose, &posting))
        return false;
    (void)snprintf(path, sizeof path, "/v1/postings/%s/confirm", posting.id);
    return life_post(life, &keepers[1], path, "reshuffle-confirm", NULL, NULL, NULL, NULL);
}
