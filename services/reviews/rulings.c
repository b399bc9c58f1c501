/* The committee's ruling on one target. What was ruled on (its words and its weight) is filled in
 * here and not by the one who rules: a precedent must be what the text was. */
#include "commands.h"

#include "model.h"
#include "recusal.h"
#include "sight.h"

#include "facts/life.h"

static const char *class_word(enum target_class class)
{
    return choices_word(target_class_choices(), (int)class);
}

static void check_reason(
    const struct target_entry *target, const struct ruling_make *make, struct faults *why)
{
    if (make->reason.len)
        return;
    if (make->verdict == VERDICT_RETURN)
        faults_add(why, ERR_INVALID, "reason",
            "what is returned needs the reason: the ministry has to know what to change");
    else if (target->checked && target->checked != make->class)
        faults_add(why, ERR_INVALID, "reason",
            "both opinions of the checker say %s, the ruling says %s: give the reason",
            class_word(target->checked), class_word(make->class));
}

/* The outcome that an enabler serves: accepted as one, or not ruled on and an outcome so far. */
static void check_served(const struct model *model, const struct agreement_entry *agreement,
    const struct target_entry *target, struct text serves, struct faults *why)
{
    struct agreement_entry *its = NULL;
    const struct target_entry *served = model_target_of(model, serves, &its);
    if (!served || its != agreement) {
        faults_add(why, ERR_INVALID, "serves", "there is no target %.*s in %s", TEXT_ARG(serves),
            agreement->id);
        return;
    }
    const struct ruling_entry *ruling = model_standing(model, served);
    enum target_class class = model_class(model, served);
    if (served == target)
        faults_add(why, ERR_INVALID, "serves", "an enabler serves another target than itself");
    else if (ruling && ruling->facts.made.verdict != VERDICT_ACCEPT)
        faults_add(why, ERR_INVALID, "serves", "%.*s is not accepted: its ruling is %s",
            TEXT_ARG(serves), choices_word(verdict_choices(), (int)ruling->facts.made.verdict));
    else if (class != CLASS_OUTCOME)
        faults_add(why, ERR_INVALID, "serves", "%.*s is %s%s, not an outcome", TEXT_ARG(serves),
            ruling ? "ruled as " : "", class ? class_word(class) : "of no class yet");
}

static void check_enabler(const struct model *model, const struct agreement_entry *agreement,
    const struct target_entry *target, const struct ruling_make *make, struct faults *why)
{
    if (make->verdict != VERDICT_ENABLER) {
        if (make->serves.len)
            faults_add(why, ERR_INVALID, "serves", "only an enabler serves another target");
        return;
    }
    if (make->class == CLASS_OUTCOME)
        faults_add(why, ERR_INVALID, "class",
            "an enabler is an output or process; an outcome is accepted or returned");
    if (!make->serves.len)
        faults_add(
            why, ERR_INVALID, "serves", "an enabler names the outcome target that it serves");
    else
        check_served(model, agreement, target, make->serves, why);
}

enum err ruling_make_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct model *model = state;
    const struct ruling_make *make = request->body;
    const struct agreement_entry *agreement = NULL;
    const struct target_entry *target = NULL;
    enum err err = sight_target(model, request, make->target, &agreement, &target, why);
    if (err == OK)
        err = recusal_check(model, request, agreement, ret_decision, why);
    if (err == OK)
        err = life_check(MESSAGE_target_ruled, text_of(agreement->id), agreement->state, why);
    if (err)
        return err;
    check_reason(target, make, why);
    check_enabler(model, agreement, target, make, why);
    if (why->total)
        return faults_err(why);
    struct ruling ruling = {.made = *make,
        .statement = {target->statement, target->statement_len},
        .weight = {target->weight, true}};
    decision_id(ret_decision, make->target);
    decision_add(ret_decision, MESSAGE_target_ruled, text_of(agreement->id), make->target, &ruling);
    return OK;
}
