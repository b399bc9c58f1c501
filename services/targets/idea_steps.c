/* Commands on ideas and orders. Every gate stands in one table with who may open it; an idea that
 * comes while an agreement is in force must say what is slowed or dropped for it, and is adopted
 * only by an amendment that both have signed. */
#include "commands.h"

#include "model.h"

#include "base/must.h"
#include "facts/access.h"
#include "facts/life.h"

#include <stdio.h>

#define BIT(state) (1u << IDEA_##state)
#define MAY(role)  (1u << ROLE_##role)
#define UNIT       (MAY(SECRETARIAT) | MAY(PMO))
#define SPONSOR    (MAY(FOCAL) | MAY(SECRETARY) | MAY(MINISTER))
#define UNDER_WAY  (BIT(PROPOSED) | BIT(SCREENED) | BIT(SPONSORED) | BIT(SHAPED) | BIT(TRIAL))

/* Offices of a body among `may` must be of the sponsor's, once there is one. */
static const struct gate {
    uint32_t from, may;
} gates[] = {
    [IDEA_SCREENED] = {BIT(PROPOSED) | BIT(PARKED), MAY(SECRETARIAT)},
    [IDEA_SPONSORED] = {BIT(SCREENED), MAY(MINISTER)},
    [IDEA_SHAPED] = {BIT(SPONSORED), MAY(FOCAL) | MAY(SECRETARY)},
    [IDEA_TRIAL] = {BIT(SHAPED), UNIT},
    [IDEA_ADOPTED] = {BIT(SHAPED) | BIT(TRIAL), UNIT},
    [IDEA_PARKED] = {UNDER_WAY, UNIT | MAY(MINISTER)},
    [IDEA_DECLINED] = {UNDER_WAY | BIT(PARKED), UNIT | MAY(MINISTER)},
};
#define GATES (sizeof gates / sizeof *gates)

static const char *state_word(enum idea_state state)
{
    return choices_word(idea_state_choices(), (int)state);
}

static enum err find(const struct model *model, struct text id, const struct idea_entry **ret_idea,
    struct faults *why)
{
    *ret_idea = ideas_find(&model->ideas, id);
    if (*ret_idea)
        return OK;
    return faults_add(
        why, ERR_NOT_FOUND, "idea", "there is no idea %.*s; the list has them", TEXT_ARG(id));
}

static struct text next_id(const char *noun, size_t count, char out[ID_MAX + 1])
{
    int len = snprintf(out, ID_MAX + 1, "%s-%zu", noun, count + 1);
    must(len > 0 && len <= ID_MAX);
    return (struct text){out, (size_t)len};
}

static enum err check_body(const struct model *model, struct text body, struct faults *why)
{
    if (!body.at || model_body(model, body))
        return OK;
    return faults_add(why, ERR_INVALID, "body", "no body %.*s is registered", TEXT_ARG(body));
}

enum err idea_propose_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct model *model = state;
    const struct idea_propose *propose = request->body;
    char id[ID_MAX + 1];
    enum err err = check_body(model, propose->body, why);
    if (err)
        return err;
    struct idea_proposed proposed = {
        .id = next_id("idea", model->ideas.count, id), .proposal = *propose};
    decision_add(ret_decision, MESSAGE_idea_proposed, proposed.id, proposed.id, &proposed);
    return OK;
}

enum err idea_endorse_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct idea_endorse *endorse = request->body;
    const struct idea_entry *idea;
    enum err err = find(state, endorse->idea, &idea, why);
    if (err)
        return err;
    if (!(UNDER_WAY >> idea->state & 1u))
        return faults_add(why, ERR_STATE, "idea", "%.*s is %s: nobody need stand for it any more",
            TEXT_ARG(idea->id), state_word(idea->state));
    for (size_t i = 0; i < idea->endorsement_count; i++)
        if (text_equal(idea->endorsements[i].person, request->actor.person))
            return faults_add(why, ERR_EXISTS, "idea", "%.*s stands for %.*s already",
                TEXT_ARG(request->actor.person), TEXT_ARG(idea->id));
    decision_add(ret_decision, MESSAGE_idea_endorsed, idea->id, idea->id, endorse);
    return OK;
}

/* ---- gates ---- */

static enum err check_gate(const struct idea_entry *idea, const struct request *request,
    const struct idea_step *step, struct faults *why)
{
    const struct gate *gate = (size_t)step->to < GATES ? &gates[step->to] : &gates[0];
    if (!(gate->from >> idea->state & 1u))
        return faults_add(why, ERR_STATE, "to", "%.*s is %s: it cannot become %s",
            TEXT_ARG(idea->id), state_word(idea->state), state_word(step->to));
    if (!(gate->may >> request->office.role & 1u))
        return faults_add(why, ERR_FORBIDDEN, "", "%.*s does not decide whether an idea is %s",
            TEXT_ARG(request->actor.office), state_word(step->to));
    if (idea->gate_count == IDEAS_GATES_MAX)
        return faults_add(why, ERR_TOO_LARGE, "idea", "%.*s has taken %d steps: propose it anew",
            TEXT_ARG(idea->id), IDEAS_GATES_MAX);
    return OK;
}

