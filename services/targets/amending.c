/* The event of a changed target says more than the target itself (why, and the effect on the
 * score), so here, and only here, a part of the ledger is packed a second time: as the record that
 * a view of the target begins with. */
#include "amending.h"

#include "promised.h"

#include "base/must.h"
#include "schema/pack.h"

#include <stdlib.h>

#define PACKED_MAX 65536 /* of one event */

static void free_texts(struct amendment_entry *amendment)
{
    for (size_t i = 0; i < amendment->text_count; i++)
        free((void *)(uintptr_t)amendment->texts[i].packed.at);
    free(amendment->texts);
    amendment->texts = NULL;
    amendment->text_count = 0;
}

void amending_free(struct agreement_entry *agreement)
{
    for (size_t i = 0; i < agreement->amendment_count; i++) {
        free_texts(&agreement->amendments[i]);
        free((void *)(uintptr_t)agreement->amendments[i].packed.at);
    }
    free(agreement->amendments);
}

const char *amending_propose(struct agreement_entry *agreement, const struct happened *happened)
{
    const struct amendment_proposed *record = happened->record;
    size_t count = agreement->amendment_count + 1;
    char id[TARGET_ID_SIZE];
    if (count > UINT16_MAX || !text_equal(record->id, model_amendment_id(agreement, count, id)))
        return "an amendment with another number than the next";
    struct buf packed = BUF(PACKED_MAX);
    buf_text(&packed, happened->data);
    agreement->amendments = realloc(agreement->amendments, count * sizeof *agreement->amendments);
    must(!packed.full && agreement->amendments);
    struct amendment_entry *amendment = &agreement->amendments[agreement->amendment_count++];
    *amendment = (struct amendment_entry){
        .position = happened->position,
        .at_ms = happened->at_ms,
        .weight = (int32_t)record->weight.thousandths,
    };
    amendment->packed.at = buf_take(&packed, &amendment->packed.len);
    return NULL;
}

const char *amending_change(struct agreement_entry *agreement, const struct happened *happened)
{
    const struct amendment_changed *record = happened->record;
    struct amendment_entry *amendment = model_pending(agreement);
    struct text id;
    uint32_t number;
    if (!amendment || !model_split_target(record->change.target, &id, &number))
        return "a change of an amendment that was never proposed";
    struct target_promised promised = {.id = record->change.target,
        .promise = record->change.promise,
        .check = record->check,
        .has_check = record->has_check};
    struct buf packed = BUF(PACKED_MAX);
    struct text text;
    pack_write(target_promised_record(), &promised, &packed);
    must(!packed.full);
    text.at = buf_take(&packed, &text.len);
    size_t count = amendment->text_count + 1;
    amendment->texts = realloc(amendment->texts, count * sizeof *amendment->texts);
    must(amendment->texts);
    amendment->texts[amendment->text_count++] = (struct amendment_text){number, text};
    return NULL;
}

const char *amending_enter(struct agreement_entry *agreement, const struct happened *happened)
{
    struct amendment_entry *amendment = model_pending(agreement);
    const char *complaint = amendment ? NULL : "an amendment in force that was never proposed";
    for (size_t i = 0; amendment && i < amendment->text_count && !complaint; i++)
        complaint = promised_amend(agreement, &amendment->texts[i], happened);
    if (complaint)
        return complaint;
    amendment->in_force = true;
    amendment->in_force_ms = happened->at_ms;
    free_texts(amendment);
    return NULL;
}

void amending_drop(struct agreement_entry *agreement)
{
    struct amendment_entry *amendment = model_pending(agreement);
    if (!amendment)
        return;
    amendment->dropped = true;
    free_texts(amendment);
}
