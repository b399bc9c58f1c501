/* Events were checked when they were decided: the fold only refuses what has no place to stand,
 * because then the ledger is not the one it believes in. */
#include "apply.h"

#include "due.h"
#include "model.h"

#include "base/must.h"
#include "facts/life.h"
#include "schema/pack.h"

#include <stdlib.h>

static struct text own(struct text text)
{
    char *copy = malloc(text.len + 1);
    must(copy);
    if (text.len)
        memcpy(copy, text.at, text.len);
    return (struct text){copy, text.len};
}

/* ---- agreements and their targets ---- */

static const char *agreement_put(struct model *model, const struct happened *happened)
{
    const struct agreement_opened *record = happened->record;
    struct agreement_entry *agreement = calloc(1, sizeof *agreement);
    must(agreement);
    agreement->id = own(happened->subject);
    agreement->body = own(record->opened.body);
    agreement->state = STATE_DRAFT;
    catalogue_add(&model->agreements, &agreement->id);
    return NULL;
}

static uint32_t number_of(struct text target)
{
    uint64_t number = 0;
    struct text rest;
    (void)text_cut(target, '.', &rest);
    return rest.at && text_whole(rest, UINT32_MAX, &number) ? (uint32_t)number : 0;
}

/* Numbers grow, but an import may put old ones back. */
static struct target_entry *target_put(struct agreement_entry *agreement, uint32_t number)
{
    struct target_entry *there = model_target(agreement, number);
    if (there)
        return there;
    if (agreement->target_count == agreement->target_room) {
        agreement->target_room = agreement->target_room ? 2 * agreement->target_room : 64;
        agreement->targets =
            realloc(agreement->targets, agreement->target_room * sizeof *agreement->targets);
        must(agreement->targets);
    }
    size_t at = agreement->target_count++;
    for (; at > 0 && agreement->targets[at - 1].number > number; at--)
        agreement->targets[at] = agreement->targets[at - 1];
    agreement->targets[at] = (struct target_entry){.number = number};
    return &agreement->targets[at];
}

static void target_weigh(
    struct model *model, struct agreement_entry *agreement, struct text id, int64_t weight)
{
    struct target_entry *target = target_put(agreement, number_of(id));
    target->weight = (int32_t)weight;
    if (target->node)
        graph_weigh(model->graph, target->node - 1, target->weight);
}

static void target_drop(struct agreement_entry *agreement, uint32_t number)
{
    struct target_entry *target = model_target(agreement, number);
    if (!target)
        return;
    free(target->waits);
    size_t at = (size_t)(target - agreement->targets);
    memmove(target, target + 1, (--agreement->target_count - at) * sizeof *target);
}

/* What an amendment says counts once both have signed it. */
static void amend(struct agreement_entry *agreement, const struct amendment_changed *record)
{
    struct target_entry *target = target_put(agreement, number_of(record->change.target));
    target->amended = (int32_t)record->change.promise.weight.thousandths;
}

static void end_amendment(
    struct model *model, struct agreement_entry *agreement, bool signed_by_both)
{
    for (size_t i = 0; i < agreement->target_count; i++) {
        struct target_entry *target = &agreement->targets[i];
        if (signed_by_both && target->amended) {
            target->weight = target->amended;
            if (target->node)
                graph_weigh(model->graph, target->node - 1, target->weight);
        }
        target->amended = 0;
    }
}

static const char *agreement_fold(struct model *model, const struct happened *happened)
{
    struct agreement_entry *agreement = model_agreement(model, happened->subject);
    enum agreement_state after =
        life_after(happened->message, agreement ? agreement->state : agreement_state_UNSET);
    if (!after)
        return "an agreement was not in a state in which that happens";
    if (!agreement)
        return agreement_put(model, happened);
    agreement->state = after;
    switch ((int)happened->message) {
    case MESSAGE_target_drafted:
    case MESSAGE_target_changed: {
        const struct target_promised *record = happened->record;
        target_weigh(model, agreement, record->id, record->promise.weight.thousandths);
        break;
    }
    case MESSAGE_target_removed:
        target_drop(agreement, number_of(((const struct target_one *)happened->record)->target));
        break;
    case MESSAGE_amendment_changed:
        amend(agreement, happened->record);
        break;
    case MESSAGE_agreement_amended:
    case MESSAGE_amendment_dropped:
        end_amendment(model, agreement, happened->message == MESSAGE_agreement_amended);
        break;
    default:
        break;
    }
    return NULL;
}

/* ---- types ---- */

static const char *norm_put(struct model *model, const struct happened *happened)
{
    const struct norm *record = happened->record;
    struct faults why = {0};
    struct norm_entry *norm = model_norm(model, record->type);
    bool is_new = !norm;
    if (is_new)
        must(norm = calloc(1, sizeof *norm));
    struct text before = norm->packed;
    norm->packed = own(happened->data);
    memset(&norm->facts, 0, sizeof norm->facts);
    const char *complaint = pack_read_trusted(norm_record(), norm->packed, &norm->facts, &why) == OK
                                ? NULL
                                : "the record of the event cannot be read";
    norm->id = norm->facts.type;
    norm->version = happened->version;
    free((void *)(uintptr_t)before.at);
    if (is_new)
        catalogue_add(&model->norms, &norm->id);
    return complaint;
}

