#include "ideas.h"

#include "base/must.h"
#include "schema/pack.h"

#include <stdio.h>
#include <stdlib.h>

static struct text own(struct text text)
{
    char *copy = malloc(text.len + 1);
    must(copy);
    if (text.len)
        memcpy(copy, text.at, text.len);
    return (struct text){copy, text.len};
}

static void let_go(struct text text)
{
    free((void *)(uintptr_t)text.at);
}

static struct idea_said say(const struct happened *happened, struct text words)
{
    return (struct idea_said){.position = happened->position,
        .at_ms = happened->at_ms,
        .person = own(happened->actor.person),
        .office = own(happened->actor.office),
        .words = own(words)};
}

static void free_said(const struct idea_said *said)
{
    let_go(said->person);
    let_go(said->office);
    let_go(said->words);
}

static void free_idea(void *thing)
{
    struct idea_entry *idea = thing;
    free_said(&idea->proposed);
    for (size_t i = 0; i < idea->gate_count; i++)
        free_said(&idea->gates[i]);
    for (size_t i = 0; i < idea->endorsement_count; i++)
        free_said(&idea->endorsements[i]);
    free(idea->endorsements);
    let_go(idea->packed);
    free(idea);
}

void ideas_free(struct ideas *ideas)
{
    catalogue_free(&ideas->by_id, free_idea);
    for (size_t i = 0; i < ideas->order_count; i++) {
        free_said(&ideas->orders[i].logged);
        let_go(ideas->orders[i].packed);
    }
    free(ideas->orders);
    free(ideas->at);
    *ideas = (struct ideas){0};
}

struct idea_entry *ideas_find(const struct ideas *ideas, struct text id)
{
    return catalogue_find(&ideas->by_id, id);
}

static bool keep(
    struct text *packed, const struct happened *happened, const struct record *record, void *facts)
{
    struct faults why = {0};
    *packed = own(happened->data);
    return pack_read_trusted(record, *packed, facts, &why) == OK;
}

static const char *propose(struct ideas *ideas, const struct happened *happened)
{
    if (ideas_find(ideas, happened->about))
        return "an idea proposed twice";
    struct idea_entry *idea = calloc(1, sizeof *idea);
    must(idea);
    if (!keep(&idea->packed, happened, idea_proposed_record(), &idea->facts)) {
        free_idea(idea);
        return "the record of the event cannot be read";
    }
    idea->id = idea->facts.id;
    idea->proposed = say(happened, (struct text){0});
    idea->state = IDEA_PROPOSED;
    idea->version = happened->version;
    catalogue_add(&ideas->by_id, &idea->id);
    ideas->at = realloc(ideas->at, (ideas->count + 1) * sizeof *ideas->at);
    must(ideas->at);
    ideas->at[ideas->count++] = idea;
    return NULL;
}

static void endorse(struct idea_entry *idea, const struct happened *happened)
{
    const struct idea_endorse *record = happened->record;
    size_t count = idea->endorsement_count + 1;
    idea->endorsements = realloc(idea->endorsements, count * sizeof *idea->endorsements);
    must(idea->endorsements);
    idea->endorsements[idea->endorsement_count++] = say(happened, record->remark);
}

static void copy_id(char out[ID_MAX + 1], struct text id)
{
    int len = snprintf(out, ID_MAX + 1, "%.*s", TEXT_ARG(id));
    must(len >= 0 && len <= ID_MAX);
}

static const char *step(struct idea_entry *idea, const struct happened *happened)
{
    const struct idea_stepped *record = happened->record;
    if (idea->gate_count == IDEAS_GATES_MAX || record->from != idea->state)
        return "an idea took a step from where it did not stand";
    struct idea_said *gate = &idea->gates[idea->gate_count++];
    *gate = say(happened, record->step.reason);
    gate->to = idea->state = record->step.to;
    if (idea->state == IDEA_SPONSORED)
        copy_id(idea->sponsor, happened->actor.office);
    if (idea->state == IDEA_SHAPED) {
        copy_id(idea->slows, record->step.slows);
        idea->slows_weight = record->step.slows_weight.thousandths;
    }
    if (idea->state == IDEA_ADOPTED)
        copy_id(idea->amendment, record->step.amendment);
    return NULL;
}

static const char *log_order(struct ideas *ideas, const struct happened *happened)
{
    if (ideas->order_count == ideas->order_room) {
        ideas->order_room = ideas->order_room ? 2 * ideas->order_room : 16;
        ideas->orders = realloc(ideas->orders, ideas->order_room * sizeof *ideas->orders);
        must(ideas->orders);
    }
    struct order_entry *order = &ideas->orders[ideas->order_count];
    *order = (struct order_entry){0};
    if (!keep(&order->packed, happened, order_logged_record(), &order->facts)) {
        let_go(order->packed);
        return "the record of the event cannot be read";
    }
    order->logged = say(happened, (struct text){0});
    ideas->order_count++;
    return NULL;
}

const char *ideas_apply(struct ideas *ideas, const struct happened *happened)
{
    const char *complaint = NULL;
    if (happened->message == MESSAGE_order_logged)
        return log_order(ideas, happened);
    if (happened->message == MESSAGE_idea_proposed)
        return propose(ideas, happened);
    struct idea_entry *idea = ideas_find(ideas, happened->about);
    if (!idea)
        return "an event of an idea that was never proposed";
    if (happened->message == MESSAGE_idea_endorsed)
        endorse(idea, happened);
    else
        complaint = step(idea, happened);
    idea->version = happened->version;
    return complaint;
}

void ideas_digest(const struct ideas *ideas, struct buf *out)
{
    for (size_t i = 0; i < ideas->count; i++) {
        const struct idea_entry *idea = ideas->at[i];
        buf_printf(out, "idea %.*s %d %lu %zu %s %s %s %ld\n", TEXT_ARG(idea->id), (int)idea->state,
            idea->version, idea->endorsement_count, idea->sponsor, idea->slows, idea->amendment,
            idea->slows_weight);
    }
    for (size_t i = 0; i < ideas->order_count; i++)
        buf_printf(out, "order %.*s %.*s\n", TEXT_ARG(ideas->orders[i].facts.id),
            TEXT_ARG(ideas->orders[i].facts.order.body));
}
