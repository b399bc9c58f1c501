/* Offices, who holds them since when, and what is handed over when they change hands. */
#include "apply.h"

#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>

static const char *office_put(struct model *model, const struct happened *happened)
{
    const struct office_new *record = happened->record;
    struct office_entry *office = model_office(model, record->id);
    bool is_new = !office;
    if (is_new != (happened->message == MESSAGE_office_created))
        return is_new ? "an office changed that was never created" : "an office created twice";
    if (is_new) {
        office = calloc(1, sizeof *office);
        must(office);
        office->id = model_keep(record->id);
        office->is = office_read(office->id);
        office->vacant_ms = happened->at_ms;
        catalogue_add(&model->offices, &office->id);
    }
    return apply_packed(&office->packed, happened, office_new_record(), &office->facts);
}

static const char *posting_propose(struct office_entry *office, const struct happened *happened)
{
    const struct posting *record = happened->record;
    struct text office_id;
    uint64_t number;
    if (!model_split(record->id, 'p', &office_id, &number) || !text_equal(office_id, office->id) ||
        number != office->posting_count + 1)
        return "a posting with a number that is not the next of its office";
    office->postings = apply_room(
        office->postings, office->posting_count, &office->posting_room, sizeof *office->postings);
    struct posting_entry *posting = &office->postings[office->posting_count++];
    *posting = (struct posting_entry){.state = POSTING_PROPOSED};
    apply_id(posting->id, record->id);
    apply_id(posting->proposed_by, happened->actor.person);
    return apply_packed(&posting->packed, happened, posting_record(), &posting->facts);
}

static void posting_close(struct posting_entry *posting, const struct happened *happened)
{
    posting->state = POSTING_ENDED;
    posting->ended = happened->position;
    posting->ended_ms = happened->at_ms;
}

/* Whoever holds an office already and is posted to it again goes on: the posting before ends by
 * itself. */
static const char *posting_begin(struct office_entry *office, const struct happened *happened)
{
    struct text office_id, id = ((const struct posting *)happened->record)->id;
    uint64_t number;
    bool split = model_split(id, 'p', &office_id, &number) && text_equal(office_id, office->id);
    if (!split || number > office->posting_count ||
        office->postings[number - 1].state != POSTING_PROPOSED)
        return "a posting began that was not proposed";
    if (office->held)
        posting_close(&office->postings[office->held - 1], happened);
    struct posting_entry *posting = &office->postings[number - 1];
    posting->state = POSTING_HELD;
    posting->began = happened->position;
    posting->began_ms = happened->at_ms;
    apply_id(posting->confirmed_by, happened->actor.person);
    office->held = number;
    office->vacant_ms = 0;
    return NULL;
}

static const char *posting_leave(struct office_entry *office, const struct happened *happened)
{
    const struct posting_one *record = happened->record;
    struct text office_id;
    uint64_t number;
    bool split = model_split(record->posting, 'p', &office_id, &number) &&
                 text_equal(office_id, office->id) && number <= office->posting_count;
    struct posting_entry *posting = split ? &office->postings[number - 1] : NULL;
    bool declined = happened->message == MESSAGE_posting_declined;
    if (!posting || posting->state != (declined ? POSTING_PROPOSED : POSTING_HELD))
        return "a posting ended or was declined that was not there";
    posting->reason = model_keep(record->reason);
    posting_close(posting, happened);
    if (declined) {
        posting->state = POSTING_DECLINED;
        return NULL;
    }
    office->held = 0;
    office->vacant_ms = happened->at_ms;
    return NULL;
}

static const char *handover_open(struct office_entry *office, const struct happened *happened)
{
    const struct handover *record = happened->record;
    struct text office_id;
    uint64_t number;
    if (!model_split(record->id, 'h', &office_id, &number) || number != office->handover_count + 1)
        return "a hand-over with a number that is not the next of its office";
    office->handovers = apply_room(office->handovers, office->handover_count,
        &office->handover_room, sizeof *office->handovers);
    struct handover_entry *handover = &office->handovers[office->handover_count++];
    *handover = (struct handover_entry){.position = happened->position, .left_ms = happened->at_ms};
    apply_id(handover->id, record->id);
    apply_id(handover->outgoing, record->outgoing);
    return NULL;
}

static const char *handover_go_on(struct model *model, const struct happened *happened)
{
    const struct handover_begun *begun = happened->record;
    const struct handover_note *noted = happened->record;
    const struct handover_acknowledge *acknowledged = happened->record;
    struct office_entry *office;
    bool begins = happened->message == MESSAGE_handover_begun;
    bool notes = happened->message == MESSAGE_handover_noted;
    struct handover_entry *handover = model_handover(model,
        begins  ? begun->handover
        : notes ? noted->handover
                : acknowledged->handover,
        &office);
    if (!handover)
        return "an act on a hand-over that was never opened";
    if (begins) {
        apply_id(handover->incoming, begun->incoming);
        handover->came_ms = happened->at_ms;
    } else if (notes) {
        model_drop(&handover->note);
        handover->note = model_keep(noted->note);
    } else
        handover->acknowledged_ms = happened->at_ms;
    return NULL;
}

static const char *in_office(
    struct model *model, struct office_entry *office, const struct happened *happened)
{
    switch (happened->message) {
    case MESSAGE_posting_proposed:
        return posting_propose(office, happened);
    case MESSAGE_posting_began:
        return posting_begin(office, happened);
    case MESSAGE_posting_declined:
    case MESSAGE_posting_ended:
        return posting_leave(office, happened);
    case MESSAGE_handover_opened:
        return handover_open(office, happened);
    default:
        return handover_go_on(model, happened);
    }
}

/* Every event whose subject is an office moves its version, also those of keys. */
const char *apply_offices(struct model *model, const struct happened *happened)
{
    const char *complaint = NULL;
    struct office_entry *office = model_office(model, happened->subject);
    switch (happened->message) {
    case MESSAGE_office_created:
    case MESSAGE_office_changed:
        complaint = office_put(model, happened);
        office = model_office(model, happened->subject);
        break;
    case MESSAGE_posting_proposed:
    case MESSAGE_posting_began:
    case MESSAGE_posting_declined:
    case MESSAGE_posting_ended:
    case MESSAGE_handover_opened:
    case MESSAGE_handover_begun:
    case MESSAGE_handover_noted:
    case MESSAGE_handover_acknowledged:
        complaint = office ? in_office(model, office, happened)
                           : "an act on an office that was never created";
        break;
    default:
        break;
    }
    if (office && !complaint)
        office->version = happened->version;
    return complaint;
}
