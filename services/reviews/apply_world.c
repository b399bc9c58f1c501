/* Bodies, their successors and offices, cycles with the parameters of the gates, and orders from
 * outside the plan. */
#include "apply.h"

#include "base/must.h"

#include <stdlib.h>

static const char *body_put(struct model *model, const struct happened *happened)
{
    const struct body *record = happened->record;
    struct body_entry *body = model_body(model, record->id);
    if (!body) {
        must(body = calloc(1, sizeof *body));
        APPLY_ID(body, record->id);
        body->index = HASH_COUNT(model->body_table);
        HASH_ADD_KEYPTR(hh, model->body_table, body->id, record->id.len, body);
    }
    size_t count = record->successors.head.count;
    free(body->successors);
    must(body->successors = calloc(count + 1, sizeof *body->successors));
    apply_id(body->peers, record->peers);
    for (size_t i = 0; i < count; i++)
        apply_id(body->successors[i], record->successors.at[i]);
    body->successor_count = count;
    return NULL;
}

static const char *office_put(struct model *model, const struct happened *happened)
{
    const struct office_new *record = happened->record;
    struct post_entry *post = calloc(1, sizeof *post);
    must(post);
    post->id = apply_own(record->id);
    post->office = office_read(post->id);
    catalogue_add(&model->posts, &post->id);
    struct body_entry *body = model_body(model, post->office.body);
    if (!body)
        return NULL; /* at the centre */
    size_t count = body->office_count + 1;
    must(body->offices = realloc(body->offices, count * sizeof *body->offices));
    apply_id(body->offices[body->office_count], record->id);
    body->office_count = count;
    return NULL;
}

static const char *cycle_put(struct model *model, const struct happened *happened)
{
    const struct cycle *record = happened->record;
    if (model_cycle(model, record->id))
        return "a cycle created twice";
    struct cycle_entry *cycle = calloc(1, sizeof *cycle);
    must(cycle);
    APPLY_ID(cycle, record->id);
    cycle->outcome_least = record->outcome_least.thousandths;
    cycle->process_most = record->process_most.thousandths;
    cycle->appeal_days = (int32_t)record->appeal_days.value;
    HASH_ADD_KEYPTR(hh, model->cycle_table, cycle->id, record->id.len, cycle);
    return NULL;
}

/* How many there were in a quarter stands on the PM's page. */
static void order_put(struct model *model, const struct order_logged *record)
{
    if (model->order_count == model->order_room) {
        model->order_room = model->order_room ? 2 * model->order_room : 64;
        must(model->orders = realloc(model->orders, model->order_room * sizeof *model->orders));
    }
    model->orders[model->order_count++] = record->on;
}

const char *apply_world(struct model *model, const struct happened *happened)
{
    const char *complaint = bodies_apply(model->bodies, happened);
    if (complaint)
        return complaint;
    switch ((int)happened->message) {
    case MESSAGE_body_registered:
    case MESSAGE_body_changed:
        return body_put(model, happened);
    case MESSAGE_office_created:
        return office_put(model, happened);
    case MESSAGE_cycle_created:
        return cycle_put(model, happened);
    case MESSAGE_order_logged:
        order_put(model, happened->record);
        return NULL;
    default: /* what concerns other services */
        return NULL;
    }
}
