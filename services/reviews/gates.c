/* Shares are compared by multiplying out, never by dividing: 60% of the weight is exactly that. */
#include "gates.h"

#include <stdio.h>

#define WHOLE_SHARE (100 * DECIMAL_ONE) /* 100 percent */

struct counting {
    const struct model *model;
    const struct agreement_entry *agreement;
    struct gates *gates;
    int64_t weight;
    struct faults *why;
};

/* An enabler is worth what it enables: that must be an accepted outcome by now. */
static bool enables(const struct counting *counting, const struct ruling_entry *ruling)
{
    struct agreement_entry *agreement = NULL;
    const struct target_entry *served =
        model_target_of(counting->model, ruling->facts.made.serves, &agreement);
    const struct ruling_entry *its = served ? model_standing(counting->model, served) : NULL;
    return its && its->facts.made.verdict == VERDICT_ACCEPT &&
           its->facts.made.class == CLASS_OUTCOME;
}

static void count_weight(struct gates *gates, enum target_class class, int64_t weight)
{
    struct decimal *sum = class == CLASS_OUTCOME  ? &gates->outcome_weight
                          : class == CLASS_OUTPUT ? &gates->output_weight
                                                  : &gates->process_weight;
    sum->thousandths += weight;
}

static void count_target(struct counting *counting, const struct target_entry *target)
{
    char id[TARGET_ID_SIZE], member[sizeof id + 8];
    const struct ruling_entry *ruling = model_standing(counting->model, target);
    (void)model_target_id(counting->agreement, target->number, id);
    (void)snprintf(member, sizeof member, "targets/%s", id);
    counting->weight += target->weight;
    if (!ruling) {
        faults_add(counting->why, ERR_INVALID, member, "%s has no ruling on its present text", id);
        return;
    }
    counting->gates->ruled.value++;
    if (ruling->facts.made.verdict == VERDICT_RETURN) {
        counting->gates->returned.value++;
        faults_add(counting->why, ERR_INVALID, member,
            "%s is returned: the ministry has to change it, or a new ruling to accept it", id);
        return;
    }
    count_weight(counting->gates, ruling->facts.made.class, target->weight);
    if (ruling->facts.made.verdict == VERDICT_ENABLER && !enables(counting, ruling))
        faults_add(counting->why, ERR_INVALID, member,
            "%s enables %.*s, which is not accepted as an outcome", id,
            TEXT_ARG(ruling->facts.made.serves));
}

/* Percent with up to three decimals, cut: what is shown as 60 is not less than 60. */
static const char *share(int64_t weight, int64_t of, char out[DECIMAL_TEXT_SIZE])
{
    return decimal_to_text(of ? weight * WHOLE_SHARE / of : 0, out);
}

static void check_shares(const struct counting *counting)
{
    const struct gates *gates = counting->gates;
    int64_t all = counting->weight;
    int64_t outcome = gates->outcome_weight.thousandths,
            process = gates->process_weight.thousandths;
    char is[DECIMAL_TEXT_SIZE], gate[DECIMAL_TEXT_SIZE];
    if (outcome * WHOLE_SHARE < gates->outcome_least.thousandths * all)
        faults_add(counting->why, ERR_INVALID, "outcome_weight",
            "outcomes carry %s%% of the weight; at least %s%% is demanded", share(outcome, all, is),
            decimal_to_text(gates->outcome_least.thousandths, gate));
    if (process * WHOLE_SHARE > gates->process_most.thousandths * all)
        faults_add(counting->why, ERR_INVALID, "process_weight",
            "process carries %s%% of the weight; at most %s%% is allowed", share(process, all, is),
            decimal_to_text(gates->process_most.thousandths, gate));
}

void gates_count(const struct model *model, const struct agreement_entry *agreement,
    struct gates *ret_gates, struct faults *why)
{
    uint32_t before = why->total;
    *ret_gates = (struct gates){
        .targets = {(int64_t)agreement->target_count, true},
        .ruled = {0, true},
        .returned = {0, true},
        .outcome_weight = {0, true},
        .output_weight = {0, true},
        .process_weight = {0, true},
        .outcome_least = {agreement->cycle->outcome_least, true},
        .process_most = {agreement->cycle->process_most, true},
    };
    struct counting counting = {model, agreement, ret_gates, 0, why};
    if (agreement->target_count == 0)
        faults_add(why, ERR_INVALID, "targets", "%s has no targets", agreement->id);
    for (size_t i = 0; i < agreement->target_count; i++)
        count_target(&counting, &agreement->targets[i]);
    check_shares(&counting);
    ret_gates->pass = why->total == before ? FLAG_YES : FLAG_NO;
}

void gates_show(const struct model *model, const struct agreement_entry *agreement,
    struct gates *ret_gates, char out[GATES_WHY_SIZE])
{
    struct faults why = {0};
    gates_count(model, agreement, ret_gates, &why);
    if (why.total == 0)
        return;
    int len = why.total == 1 ? snprintf(out, GATES_WHY_SIZE, "%s", why.kept[0].detail)
                             : snprintf(out, GATES_WHY_SIZE, "%s; and %u more", why.kept[0].detail,
                                   why.total - 1);
    ret_gates->why = (struct text){out, (size_t)len};
}
