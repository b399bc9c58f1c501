/* A ruling stands as long as the words do: every change of a target, in a draft or by an amendment,
 * keeps it anew without one. */
#include "promised.h"

#include "base/must.h"
#include "schema/pack.h"

#include <stdlib.h>

/* What a target counts as until the committee rules: what both opinions of the checker say, else
 * what the drafter says. */
static enum target_class class_of(const struct target_promised *promised)
{
    bool sure = promised->has_check && promised->check.agreed == FLAG_YES;
    return sure ? promised->check.class : promised->promise.class;
}

/* Fills in all that follows from the event, and counts it. `packed` is what `promised` was read
 * from. */
static void keep(struct agreement_entry *agreement, struct target_entry *target,
    const struct happened *happened, const struct target_promised *promised, struct text packed)
{
    enum target_class class = class_of(promised);
    struct kept *kept = kept_new(&promised->promise, class, packed, &agreement->cycle->facts);
    *target = (struct target_entry){
        .number = target->number,
        .order = target->order,
        .version = happened->version,
        .position = happened->position,
        .changed_at = happened->at_ms,
        .kept = kept,
        .weight = (int32_t)promised->promise.weight.thousandths,
        .amendment = target->amendment,
        .class = (uint8_t) class,
        .direction = (uint8_t)promised->promise.direction,
        .phasing_flag = kept->phasing_flag,
        .ambition = kept->verdict,
        .quality = kept->quality.sum,
    };
    sums_count(&agreement->sums, target, 1);
}

static void forget(struct agreement_entry *agreement, struct target_entry *target)
{
    sums_count(&agreement->sums, target, -1);
    free(target->kept);
}

static struct target_entry *append(struct agreement_entry *agreement, uint32_t number)
{
    if (agreement->target_count == agreement->target_room) {
        agreement->target_room += agreement->target_room / 2 + 16;
        agreement->targets =
            realloc(agreement->targets, agreement->target_room * sizeof *agreement->targets);
        must(agreement->targets);
    }
    struct target_entry *target = &agreement->targets[agreement->target_count++];
    *target = (struct target_entry){.number = number, .order = (uint32_t)agreement->target_count};
    agreement->next_number = number + 1;
    return target;
}

const char *promised_put(struct agreement_entry *agreement, const struct happened *happened)
{
    const struct target_promised *record = happened->record;
    struct text id;
    uint32_t number;
    if (!model_split_target(record->id, &id, &number))
        return "a target without a number";
    struct target_entry *target;
    if (happened->message == MESSAGE_target_drafted) {
        if (number < agreement->next_number)
            return "a target drafted under a number that was used before";
        target = append(agreement, number);
    } else {
        target = model_target(agreement, number);
        if (!target)
            return "a target changed that is not there";
        forget(agreement, target);
    }
    keep(agreement, target, happened, record, happened->data);
    return NULL;
}

static struct target_entry *target_about(
    const struct agreement_entry *agreement, const struct happened *happened)
{
    struct text id;
    uint32_t number;
    bool split = model_split_target(happened->about, &id, &number);
    return split ? model_target(agreement, number) : NULL;
}

const char *promised_drop(struct agreement_entry *agreement, const struct happened *happened)
{
    struct target_entry *target = target_about(agreement, happened);
    if (!target)
        return "a target removed that is not there";
    uint32_t order = target->order;
    forget(agreement, target);
    size_t behind = agreement->target_count - (size_t)(target - agreement->targets) - 1;
    memmove(target, target + 1, behind * sizeof *target);
    if (order < agreement->target_count--) { /* others move up, and show it */
        agreement->shown_version = happened->version;
        for (size_t i = 0; i < agreement->target_count; i++)
            agreement->targets[i].order -= agreement->targets[i].order > order;
    }
    return NULL;
}

const char *promised_rule(
    struct model *model, struct agreement_entry *agreement, const struct happened *happened)
{
    const struct ruling *ruling = happened->record;
    struct target_entry *target = target_about(agreement, happened);
    struct text id;
    uint32_t served = 0;
    if (!target)
        return "a ruling on a target that is not there";
    if (ruling->made.serves.len && !model_split_target(ruling->made.serves, &id, &served))
        return "a ruling that names no target as the one that is served";
    sums_count(&agreement->sums, target, -1);
    target->verdict = (uint8_t)ruling->made.verdict;
    target->class = (uint8_t)ruling->made.class;
    target->enables = served;
    target->version = happened->version;
    target->position = happened->position;
    target->changed_at = happened->at_ms;
    quality_reclass(&target->kept->quality, ruling->made.class);
    target->quality = target->kept->quality.sum;
    sums_count(&agreement->sums, target, 1);
    if (model->checker)
        checker_learn(model->checker, ruling->statement, ruling->made.class);
    model->rulings++;
    return NULL;
}

const char *promised_amend(struct agreement_entry *agreement, const struct amendment_text *text,
    const struct happened *happened)
{
    struct target_entry *target = model_target(agreement, text->number);
    struct target_promised promised;
    struct faults why = {0};
    if (!target)
        return "a target amended that is not there";
    memset(&promised, 0, sizeof promised);
    if (pack_read_trusted(target_promised_record(), text->packed, &promised, &why) != OK)
        return "the text of an amendment cannot be read";
    forget(agreement, target);
    target->amendment = (uint16_t)agreement->amendment_count;
    keep(agreement, target, happened, &promised, text->packed);
    return NULL;
}
