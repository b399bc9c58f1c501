/* Each function looks at one slot or at two that must agree. Slots that are absent break no rule
 * here; a rule about two slots speaks only when both are given. */
#include "promise.h"

#include "base/clock.h"
#include "schema/messages.h"

#include <stdio.h>

/* "milestones/3" and "past/2/on". */
struct member {
    char name[40];
};

static struct member member(const char *list, uint32_t index, const char *inner)
{
    struct member m;
    (void)snprintf(m.name, sizeof m.name, "%s/%u%s", list, index, inner);
    return m;
}

struct figure {
    char text[DECIMAL_TEXT_SIZE];
};

static struct figure figure(int64_t thousandths)
{
    struct figure f = {.text = ""};
    decimal_to_text(thousandths, f.text);
    return f;
}

static const char *direction_of(const struct target_promise *promise)
{
    return choices_word(direction_choices(), (int)promise->direction);
}

/* Whether `value` lies behind `from`, seen along the direction. */
static bool runs_back(enum direction direction, int64_t from, int64_t value)
{
    return (direction == DIRECTION_UP && value < from) ||
           (direction == DIRECTION_DOWN && value > from);
}

static void check_value(const struct target_promise *promise, struct faults *why)
{
    int64_t from = promise->baseline.thousandths, to = promise->target_value.thousandths;
    bool asks = promise->direction == DIRECTION_UP || promise->direction == DIRECTION_DOWN;
    if (!asks || !promise->baseline.given || !promise->target_value.given)
        return;
    if (from == to || runs_back(promise->direction, from, to))
        faults_add(why, ERR_INVALID, "target_value",
            "%s does not lie %s from the baseline %s; change the value or the direction",
            figure(to).text, direction_of(promise), figure(from).text);
}

static void check_milestone(
    const struct target_promise *promise, uint32_t i, const int64_t *before, struct faults *why)
{
    int64_t value = promise->milestones.at[i], to = promise->target_value.thousandths;
    struct member slot = member("milestones", i, "");
    if (before && runs_back(promise->direction, *before, value)) {
        faults_add(why, ERR_INVALID, slot.name,
            "%s runs against the direction %s: before it stands %s", figure(value).text,
            direction_of(promise), figure(*before).text);
        return;
    }
    if (!promise->target_value.given)
        return;
    if (runs_back(promise->direction, value, to))
        faults_add(why, ERR_INVALID, slot.name, "%s goes beyond the target value %s",
            figure(value).text, figure(to).text);
    else if (promise->direction == DIRECTION_KEEP && value != to)
        faults_add(why, ERR_INVALID, slot.name, "%s is not the target value %s that is to be kept",
            figure(value).text, figure(to).text);
}

static void check_milestones(
    const struct target_promise *promise, const struct cycle *cycle, struct faults *why)
{
    uint32_t count = promise->milestones.head.count, periods = (uint32_t)cycle->periods.value;
    const int64_t *before = promise->baseline.given && promise->direction != DIRECTION_KEEP
                                ? &promise->baseline.thousandths
                                : NULL;
    if (count > periods)
        faults_add(why, ERR_INVALID, "milestones",
            "%u milestones are given, and the cycle has %u periods", count, periods);
    for (uint32_t i = 0; i < count; i++) {
        check_milestone(promise, i, before, why);
        before = &promise->milestones.at[i];
    }
    bool reaches = promise->direction == DIRECTION_UP || promise->direction == DIRECTION_DOWN;
    if (before && count == periods && reaches && promise->target_value.given &&
        runs_back(promise->direction, promise->target_value.thousandths, *before))
        faults_add(why, ERR_INVALID, member("milestones", count - 1, "").name,
            "the last milestone is %s and must be the target value %s", figure(*before).text,
            figure(promise->target_value.thousandths).text);
}

