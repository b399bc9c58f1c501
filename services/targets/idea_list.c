/* Ideas are public from the first word on; orders are for those who read drafts. */
#include "queries.h"

#include "model.h"

#include "service/listing.h"

#include <stdlib.h>

static void show(const struct idea_entry *idea, struct reply *reply)
{
    struct idea_view view = {.idea = idea->facts,
        .state = idea->state,
        .person = idea->proposed.person,
        .office = idea->proposed.office,
        .at = {idea->proposed.at_ms, true},
        .endorsements = {(int64_t)idea->endorsement_count, true},
        .sponsor = text_of(*idea->sponsor ? idea->sponsor : NULL),
        .slows = text_of(*idea->slows ? idea->slows : NULL),
        .slows_weight = {idea->slows_weight, idea->slows_weight > 0},
        .amendment = text_of(*idea->amendment ? idea->amendment : NULL),
        .gates.head = {(uint32_t)idea->gate_count, idea->gate_count > 0},
        .version = {(int64_t)idea->version, true}};
    for (size_t i = 0; i < idea->gate_count; i++) {
        const struct idea_said *gate = &idea->gates[i];
        view.gates.at[i] = (struct idea_gate){
            gate->to, gate->words, gate->person, gate->office, {gate->at_ms, true}};
    }
    reply_add(reply, idea_view_record(), &view);
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

enum err idea_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct ideas *ideas = &((const struct model *)state)->ideas;
    const struct idea_list *asked = request->body;
    struct listing page;
    enum err err = listing_open(&page, LISTING_LATEST_FIRST, asked->limit, asked->after, why);
    if (err)
        return err;
    for (size_t i = ideas->count; i > 0; i--) {
        const struct idea_entry *idea = ideas->at[i - 1];
        if ((!asked->state || asked->state == idea->state) &&
            (!asked->body.at || text_equal(asked->body, idea->facts.proposal.body)) &&
            listing_takes(&page, idea->proposed.position, ret_reply))
            show(idea, ret_reply);
    }
    listing_close(&page, ret_reply);
    return OK;
}

enum err idea_get_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct idea_one *asked = request->body;
    const struct idea_entry *idea;
    enum err err = find(state, asked->idea, &idea, why);
    if (err)
        return err;
    show(idea, ret_reply);
    reply_version(ret_reply, idea->version);
    reply_subject(ret_reply, idea->id);
    return OK;
}

enum err history_idea_scope(
    const void *state, const struct request *request, struct scope *ret_scope, struct faults *why)
{
    const struct history *asked = request->body;
    const struct idea_entry *idea;
    enum err err = find(state, asked->id, &idea, why);
    if (err)
        return err;
    scope_subject(ret_scope, idea->id);
    return OK;
}

enum err endorsement_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct endorsement_list *asked = request->body;
    const struct idea_entry *idea;
    struct listing page;
    enum err err = find(state, asked->idea, &idea, why);
    if (err == OK)
        err = listing_open(&page, LISTING_OLDEST_FIRST, asked->limit, asked->after, why);
    if (err)
        return err;
    for (size_t i = 0; i < idea->endorsement_count; i++) {
        const struct idea_said *said = &idea->endorsements[i];
        const struct endorsement_view view = {.person = said->person,
            .office = said->office,
            .remark = said->words.len ? said->words : (struct text){0},
            .at = {said->at_ms, true}};
        if (listing_takes(&page, said->position, ret_reply))
            reply_add(ret_reply, endorsement_view_record(), &view);
    }
    listing_close(&page, ret_reply);
    return OK;
}

enum err order_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct ideas *ideas = &((const struct model *)state)->ideas;
    const struct order_list *asked = request->body;
    struct listing page;
    enum err err = listing_open(&page, LISTING_LATEST_FIRST, asked->limit, asked->after, why);
    if (err)
        return err;
    for (size_t i = ideas->order_count; i > 0; i--) {
        const struct order_entry *order = &ideas->orders[i - 1];
        const struct order_view view = {.order = order->facts,
            .person = order->logged.person,
            .office = order->logged.office,
            .position = {(int64_t)order->logged.position, true}};
        if ((!asked->body.at || text_equal(asked->body, order->facts.order.body)) &&
            (!asked->from_day || order->facts.on >= asked->from_day) &&
            (!asked->to_day || order->facts.on <= asked->to_day) &&
            listing_takes(&page, order->logged.position, ret_reply))
            reply_add(ret_reply, order_view_record(), &view);
    }
    listing_close(&page, ret_reply);
    return OK;
}
