/* Commands on single targets, and the import that replaces all targets of a draft at once. */
#include "commands.h"

#include "edit.h"
#include "promise.h"

#include <stdio.h>

#define ARENA_MAX 4096 /* what the checker writes beside the words of one statement */

/* Adds the event that says what a target promises now, and what the checker makes of it. */
static void promise_event(const struct model *model, struct decision *decision, enum message event,
    const struct agreement_entry *agreement, uint32_t number, const struct target_promise *promise)
{
    char at[TARGET_ID_SIZE];
    BUF_CLEANUP struct buf arena = BUF(ARENA_MAX);
    struct text id = model_target_id(agreement, number, at);
    struct target_promised promised = {.id = id, .promise = *promise, .has_check = true};
    checker_check(model->checker, promise->statement, &arena, &promised.check);
    decision_add(decision, event, agreement->id, id, &promised);
}

static void removal_event(struct decision *decision, const struct agreement_entry *agreement,
    const struct target_entry *target)
{
    char at[TARGET_ID_SIZE];
    struct target_one gone = {.target = model_target_id(agreement, target->number, at)};
    decision_add(decision, MESSAGE_target_removed, agreement->id, gone.target, &gone);
}

enum err target_draft_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct target_draft *draft = request->body;
    const struct agreement_entry *agreement;
    enum err err =
        edit_agreement(state, request, draft->agreement, MESSAGE_target_drafted, &agreement, why);
    if (err)
        return err;
    if (agreement->target_count >= TARGETS_MAX)
        return faults_add(why, ERR_INVALID, "agreement", "%.*s has %d targets, the most there are",
            TEXT_ARG(agreement->id), TARGETS_MAX);
    uint32_t number = agreement->next_number;
    promise_check(state, agreement, number, &draft->promise, why);
    if (why->total)
        return faults_err(why);
    char id[TARGET_ID_SIZE];
    decision_id(ret_decision, model_target_id(agreement, number, id));
    edit_begin(ret_decision, agreement);
    promise_event(state, ret_decision, MESSAGE_target_drafted, agreement, number, &draft->promise);
    return OK;
}

enum err target_change_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct target_change *change = request->body;
    const struct agreement_entry *agreement;
    const struct target_entry *target;
    enum err err = edit_target(
        state, request, change->target, MESSAGE_target_changed, &agreement, &target, why);
    if (err)
        return err;
    promise_check(state, agreement, target->number, &change->promise, why);
    if (why->total)
        return faults_err(why);
    decision_id(ret_decision, change->target);
    edit_begin(ret_decision, agreement);
    promise_event(
        state, ret_decision, MESSAGE_target_changed, agreement, target->number, &change->promise);
    return OK;
}

enum err target_remove_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct target_one *one = request->body;
    const struct agreement_entry *agreement;
    const struct target_entry *target;
    enum err err =
        edit_target(state, request, one->target, MESSAGE_target_removed, &agreement, &target, why);
    if (err)
        return err;
    decision_id(ret_decision, one->target);
    edit_begin(ret_decision, agreement);
    removal_event(ret_decision, agreement, target);
    return OK;
}

/* Reads and checks each row and adds its event. Reading goes on behind a faulty row, so that all
 * are named; what was added by then is dropped with the refused decision. */
static void import_rows(const struct model *model, const struct request *request,
    const struct agreement_entry *agreement, struct decision *decision, struct faults *why)
{
    for (size_t i = 0; i < request->row_count; i++) {
        uint32_t number = agreement->next_number + (uint32_t)i;
        struct target_promise promise = {0};
        if (request_row(request, i, &promise, why))
            continue;
        (void)snprintf(why->prefix, sizeof why->prefix, "rows/%zu/", i);
        promise_check(model, agreement, number, &promise, why);
        why->prefix[0] = '\0';
        if (!why->total)
            promise_event(model, decision, MESSAGE_target_drafted, agreement, number, &promise);
    }
}

enum err agreement_import_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct agreement_import *import = request->body;
    const struct agreement_entry *agreement;
    enum err err =
        edit_agreement(state, request, import->agreement, MESSAGE_target_drafted, &agreement, why);
    if (err == OK)
        err = request_expects(request, agreement->version, why);
    if (err)
        return err;
    if (request->row_count == 0 || request->row_count > TARGETS_MAX)
        return faults_add(why, ERR_INVALID, "rows",
            "%zu rows were sent; an import has from 1 to %d", request->row_count, TARGETS_MAX);
    edit_begin(ret_decision, agreement);
    for (size_t i = agreement->target_count;
         i-- > 0;) /* from the end: the others keep their place */
        removal_event(ret_decision, agreement, &agreement->targets[i]);
    import_rows(state, request, agreement, ret_decision, why);
    if (why->total)
        return faults_err(why);
    decision_id(ret_decision, agreement->id);
    return OK;
}
