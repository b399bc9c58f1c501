/* What an agreement says: its targets in order, the rulings on them, the threads, and the
 * amendment that is under way. */
#include "apply.h"

#include "base/must.h"
#include "schema/pack.h"

#include <stdlib.h>

static const char *target_put(struct agreement_entry *agreement, const struct happened *happened)
{
    uint32_t number = model_number(happened->about);
    struct target_entry *target = NULL;
    if (happened->message == MESSAGE_target_changed) {
        target = model_target(agreement, number);
        if (!target)
            return "a target changed that is not there";
        model_drop(&target->packed);
    } else {
        agreement->targets = model_room(agreement->targets, agreement->target_count,
            &agreement->target_room, sizeof *agreement->targets);
        target = &agreement->targets[agreement->target_count++];
        *target = (struct target_entry){.number = number};
    }
    target->packed = model_copy(happened->data);
    return NULL;
}

static const char *target_drop(struct agreement_entry *agreement, const struct happened *happened)
{
    struct target_entry *target = model_target(agreement, model_number(happened->about));
    if (!target)
        return "a target removed that is not there";
    model_drop(&target->packed);
    size_t place = (size_t)(target - agreement->targets);
    memmove(target, target + 1, (--agreement->target_count - place) * sizeof *target);
    return NULL;
}

static const char *reorder(struct agreement_entry *agreement, const struct happened *happened)
{
    const struct agreement_reorder *said = happened->record;
    if (said->order.head.count != agreement->target_count)
        return "a new order that does not name every target";
    for (uint32_t i = 0; i < said->order.head.count; i++) {
        struct target_entry *target = model_target(agreement, model_number(said->order.at[i]));
        if (!target || target < agreement->targets + i)
            return "a new order with a target that is not there, or there twice";
        struct target_entry moved = *target;
        memmove(agreement->targets + i + 1, agreement->targets + i,
            (size_t)(target - agreement->targets - i) * sizeof moved);
        agreement->targets[i] = moved;
    }
    return NULL;
}

/* A ruling stands until the text changes; an agreement is frozen only when every target has one
 * that stands, so that the last one is it. */
static const char *rule(struct agreement_entry *agreement, const struct happened *happened)
{
    const struct ruling *ruling = happened->record;
    struct target_entry *target = model_target(agreement, model_number(ruling->made.target));
    if (!target)
        return "a ruling on a target that is not there";
    target->verdict = (uint8_t)ruling->made.verdict;
    target->ruled_class = (uint8_t)ruling->made.class;
    target->enables = model_number(ruling->made.serves);
    return NULL;
}

static const char *thread_close(struct agreement_entry *agreement, const struct happened *happened)
{
    const struct thread_close *said = happened->record;
    if (agreement->threads_accepted + agreement->threads_answered == agreement->threads)
        return "a thread closed that was not open";
    if (said->outcome == THREAD_ACCEPTED)
        agreement->threads_accepted++;
    else
        agreement->threads_answered++;
    return NULL;
}

void apply_forget(struct amendment_entry *amendment)
{
    for (size_t i = 0; i < amendment->count; i++)
        model_drop(&amendment->changes[i]);
    amendment->count = 0;
    model_drop(&amendment->packed);
}

static void amendment_begin(struct amendment_entry *amendment, const struct happened *happened)
{
    struct faults why = {0};
    apply_forget(amendment);
    amendment->packed = model_copy(happened->data);
    amendment->facts = (struct amendment_proposed){0};
    must(pack_read_trusted(
             amendment_proposed_record(), amendment->packed, &amendment->facts, &why) == OK);
}

static const char *amendment_grow(
    struct agreement_entry *agreement, const struct happened *happened)
{
    const struct amendment_changed *said = happened->record;
    struct amendment_entry *amendment = &agreement->amendment;
    if (!text_equal(said->amendment, amendment->facts.id) ||
        !model_target(agreement, model_number(said->change.target)))
        return "a change of an amendment or a target that is not there";
    amendment->changes = model_room(
        amendment->changes, amendment->count, &amendment->room, sizeof *amendment->changes);
    amendment->changes[amendment->count++] = model_copy(happened->data);
    return NULL;
}

void apply_amendment(struct agreement_entry *agreement)
{
    struct amendment_entry *amendment = &agreement->amendment;
    for (size_t i = 0; i < amendment->count; i++) {
        struct amendment_changed changed = {0};
        struct faults why = {0};
        must(pack_read_trusted(amendment_changed_record(), amendment->changes[i], &changed, &why) ==
             OK);
        struct target_entry *target = model_target(agreement, model_number(changed.change.target));
        must(target);
        struct target_promised promised = {
            .id = changed.change.target, .promise = changed.change.promise};
        BUF_CLEANUP struct buf packed = BUF(1u << 17);
        pack_write(target_promised_record(), &promised, &packed);
        must(!packed.full);
        model_drop(&target->packed);
        target->packed = model_copy(buf_as_text(&packed));
        target->verdict = target->ruled_class = 0; /* the committee ruled on other words */
        target->enables = 0;
    }
    apply_forget(amendment);
}

const char *apply_text(struct agreement_entry *agreement, const struct happened *happened)
{
    switch ((int)happened->message) {
    case MESSAGE_target_drafted:
    case MESSAGE_target_changed:
        return target_put(agreement, happened);
    case MESSAGE_target_removed:
        return target_drop(agreement, happened);
    case MESSAGE_agreement_reordered:
        return reorder(agreement, happened);
    case MESSAGE_target_ruled:
        return rule(agreement, happened);
    case MESSAGE_thread_opened:
        agreement->threads++;
        return NULL;
    case MESSAGE_thread_closed:
        return thread_close(agreement, happened);
    case MESSAGE_amendment_proposed:
        amendment_begin(&agreement->amendment, happened);
        return NULL;
    case MESSAGE_amendment_changed:
        return amendment_grow(agreement, happened);
    default:
        return NULL;
    }
}
