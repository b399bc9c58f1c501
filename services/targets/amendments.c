/* Commands on amendments. What is in force changes by little and in the open: complete new texts of
 * single targets, each with its reason and its effect on the score, and not more weight in a year
 * than the cycle allows. */
#include "commands.h"

#include "access.h"
#include "phasing.h"
#include "promise.h"
#include "submit.h"

#include "base/must.h"
#include "facts/life.h"
#include "schema/pack.h"

#include <stdio.h>
#include <stdlib.h>

#define YEAR_MS    (INT64_C(365) * 86400000)
#define PACKED_MAX 65536
#define ARENA_MAX  4096

/* What a proposal adds up to. */
struct proposal {
    const struct model *model;
    const struct agreement_entry *agreement;
    bool *seen;      /* by place of the target in the agreement */
    int64_t touched; /* thousandths of percent */
    int64_t sum;     /* of all weights, as they would be */
};

/* Whether two promises say the same, told by their packed bytes. */
static bool same_promise(const struct target_promise *a, const struct target_promise *b)
{
    BUF_CLEANUP struct buf one = BUF(PACKED_MAX), other = BUF(PACKED_MAX);
    pack_write(target_promise_record(), a, &one);
    pack_write(target_promise_record(), b, &other);
    return text_equal(buf_as_text(&one), buf_as_text(&other));
}

static void check_text(const struct proposal *proposal, const struct target_entry *target,
    const struct amendment_change *change, struct faults *why)
{
    const struct agreement_entry *agreement = proposal->agreement;
    BUF_CLEANUP struct buf arena = BUF(ARENA_MAX);
    struct phasing_year years[PHASING_YEARS];
    enum phasing_flag flag;
    struct target_promised now, then = {.promise = change->promise, .has_check = true};
    memset(&now, 0, sizeof now);
    must(pack_read_trusted(target_promised_record(), kept_packed(target->kept), &now, why) == OK);
    if (same_promise(&now.promise, &then.promise))
        faults_add(why, ERR_INVALID, "target", "nothing of %.*s changes; leave it out",
            TEXT_ARG(change->target));
    promise_check(proposal->model, agreement, target->number, &then.promise, why);
    checker_check(proposal->model->checker, then.promise.statement, &arena, &then.check);
    phasing_spread(&then.promise, &agreement->cycle->facts, years, &flag);
    submit_target(agreement, &then, flag, why);
}

/* Of a weight that shifts the larger one counts, wherever it goes. */
static void add_weight(struct proposal *proposal, const struct target_entry *target,
    const struct amendment_change *change)
{
    int64_t now = target->weight, then = change->promise.weight.thousandths;
    proposal->touched += now > then ? now : then;
    proposal->sum += then - now;
}

static void check_row(
    struct proposal *proposal, const struct request *request, size_t row, struct faults *why)
{
    const struct agreement_entry *agreement = proposal->agreement;
    struct amendment_change change;
    struct text id;
    uint32_t number;
    const struct target_entry *target = NULL;
    if (request_row(request, row, &change, why))
        return;
    (void)snprintf(why->prefix, sizeof why->prefix, "rows/%zu/", row);
    if (model_split_target(change.target, &id, &number) && text_equal(id, agreement->id))
        target = model_target(agreement, number);
    if (!target)
        faults_add(why, ERR_INVALID, "target", "%.*s is no target of %.*s", TEXT_ARG(change.target),
            TEXT_ARG(agreement->id));
    else if (proposal->seen[target - agreement->targets])
        faults_add(why, ERR_INVALID, "target", "%.*s is named twice", TEXT_ARG(change.target));
    else {
        proposal->seen[target - agreement->targets] = true;
        add_weight(proposal, target, &change);
        check_text(proposal, target, &change, why);
    }
    why->prefix[0] = '\0';
}

