/* A line for each thing in the order in which it came. The schedule is left out: it is worked out
 * from the rest when it is asked for. */
#include "digest.h"

#include "model.h"

/* FNV-1a, 64 bits: the digest need only differ where states differ by accident. */
#define MARK_START UINT64_C(0xcbf29ce484222325)

static uint64_t mark(uint64_t hash, int64_t value)
{
    for (int byte = 0; byte < 8; byte++)
        hash = (hash ^ ((uint64_t)value >> 8 * byte & 0xff)) * UINT64_C(0x100000001b3);
    return hash;
}

static uint64_t mark_items(const struct inbox *inbox)
{
    uint64_t hash = MARK_START;
    for (size_t i = 0; i < inbox->count; i++) {
        const struct item *item = &inbox->items[i];
        hash = mark(hash, item->at);
        hash = mark(hash, item->position);
        hash = mark(hash, item->about);
        hash = mark(hash, item->words);
        hash = mark(hash, item->due);
        hash = mark(hash, item->rule);
    }
    return hash;
}

static void digest_inbox(const struct inbox *inbox, struct buf *out)
{
    buf_printf(out, "inbox %s %zu %lx %d %d %d %s %s %d\n", inbox->office_id, inbox->count,
        mark_items(inbox), inbox->from_hour, inbox->to_hour, inbox->weekly,
        inbox->handover ? inbox->handover->id : "", inbox->mail ? inbox->mail : "",
        (int)inbox->language);
    for (size_t i = 0; i < inbox->receipt_count; i++)
        buf_printf(out, " %u by %u\n", inbox->receipts[i].upto, inbox->receipts[i].person);
    for (size_t i = 0; i < inbox->letter_count; i++) {
        const struct letter *letter = &inbox->letters[i];
        buf_printf(out, " %u: %u to %u, %u on %d at %ld\n", letter->position, letter->from,
            letter->upto, letter->unread, letter->on, letter->at);
    }
}

static const char *name_of(const struct inbox *inbox)
{
    return inbox ? inbox->office_id : "";
}

static void digest_thing(const struct thing *thing, struct buf *out)
{
    buf_printf(out, "%d %s (%s)", (int)thing->kind, thing->id, thing->detail ? thing->detail : "");
    switch (thing->kind) {
    case KIND_AGREEMENT:
        buf_printf(out, " %s %u %d %ld %ld %x %x", thing->agreement.body->id,
            thing->agreement.cycle, (int)thing->agreement.state, thing->agreement.submitted_at,
            thing->agreement.signed_at, thing->agreement.begun, thing->agreement.ended);
        break;
    case KIND_DEPENDENCY:
        buf_printf(out, " %d %d", (int)thing->dependency.court, thing->dependency.promised);
        break;
    case KIND_ACTION:
        buf_printf(out, " %s %s %s %d %d", name_of(thing->action.owner),
            name_of(thing->action.verifier), name_of(thing->action.opener),
            (int)thing->action.state, thing->action.due);
        break;
    case KIND_HANDOVER:
        buf_printf(out, " %s %ld", name_of(thing->handover.inbox), thing->handover.begun_at);
        break;
    case KIND_PLAIN:
        break;
    }
    buf_char(out, '\n');
}

void digest_write(const void *state, struct buf *out)
{
    const struct model *model = state;
    for (const struct body_entry *body = model->body_table; body; body = body->hh.next)
        buf_printf(out, "body %s %zu %zu %zu\n", body->id, body->focal.count, body->secretary.count,
            body->minister.count);
    for (const struct inbox *inbox = model->inbox_table; inbox; inbox = inbox->hh.next)
        digest_inbox(inbox, out);
    for (size_t i = 0; i < model->thing_count; i++)
        digest_thing(model->things[i], out);
    for (const struct sent *sent = model->sent_table; sent; sent = sent->hh.next)
        buf_printf(out, "sent %u %u %d %u\n", sent->key.inbox, sent->key.about, sent->key.due,
            sent->key.urgency);
}
