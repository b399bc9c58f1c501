/* Finding things. */
#include "model.h"

#include "rules.h"

#include "base/hashes.h"
#include "base/must.h"

#include <stdlib.h>

#define PERIODS_MOST 24

void *model_new(void)
{
    struct model *model = calloc(1, sizeof *model);
    must(model);
    model->bodies = bodies_new();
    for (int message = 0; message < MESSAGE_COUNT; message++)
        model->rule_first[message] = rules_first((enum message)message);
    schedule_forget(&model->schedule);
    return model;
}

static void free_body(struct body_entry *body)
{
    free(body->focal.at);
    free(body->secretary.at);
    free(body->minister.at);
    free(body);
}

static void free_inbox(struct inbox *inbox)
{
    free(inbox->items);
    free(inbox->receipts);
    free(inbox->letters);
    free(inbox->mail);
    free(inbox);
}

static void free_thing(struct thing *thing)
{
    free(thing->detail);
    free(thing);
}

void model_free(void *state)
{
    struct model *model = state;
    if (!model)
        return;
    HASHES_FREE(model->inbox_table, inbox, free_inbox);
    HASHES_FREE(model->body_table, body_entry, free_body);
    HASHES_FREE(model->thing_table, thing, free_thing);
    HASHES_FREE(model->sent_table, sent, free);
    for (int role = 0; role <= ROLE_CLOCK; role++)
        free(model->centre[role].at);
    free(model->inboxes);
    free(model->things);
    schedule_free(&model->schedule);
    bodies_free(model->bodies);
    free(model);
}

struct inbox *model_inbox(const struct model *model, struct text office)
{
    struct inbox *inbox = NULL;
    if (office.len)
        HASH_FIND(hh, model->inbox_table, office.at, office.len, inbox);
    return inbox;
}

struct body_entry *model_body(const struct model *model, struct text id)
{
    struct body_entry *body = NULL;
    if (id.len)
        HASH_FIND(hh, model->body_table, id.at, id.len, body);
    return body;
}

struct thing *model_thing(const struct model *model, struct text id)
{
    struct thing *thing = NULL;
    if (id.len)
        HASH_FIND(hh, model->thing_table, id.at, id.len, thing);
    return thing;
}

struct thing *model_of_kind(const struct model *model, struct text id, enum kind kind)
{
    struct thing *thing = model_thing(model, id);
    return thing && thing->kind == kind ? thing : NULL;
}

struct text model_id(const struct thing *thing)
{
    return (struct text){thing->id, thing->len};
}

struct thing *model_at(const struct model *model, uint32_t number)
{
    must(number > 0 && number <= model->thing_count);
    return model->things[number - 1];
}

bool model_report(
    const struct model *model, struct text id, struct thing **ret_agreement, unsigned *ret_period)
{
    struct text period, agreement = text_cut(id, '.', &period);
    uint64_t number;
    if (!text_starts(period, TEXT_LITERAL("q")))
        return false;
    if (!text_whole((struct text){period.at + 1, period.len - 1}, PERIODS_MOST, &number) || !number)
        return false;
    struct thing *thing = model_of_kind(model, agreement, KIND_AGREEMENT);
    if (!thing)
        return false;
    *ret_agreement = thing;
    *ret_period = (unsigned)number;
    return true;
}

bool model_was_sent(const struct model *model, const struct sent_key *key)
{
    struct sent *sent = NULL;
    HASH_FIND(hh, model->sent_table, key, sizeof *key, sent);
    return sent != NULL;
}

uint32_t model_read(const struct inbox *inbox)
{
    return inbox->receipt_count ? inbox->receipts[inbox->receipt_count - 1].upto : 0;
}

uint32_t model_digested(const struct inbox *inbox)
{
    return inbox->letter_count ? inbox->letters[inbox->letter_count - 1].upto : 0;
}