/* What amendments in force touched in the 365 days before now, and this one. */
static void check_year(const struct proposal *proposal, int64_t now_ms, struct faults *why)
{
    const struct agreement_entry *agreement = proposal->agreement;
    int64_t most = agreement->cycle->facts.amendment_most.thousandths, before = 0;
    char all[DECIMAL_TEXT_SIZE], this[DECIMAL_TEXT_SIZE], limit[DECIMAL_TEXT_SIZE];
    for (size_t i = 0; i < agreement->amendment_count; i++) {
        const struct amendment_entry *amendment = &agreement->amendments[i];
        if (amendment->in_force && now_ms - amendment->in_force_ms < YEAR_MS)
            before += amendment->weight;
    }
    if (before + proposal->touched > most)
        faults_add(why, ERR_INVALID, "rows",
            "it touches %s percent of the weight, and amendments of the last 365 days touched %s; "
            "at most %s percent change in a year",
            decimal_to_text(proposal->touched, this), decimal_to_text(before, all),
            decimal_to_text(most, limit));
}

static void check_rows(struct proposal *proposal, const struct request *request, struct faults *why)
{
    if (request->row_count == 0 || request->row_count > TARGETS_MAX) {
        faults_add(why, ERR_INVALID, "rows",
            "%zu changed targets were sent; an amendment has from 1 to %d", request->row_count,
            TARGETS_MAX);
        return;
    }
    proposal->seen = calloc(proposal->agreement->target_count + 1, sizeof *proposal->seen);
    must(proposal->seen);
    for (size_t i = 0; i < request->row_count; i++)
        check_row(proposal, request, i, why);
    free(proposal->seen);
    if (why->total)
        return; /* sums over what cannot be read mislead */
    submit_weight(proposal->sum, why);
    check_year(proposal, request->now_ms, why);
}

static void change_event(const struct proposal *proposal, const struct request *request, size_t row,
    struct text amendment, struct decision *decision)
{
    struct faults why = {0};
    BUF_CLEANUP struct buf arena = BUF(ARENA_MAX);
    struct amendment_changed changed = {.amendment = amendment, .has_check = true};
    must(request_row(request, row, &changed.change, &why) == OK); /* as it was the first time */
    checker_check(
        proposal->model->checker, changed.change.promise.statement, &arena, &changed.check);
    decision_add(decision, MESSAGE_amendment_changed, proposal->agreement->id,
        changed.change.target, &changed);
}

enum err amendment_propose_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct amendment_propose *propose = request->body;
    const struct agreement_entry *agreement;
    enum err err = access_own_agreement(state, request, propose->agreement, &agreement, why);
    if (err == OK)
        err = life_check(MESSAGE_amendment_proposed, agreement->id, agreement->state, why);
    if (err == OK)
        err = request_expects(request, agreement->version, why);
    if (err)
        return err;
    struct proposal proposal = {
        .model = state, .agreement = agreement, .sum = agreement->sums.weight};
    check_rows(&proposal, request, why);
    if (why->total)
        return faults_err(why);
    char at[TARGET_ID_SIZE];
    struct text id = model_amendment_id(agreement, agreement->amendment_count + 1, at);
    struct amendment_proposed proposed = {.id = id,
        .proposal = *propose,
        .changes = {(int64_t)request->row_count, true},
        .weight = {proposal.touched, true}};
    decision_id(ret_decision, id);
    decision_add(ret_decision, MESSAGE_amendment_proposed, agreement->id, id, &proposed);
    for (size_t i = 0; i < request->row_count; i++)
        change_event(&proposal, request, i, id, ret_decision);
    return OK;
}

enum err amendment_drop_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct agreement_submit *drop = request->body;
    const struct agreement_entry *agreement;
    enum err err = request->office.role == ROLE_PMO
                       ? access_agreement(state, request, drop->agreement, &agreement, why)
                       : access_own_agreement(state, request, drop->agreement, &agreement, why);
    if (err == OK)
        err = life_check(MESSAGE_amendment_dropped, agreement->id, agreement->state, why);
    if (err == OK)
        err = request_expects(request, agreement->version, why);
    if (err)
        return err;
    char at[TARGET_ID_SIZE];
    struct text id = model_amendment_id(agreement, agreement->amendment_count, at);
    decision_id(ret_decision, id);
    decision_add(ret_decision, MESSAGE_amendment_dropped, agreement->id, id, drop);
    return OK;
}
