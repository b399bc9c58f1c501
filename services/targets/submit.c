/* A draft may have holes, a submission may not: every slot that a reader needs to judge a promise,
 * an explicit answer about dependencies, and a reason where nearly all comes at the end. */
#include "submit.h"

#include "base/must.h"
#include "schema/pack.h"

#include <stdio.h>

#define SUBMIT_WEIGHT (100 * DECIMAL_ONE) /* what the weights sum to, exactly */

static void want(struct faults *why, bool there, const char *member, const char *what)
{
    if (!there)
        faults_add(why, ERR_INVALID, member, "%s is missing", what);
}

static void check_slots(
    const struct target_promise *promise, const struct cycle *cycle, struct faults *why)
{
    want(why, promise->baseline.given, "baseline", "the baseline");
    want(why, promise->baseline_on, "baseline_on", "the day of the baseline");
    want(why, promise->baseline_source.len, "baseline_source", "the source of the baseline");
    want(why, promise->target_value.given, "target_value", "the value that is promised");
    want(why, promise->unit.len, "unit", "the unit");
    want(why, promise->direction != direction_UNSET, "direction", "the direction");
    want(why, promise->source.len, "source", "the source of the data");
    want(why, promise->weight.given, "weight", "the weight");
    if (promise->milestones.head.count < cycle->periods.value)
        faults_add(why, ERR_INVALID, "milestones", "%u of %ld milestones are given",
            promise->milestones.head.count, cycle->periods.value);
    if (!promise->dependencies.head.count && promise->depends_on_nobody != FLAG_YES)
        faults_add(why, ERR_INVALID, "depends_on_nobody",
            "name the dependencies, or say explicitly that it depends on nobody");
}

/* The checker advises, and an answer is enough; but nothing that it noticed is passed over. */
static void check_findings(
    const struct target_promise *promise, const struct check *check, struct faults *why)
{
    uint32_t answered = 0; /* bits 1 << code; also those that were complained of */
    for (uint32_t i = 0; i < promise->answers.head.count; i++)
        answered |= 1u << promise->answers.at[i].code;
    for (uint32_t i = 0; i < check->findings.head.count; i++) {
        const struct check_finding *finding = &check->findings.at[i];
        if (!(answered >> finding->code & 1u))
            faults_add(why, ERR_INVALID, "answers",
                "the finding %s is open: change the statement so that it is gone, or say in "
                "answers "
                "why it stays; it fired on: %.*s",
                choices_word(finding_code_choices(), (int)finding->code), TEXT_ARG(finding->words));
        answered |= 1u << finding->code;
    }
}

void submit_target(const struct agreement_entry *agreement, const struct target_promised *promised,
    enum phasing_flag flag, struct faults *why)
{
    const struct target_promise *promise = &promised->promise;
    struct text id;
    uint32_t served;
    check_slots(promise, &agreement->cycle->facts, why);
    if (flag == PHASING_VERY_LATE)
        faults_add(why, ERR_INVALID, "phasing_reason",
            "nearly all of a year's change comes in its last period: give the reason or the "
            "season");
    if (promise->serves.len &&
        (!model_split_target(promise->serves, &id, &served) || !model_target(agreement, served)))
        faults_add(why, ERR_INVALID, "serves", "there is no target %.*s; it may have been removed",
            TEXT_ARG(promise->serves));
    if (promised->has_check)
        check_findings(promise, &promised->check, why);
}

void submit_weight(int64_t weight, struct faults *why)
{
    char sum[DECIMAL_TEXT_SIZE];
    if (weight != SUBMIT_WEIGHT)
        faults_add(why, ERR_INVALID, "weight", "the weights sum to %s, not to 100",
            decimal_to_text(weight, sum));
}

void submit_check(const struct agreement_entry *agreement, struct faults *why)
{
    if (agreement->target_count == 0) {
        faults_add(why, ERR_INVALID, "targets", "an agreement promises at least one target");
        return;
    }
    for (size_t i = 0; i < agreement->target_count; i++) {
        const struct target_entry *target = &agreement->targets[i];
        struct target_promised promised = {0};
        char id[TARGET_ID_SIZE];
        must(pack_read_trusted(
                 target_promised_record(), kept_packed(target->kept), &promised, why) == OK);
        (void)snprintf(why->prefix, sizeof why->prefix, "targets/%.*s/",
            TEXT_ARG(model_target_id(agreement, target->number, id)));
        submit_target(agreement, &promised, (enum phasing_flag)target->phasing_flag, why);
        why->prefix[0] = '\0';
    }
    submit_weight(agreement->sums.weight, why);
}