static void check_days(
    const struct target_promise *promise, const struct cycle *cycle, struct faults *why)
{
    const struct past_value *past = promise->past.at;
    for (uint32_t i = 0; i < promise->past.head.count; i++) {
        if (i > 0 && past[i].on <= past[i - 1].on)
            faults_add(why, ERR_INVALID, member("past", i, "/on").name,
                "past values stand in the order of their days, each day once");
        if (promise->baseline_on && past[i].on >= promise->baseline_on)
            faults_add(why, ERR_INVALID, member("past", i, "/on").name,
                "a past value lies before the day of the baseline");
    }
    if (promise->target_on &&
        (promise->target_on <= cycle->starts_on || promise->target_on > cycle->ends_on)) {
        char from[DAY_TEXT_SIZE], to[DAY_TEXT_SIZE];
        day_to_text(cycle->starts_on, from);
        day_to_text(cycle->ends_on, to);
        faults_add(why, ERR_INVALID, "target_on",
            "the promised day must lie within the cycle, after %s and not after %s", from, to);
    }
    if (promise->target_on && promise->baseline_on >= promise->target_on)
        faults_add(why, ERR_INVALID, "baseline_on",
            "the day of the baseline must lie before the promised day");
}

static void check_needs(const struct model *model, struct text body,
    const struct target_promise *promise, struct faults *why)
{
    const struct need *needs = promise->dependencies.at;
    for (uint32_t i = 0; i < promise->dependencies.head.count; i++) {
        if (text_equal(needs[i].body, body))
            faults_add(why, ERR_INVALID, member("dependencies", i, "/body").name,
                "a dependency is on another body, not on %.*s itself", TEXT_ARG(body));
        else if (!text_equal(needs[i].body, BODY_EXTERNAL) && !model_body(model, needs[i].body))
            faults_add(why, ERR_INVALID, member("dependencies", i, "/body").name,
                "no body %.*s is registered; give a code of the list of bodies, or EXTERNAL",
                TEXT_ARG(needs[i].body));
        for (uint32_t j = 0; j < i; j++)
            if (text_equal(needs[i].body, needs[j].body) &&
                text_equal(needs[i].what, needs[j].what))
                faults_add(why, ERR_INVALID, member("dependencies", i, "").name,
                    "the same need stands already at place %u", j);
    }
    if (promise->depends_on_nobody == FLAG_YES && promise->dependencies.head.count)
        faults_add(why, ERR_INVALID, "depends_on_nobody",
            "it cannot be true where dependencies are given; leave out one of the two");
}

static void check_serves(const struct agreement_entry *agreement, uint32_t own,
    const struct target_promise *promise, struct faults *why)
{
    struct text id;
    uint32_t served;
    if (!promise->serves.len)
        return;
    if (!model_split_target(promise->serves, &id, &served) || !text_equal(id, agreement->id))
        faults_add(why, ERR_INVALID, "serves", "it names a target of the same agreement, %.*s.<n>",
            TEXT_ARG(agreement->id));
    else if (served == own)
        faults_add(why, ERR_INVALID, "serves", "a target cannot serve itself");
    if (promise->class != CLASS_OUTPUT)
        faults_add(why, ERR_INVALID, "serves",
            "only an output serves another target: give the class output, or leave serves out");
}

static void check_owner(
    const struct model *model, struct text body, struct text owner, struct faults *why)
{
    struct text of = office_read(owner).body;
    if (owner.len && !text_equal(of, body) && !bodies_act_for(model->succession, of, body))
        faults_add(why, ERR_INVALID, "owner",
            "the owner is an office of %.*s: focal.%.*s, secretary.%.*s or minister.%.*s",
            TEXT_ARG(body), TEXT_ARG(body), TEXT_ARG(body), TEXT_ARG(body));
}

void promise_check(const struct model *model, const struct agreement_entry *agreement, uint32_t own,
    const struct target_promise *promise, struct faults *why)
{
    const struct cycle *cycle = &agreement->cycle->facts;
    check_value(promise, why);
    check_milestones(promise, cycle, why);
    check_days(promise, cycle, why);
    check_needs(model, agreement->facts.body, promise, why);
    check_serves(agreement, own, promise, why);
    check_owner(model, agreement->facts.body, promise->owner, why);
}
