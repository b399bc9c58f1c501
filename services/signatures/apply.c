/* Events were checked when they were decided, so the fold does not check again what a rule says; it
 * only refuses what has no place to stand, because then the ledger is not the one it believes in.
 */
#include "apply.h"

#include "base/must.h"
#include "schema/pack.h"

#include <stdlib.h>

static void put_notion(struct notion **notions, struct text id, struct text packed)
{
    struct notion *notion = NULL;
    HASH_FIND(hh, *notions, id.at, id.len, notion);
    if (!notion) {
        must(id.len <= ID_MAX && (notion = calloc(1, sizeof *notion)));
        memcpy(notion->id, id.at, id.len);
        HASH_ADD_KEYPTR(hh, *notions, notion->id, id.len, notion);
    }
    model_drop(&notion->packed);
    notion->packed = model_copy(packed);
}

/* Office, posting, hand-over and key events have the office as their subject. */
static void touch_seat(struct model *model, const struct happened *happened)
{
    struct text id = happened->subject;
    struct seat *seat = NULL;
    HASH_FIND(hh, model->seats, id.at, id.len, seat);
    if (!seat) {
        must(id.len <= ID_MAX && (seat = calloc(1, sizeof *seat)));
        memcpy(seat->id, id.at, id.len);
        HASH_ADD_KEYPTR(hh, model->seats, seat->id, id.len, seat);
    }
    seat->version = happened->version;
    if (happened->message == MESSAGE_posting_began)
        seat->taken_ms = happened->at_ms;
}

static struct agreement_entry *open_agreement(struct model *model, const struct happened *happened)
{
    struct agreement_opened opened = {0};
    struct faults why = {0};
    struct text id = happened->subject;
    struct agreement_entry *agreement = calloc(1, sizeof *agreement);
    must(agreement && id.len <= ID_MAX);
    memcpy(agreement->id, id.at, id.len);
    agreement->packed = model_copy(happened->data);
    must(pack_read_trusted(agreement_opened_record(), agreement->packed, &opened, &why) == OK);
    agreement->facts = opened.opened;
    HASH_ADD_KEYPTR(hh, model->agreements, agreement->id, id.len, agreement);
    return agreement;
}

/* Every event of an agreement comes here; where it stands follows shared/facts/life.def. */
static const char *apply_agreement(struct model *model, const struct happened *happened)
{
    struct agreement_entry *agreement = model_agreement(model, happened->subject);
    enum agreement_state state = agreement ? agreement->state : agreement_state_UNSET;
    enum agreement_state after = life_after(happened->message, state);
    if (!after)
        return "an agreement was not in a state in which that happens";
    if (!agreement)
        agreement = open_agreement(model, happened);
    agreement->state = after;
    agreement->public = agreement->public || life_is_in_force(after);
    agreement->version = happened->version;
    agreement->position = happened->position;
    const char *complaint = apply_text(agreement, happened);
    return complaint ? complaint : apply_paper(model, agreement, happened);
}

static const char *apply_world(struct model *model, const struct happened *happened)
{
    switch ((int)happened->message) {
    case MESSAGE_cycle_created:
        put_notion(&model->cycle_notions, happened->subject, happened->data);
        return NULL;
    case MESSAGE_body_registered:
    case MESSAGE_body_changed:
        put_notion(&model->body_notions, happened->subject, happened->data);
        return bodies_apply(model->bodies, happened);
    case MESSAGE_office_created:
    case MESSAGE_office_changed:
    case MESSAGE_posting_proposed:
    case MESSAGE_posting_began:
    case MESSAGE_posting_declined:
    case MESSAGE_posting_ended:
    case MESSAGE_handover_opened:
    case MESSAGE_handover_begun:
    case MESSAGE_handover_noted:
    case MESSAGE_handover_acknowledged:
    case MESSAGE_key_proposed:
    case MESSAGE_key_enrolled:
    case MESSAGE_key_declined:
    case MESSAGE_key_revoked:
        touch_seat(model, happened);
        return keys_apply(model->keys, happened);
    case MESSAGE_draw_announced:
    case MESSAGE_draw_made:
        draws_apply(&model->draws, happened);
        return NULL;
    default:
        return NULL;
    }
}

void apply_entry(void *state, const struct happened *happened)
{
    struct model *model = state;
    struct digest leaf = merkle_leaf(happened->entry);
    must(merkle_add(model->tree, &leaf));
    model->position = happened->position;
    draws_pass(&model->draws, happened->position, happened->at_ms);
}

const char *apply_event(void *state, const struct happened *happened)
{
    struct model *model = state;
    return life_concerns(happened->message) ? apply_agreement(model, happened)
                                            : apply_world(model, happened);
}
