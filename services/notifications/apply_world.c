/* Bodies, and offices with their seats. An office has its inbox from its first day to its last,
 * whoever holds it. */
#include "apply.h"

#include "base/must.h"

#include <stdlib.h>

#define QUIET_FROM 20 /* as in the record quiet */
#define QUIET_TO   8

/* The name of an inbox is an id too: an office with a longer one than this has none. */
#define OFFICE_MOST (ID_MAX - (sizeof INBOX_PREFIX - 1))

static struct body_entry *body_put(struct model *model, struct text id)
{
    struct body_entry *body = model_body(model, id);
    if (body)
        return body;
    must(id.len <= ID_MAX && (body = calloc(1, sizeof *body)));
    memcpy(body->id, id.at, id.len);
    HASH_ADD_KEYPTR(hh, model->body_table, body->id, id.len, body);
    return body;
}

static struct seats *seats_of(struct model *model, const struct office *office)
{
    if (!office->body.len)
        return &model->centre[office->role];
    struct body_entry *body = body_put(model, office->body);
    switch ((int)office->role) {
    case ROLE_SECRETARY:
        return &body->secretary;
    case ROLE_MINISTER:
        return &body->minister;
    default:
        return &body->focal;
    }
}

static const char *office_put(struct model *model, const struct happened *happened)
{
    const struct office_new *record = happened->record;
    struct office office = office_read(record->id);
    if (!office.role || model_inbox(model, record->id))
        return "an office that is none, or that was created twice";
    if (record->id.len > OFFICE_MOST)
        return NULL;
    struct inbox *inbox = calloc(1, sizeof *inbox);
    must(inbox);
    memcpy(inbox->office_id, record->id.at, record->id.len);
    inbox->office = office_read(text_of(inbox->office_id));
    inbox->from_hour = QUIET_FROM;
    inbox->to_hour = QUIET_TO;
    size_t count = HASH_COUNT(model->inbox_table);
    if (count == model->inbox_room) {
        model->inbox_room = 2 * model->inbox_room + 64;
        model->inboxes = realloc(model->inboxes, model->inbox_room * sizeof *model->inboxes);
        must(model->inboxes);
    }
    model->inboxes[count] = inbox;
    inbox->number = (uint32_t)count + 1;
    HASH_ADD_KEYPTR(hh, model->inbox_table, inbox->office_id, record->id.len, inbox);
    struct seats *seats = seats_of(model, &inbox->office);
    must(seats->at = realloc(seats->at, (seats->count + 1) * sizeof *seats->at));
    seats->at[seats->count++] = inbox;
    return NULL;
}

const char *apply_world(struct model *model, const struct happened *happened)
{
    const char *complaint = bodies_apply(model->bodies, happened);
    if (complaint)
        return complaint;
    switch ((int)happened->message) {
    case MESSAGE_body_registered:
        (void)body_put(model, ((const struct body *)happened->record)->id);
        return NULL;
    case MESSAGE_office_created:
        return office_put(model, happened);
    default: /* told by things, or nobody's news */
        return NULL;
    }
}
