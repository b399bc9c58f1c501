/* What a body promises, as far as a ruling is about it. A ruling stands on a text: with a new text,
 * drafted or amended, the target has none. */
#include "apply.h"

#include "base/must.h"

#include <stdlib.h>

static uint8_t class_by_check(const struct check *check, bool given)
{
    return given && check->agreed == FLAG_YES ? (uint8_t)check->class : 0;
}

/* Units of which nobody can have less than nothing, by their first word. */
static bool is_counted(struct text unit)
{
    static const char *const words[] = {"number", "persons", "people", "households", "families",
        "children", "women", "patients", "students", "schools", "cases", "deaths", "days", "hours",
        "minutes", "months", "weeks", "km", "MW"};
    struct text rest, first = text_cut(unit, ' ', &rest);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_is(first, words[i]))
            return true;
    return false;
}

/* A share of something: "%", "% of girls". "% a year" is a rate, which may fall below nothing. */
static bool is_share(struct text unit)
{
    return text_is(unit, "%") || text_is(unit, "percent") ||
           text_starts(unit, TEXT_LITERAL("% of ")) ||
           text_starts(unit, TEXT_LITERAL("percent of "));
}

static struct measure measure_of(const struct target_promise *promise)
{
    size_t count = promise->milestones.head.count;
    struct measure measure = {.baseline = promise->baseline.thousandths,
        .periods = (uint8_t)count,
        .direction = (uint8_t)promise->direction,
        .in_season = promise->season.len > 0,
        .is_share = is_share(promise->unit),
        .never_negative = is_counted(promise->unit)};
    must(measure.milestones = calloc(count + 1, sizeof *measure.milestones));
    for (size_t i = 0; i <= count; i++) {
        int64_t value = i < count ? promise->milestones.at[i] : measure.baseline;
        measure.milestones[i] = value;
        measure.is_share = measure.is_share && value >= 0 && value <= 100 * DECIMAL_ONE;
        measure.never_negative = measure.never_negative && value >= 0;
    }
    return measure;
}

static struct target_entry target_of(uint32_t number, const struct target_promise *promise,
    const struct check *check, bool has_check)
{
    return (struct target_entry){.number = number,
        .weight = (int32_t)promise->weight.thousandths,
        .statement = (char *)(uintptr_t)apply_own(promise->statement).at,
        .statement_len = promise->statement.len,
        .class = (uint8_t)promise->class,
        .checked = class_by_check(check, has_check),
        .measure = measure_of(promise)};
}

/* Takes `target`. Numbers come in order, so that a new one is the last. */
static void target_put(struct agreement_entry *agreement, struct target_entry target)
{
    struct target_entry *old = model_target(agreement, target.number);
    if (old) {
        target.needs = old->needs;
        target.need_count = old->need_count;
        free(old->statement);
        free(old->measure.milestones);
        *old = target;
        return;
    }
    if (agreement->target_count == agreement->target_room) {
        agreement->target_room += agreement->target_room / 2 + 16;
        agreement->targets =
            realloc(agreement->targets, agreement->target_room * sizeof *agreement->targets);
        must(agreement->targets);
    }
    agreement->targets[agreement->target_count++] = target;
}

static const char *promise_put(struct agreement_entry *agreement, const struct happened *happened)
{
    const struct target_promised *record = happened->record;
    struct text id;
    uint32_t number;
    if (!model_split_target(record->id, &id, &number) || !text_is(id, agreement->id))
        return "a target of another agreement than it stands in";
    bool is_new = !model_target(agreement, number);
    size_t count = agreement->target_count;
    if (is_new != (happened->message == MESSAGE_target_drafted))
        return is_new ? "a target changed that is not there" : "a target drafted twice";
    if (is_new && count && number < agreement->targets[count - 1].number)
        return "a target drafted under a number that was used before";
    target_put(agreement, target_of(number, &record->promise, &record->check, record->has_check));
    return NULL;
}

static const char *target_drop(struct agreement_entry *agreement, const struct happened *happened)
{
    struct text id;
    uint32_t number;
    struct target_entry *target =
        model_split_target(happened->about, &id, &number) ? model_target(agreement, number) : NULL;
    if (!target)
        return "a target removed that is not there";
    free(target->statement);
    free(target->measure.milestones);
    free(target->needs);
    size_t behind = agreement->target_count - (size_t)(target - agreement->targets) - 1;
    memmove(target, target + 1, behind * sizeof *target);
    agreement->target_count--;
    return NULL;
}

static const char *amended_add(struct agreement_entry *agreement, const struct happened *happened)
{
    const struct amendment_changed *record = happened->record;
    const struct amendment_change *change = &record->change;
    struct text id;
    uint32_t number;
    if (!model_split_target(change->target, &id, &number) || !model_target(agreement, number))
        return "an amendment of a target that is not there";
    size_t count = agreement->amended_count + 1;
    must(agreement->amended = realloc(agreement->amended, count * sizeof *agreement->amended));
    agreement->amended[agreement->amended_count] =
        target_of(number, &change->promise, &record->check, record->has_check);
    agreement->amended_count = count;
    return NULL;
}

/* Ends the amendment under way, in force or given up. */
static const char *amended_end(struct agreement_entry *agreement, bool in_force)
{
    for (size_t i = 0; i < agreement->amended_count; i++)
        if (in_force)
            target_put(agreement, agreement->amended[i]);
        else {
            free(agreement->amended[i].statement);
            free(agreement->amended[i].measure.milestones);
        }
    agreement->amended_count = 0;
    return NULL;
}

const char *apply_promise(struct agreement_entry *agreement, const struct happened *happened)
{
    switch ((int)happened->message) {
    case MESSAGE_target_drafted:
    case MESSAGE_target_changed:
        return promise_put(agreement, happened);
    case MESSAGE_target_removed:
        return target_drop(agreement, happened);
    case MESSAGE_amendment_changed:
        return amended_add(agreement, happened);
    case MESSAGE_agreement_amended:
        return amended_end(agreement, true);
    case MESSAGE_amendment_proposed:
    case MESSAGE_amendment_dropped:
        return amended_end(agreement, false);
    default: /* only its state changes */
        return NULL;
    }
}