/* Offices of a body act for ideas that their minister sponsors, or is about to. */
static enum err check_sponsor(const struct model *model, const struct idea_entry *idea,
    const struct request *request, const struct idea_step *step, struct faults *why)
{
    if (!(SPONSOR >> request->office.role & 1u) || step->to == IDEA_SPONSORED)
        return OK;
    struct office sponsor = office_read(text_of(idea->sponsor));
    if (sponsor.role && access_writes_for(model->succession, &request->office, sponsor.body))
        return OK;
    return faults_add(why, ERR_FORBIDDEN, "", "%.*s is sponsored by %s, not by %.*s",
        TEXT_ARG(idea->id), *idea->sponsor ? idea->sponsor : "nobody yet",
        TEXT_ARG(request->office.body));
}

/* The agreement in force of the sponsor's body, the latest one; NULL when there is none. */
static const struct agreement_entry *in_force_of(const struct model *model, struct text body)
{
    const struct agreement_entry *found = NULL;
    for (size_t i = 0; i < model->agreements.count; i++) {
        const struct agreement_entry *agreement = (const void *)model->agreements.at[i];
        if (text_equal(agreement->facts.body, body) && life_is_in_force(agreement->state))
            found = agreement;
    }
    return found;
}

static void check_slows(const struct model *model, const struct idea_entry *idea,
    const struct idea_step *step, struct decision *decision, struct faults *why)
{
    struct text body = office_read(text_of(idea->sponsor)).body, id = {0};
    const struct agreement_entry *agreement = in_force_of(model, body);
    uint32_t number = 0;
    if (!agreement) {
        if (step->slows.at)
            faults_add(why, ERR_INVALID, "slows",
                "%.*s has no agreement in force that could be slowed", TEXT_ARG(body));
        return;
    }
    const struct target_entry *target = NULL;
    decision_expect(decision, agreement->id);
    if (model_split_target(step->slows, &id, &number) && text_equal(id, agreement->id))
        target = model_target(agreement, number);
    if (!target)
        faults_add(why, ERR_INVALID, "slows",
            "%.*s is in force: name one of its targets that is slowed or dropped for this",
            TEXT_ARG(agreement->id));
    else if (!step->slows_weight.given || step->slows_weight.thousandths > target->weight)
        faults_add(why, ERR_INVALID, "slows_weight",
            "say how much of the weight of %.*s, which is %ld.%03ld", TEXT_ARG(step->slows),
            (long)target->weight / 1000, (long)target->weight % 1000);
}

static void check_amendment(const struct model *model, const struct idea_entry *idea,
    const struct idea_step *step, struct faults *why)
{
    struct text body = office_read(text_of(idea->sponsor)).body;
    uint64_t shaped = 0;
    for (size_t i = 0; i < idea->gate_count; i++)
        if (idea->gates[i].to == IDEA_SHAPED)
            shaped = idea->gates[i].position;
    for (size_t i = 0; i < model->agreements.count; i++) {
        const struct agreement_entry *agreement = (const void *)model->agreements.at[i];
        for (size_t n = 0; n < agreement->amendment_count; n++) {
            const struct amendment_entry *amendment = &agreement->amendments[n];
            char id[TARGET_ID_SIZE];
            if (text_equal(agreement->facts.body, body) && amendment->in_force &&
                amendment->position > shaped &&
                text_equal(step->amendment, model_amendment_id(agreement, n + 1, id)))
                return;
        }
    }
    faults_add(why, ERR_INVALID, "amendment",
        "an idea is adopted by an amendment of %.*s that was proposed after it was shaped and is "
        "signed by both; %.*s is none",
        TEXT_ARG(body), TEXT_ARG(step->amendment));
}

/* What a step must say, and what it must not. */
static void check_words(const struct model *model, const struct idea_entry *idea,
    const struct idea_step *step, struct decision *decision, struct faults *why)
{
    if (step->to == IDEA_SHAPED)
        check_slows(model, idea, step, decision, why);
    else if (step->slows.at || step->slows_weight.given)
        faults_add(why, ERR_INVALID, "slows", "only who shapes an idea says what it slows");
    if (step->to == IDEA_ADOPTED)
        check_amendment(model, idea, step, why);
    else if (step->amendment.at)
        faults_add(why, ERR_INVALID, "amendment", "only an adopted idea stands in an amendment");
}

enum err idea_step_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct idea_step *step = request->body;
    const struct idea_entry *idea;
    enum err err = find(state, step->idea, &idea, why);
    if (err == OK)
        err = check_gate(idea, request, step, why);
    if (err == OK)
        err = check_sponsor(state, idea, request, step, why);
    if (err == OK)
        err = request_expects(request, idea->version, why);
    if (err)
        return err;
    check_words(state, idea, step, ret_decision, why);
    if (why->total)
        return faults_err(why);
    const struct idea_stepped stepped = {.step = *step, .from = idea->state};
    decision_id(ret_decision, idea->id);
    decision_add(ret_decision, MESSAGE_idea_stepped, idea->id, idea->id, &stepped);
    return OK;
}

/* ---- orders ---- */

enum err order_log_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct model *model = state;
    const struct order_log *log = request->body;
    char id[ID_MAX + 1];
    enum err err = check_body(model, log->body, why);
    if (err)
        return err;
    if (request->office.body.at &&
        !access_writes_for(model->succession, &request->office, log->body))
        return faults_add(why, ERR_FORBIDDEN, "", "%.*s logs what %.*s was ordered, not others",
            TEXT_ARG(request->actor.office), TEXT_ARG(request->office.body));
    struct order_logged logged = {
        .id = next_id("order", model->ideas.order_count, id), .order = *log, .on = request->today};
    decision_add(ret_decision, MESSAGE_order_logged, logged.id, logged.id, &logged);
    return OK;
}