/* ---- dependencies ---- */

static uint32_t node_of(
    struct model *model, const struct agreement_entry *agreement, struct target_entry *target)
{
    if (target->node)
        return target->node - 1;
    uint32_t node = graph_node(model->graph, target->weight);
    model->nodes = realloc(model->nodes, (model->node_count + 1) * sizeof *model->nodes);
    must(model->nodes && node == model->node_count);
    model->nodes[model->node_count++] = (struct node_entry){agreement, target->number};
    target->node = node + 1;
    return node;
}

static const char *connect(struct model *model, struct dependency_entry *dependency, bool is_new)
{
    const struct dependency_raise *raised = &dependency->facts.raised;
    uint32_t from[sizeof raised->targets.at / sizeof *raised->targets.at];
    uint32_t to = GRAPH_NOBODY;
    struct agreement_entry *agreement;
    for (uint32_t i = 0; i < raised->targets.head.count; i++) {
        struct target_entry *target = model_target_of(model, raised->targets.at[i], &agreement);
        if (!target)
            return "a dependency of a target that is not there";
        from[i] = node_of(model, agreement, target);
        if (!is_new)
            continue;
        target->waits = realloc(target->waits, (target->wait_count + 1) * sizeof *target->waits);
        must(target->waits);
        target->waits[target->wait_count++] = dependency->index;
    }
    if (raised->through.at) {
        struct target_entry *through = model_target_of(model, raised->through, &agreement);
        if (!through)
            return "a dependency through a target that is not there";
        to = node_of(model, agreement, through);
    }
    graph_add(model->graph, dependency->index, from, raised->targets.head.count, to);
    return NULL;
}

static struct dependency_entry *dependency_put(struct model *model, const struct happened *happened)
{
    struct faults why = {0};
    struct dependency_entry *dependency = calloc(1, sizeof *dependency);
    must(dependency);
    dependency->packed = own(happened->data);
    if (pack_read_trusted(
            dependency_raised_record(), dependency->packed, &dependency->facts, &why) != OK) {
        free((void *)(uintptr_t)dependency->packed.at);
        free(dependency);
        return NULL;
    }
    if (model->count == model->room) {
        model->room = model->room ? 2 * model->room : 256;
        model->at = realloc(model->at, model->room * sizeof *model->at);
        must(model->at);
    }
    dependency->index = (uint32_t)model->count;
    dependency->raised = happened->position;
    model->at[model->count++] = dependency;
    HASH_ADD_KEYPTR(
        hh, model->by_id, dependency->facts.id.at, dependency->facts.id.len, dependency);
    return dependency;
}

static const char *dependency_begin(struct model *model, const struct happened *happened)
{
    struct text rest, id = text_cut(happened->subject, '.', &rest);
    struct agreement_entry *agreement = model_agreement(model, id);
    if (!agreement || model_dependency(model, happened->subject))
        return "a dependency raised twice, or of no agreement";
    struct dependency_entry *dependency = dependency_put(model, happened);
    if (!dependency)
        return "the record of the event cannot be read";
    agreement->raised++;
    return connect(model, dependency, true);
}

static void rung_keep(struct dependency_entry *dependency, const struct happened *happened)
{
    const struct dependency_rung *record = happened->record;
    size_t count = dependency->rung_count + 1;
    dependency->rungs = realloc(dependency->rungs, count * sizeof *dependency->rungs);
    must(dependency->rungs);
    dependency->rungs[dependency->rung_count++] = (struct rung_entry){
        record->rung, (uint32_t)record->round.value, record->due, happened->position};
}

static const char *dependency_fold(struct model *model, const struct happened *happened)
{
    const char *complaint = NULL;
    if (happened->message == MESSAGE_dependency_raised)
        complaint = dependency_begin(model, happened);
    struct dependency_entry *dependency = model_dependency(model, happened->subject);
    if (complaint || !dependency)
        return complaint ? complaint : "an event of a dependency that was never raised";
    bool was_open = happened->message == MESSAGE_dependency_raised || model_is_open(dependency);
    complaint = ball_apply(&dependency->ball, model->calendar, happened);
    if (complaint)
        return complaint;
    if (happened->message == MESSAGE_dependency_escalated)
        rung_keep(dependency, happened);
    if (was_open && !model_is_open(dependency))
        graph_remove(model->graph, dependency->index);
    else if (!was_open && model_is_open(dependency))
        complaint = connect(model, dependency, false);
    dependency->version = happened->version;
    dependency->position = happened->position;
    due_touch(model, dependency);
    return complaint;
}

static bool is_of_dependency(enum message event)
{
    return event >= MESSAGE_dependency_raised && event <= MESSAGE_dependency_escalated;
}

const char *apply_event(void *state, const struct happened *happened)
{
    struct model *model = state;
    const char *complaint = calendar_apply(model->calendar, happened);
    if (!complaint)
        complaint = bodies_apply(model->bodies, happened);
    if (complaint)
        return complaint;
    if (life_concerns(happened->message))
        return agreement_fold(model, happened);
    if (is_of_dependency(happened->message))
        return dependency_fold(model, happened);
    return happened->message == MESSAGE_norm_was_set ? norm_put(model, happened) : NULL;
}
