/* Sentences from slots. A unit tells how its numbers are written: "17.8%", "Rs 34 billion", "46
 * minutes". */
#include "sample_text.h"

#include <stdio.h>

static void write_filled(struct buf *out, struct text pattern, struct text with)
{
    for (size_t i = 0; i < pattern.len; i++) {
        if (i + 1 < pattern.len && pattern.at[i] == '{' && pattern.at[i + 1] == '}') {
            buf_text(out, with);
            i++;
        } else {
            buf_char(out, pattern.at[i]);
        }
    }
}

/* Makes the letter at `at` a capital. */
static void raise_letter(struct buf *out, size_t at)
{
    if (at < out->len && out->at[at] >= 'a' && out->at[at] <= 'z')
        out->at[at] = (char)(out->at[at] - 'a' + 'A');
}

void text_place(struct buf *out, const struct place *place)
{
    write_filled(out, place->pattern, place->name);
}

void text_measure(struct buf *out, const struct pick *pick)
{
    struct text metric = pick->measure->metric;
    if (text_starts(metric, TEXT_LITERAL("the ")))
        metric = (struct text){metric.at + 4, metric.len - 4};
    size_t begin = out->len;
    write_filled(out, metric, pick->variant);
    raise_letter(out, begin);
}

/* 32000 as "32,000". */
static void write_number(struct buf *out, int64_t thousandths)
{
    char digits[DECIMAL_TEXT_SIZE];
    (void)decimal_to_text(thousandths, digits);
    size_t whole = strcspn(digits, ".");
    for (size_t i = 0; digits[i]; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0)
            buf_char(out, ',');
        buf_char(out, digits[i]);
    }
}

/* The parts of a unit that stand before, at and behind a number. */
struct unit {
    struct text before, at, behind;
};

static struct unit unit_of(struct text unit)
{
    const struct text currencies[] = {TEXT_LITERAL("US$ "), TEXT_LITERAL("Rs ")};
    for (size_t i = 0; i < 2; i++)
        if (text_starts(unit, currencies[i]))
            return (struct unit){.before = currencies[i],
                .behind = {unit.at + currencies[i].len, unit.len - currencies[i].len}};
    if (text_starts(unit, TEXT_LITERAL("% ")))
        return (struct unit){.at = TEXT_LITERAL("%"), .behind = {unit.at + 2, unit.len - 2}};
    return (struct unit){.behind = unit};
}

static void write_value(struct buf *out, const struct unit *unit, int64_t value, bool in_full)
{
    buf_text(out, unit->before);
    write_number(out, value);
    buf_text(out, unit->at);
    if (in_full && unit->behind.len) {
        buf_char(out, ' ');
        buf_text(out, unit->behind);
    }
}

static void write_day(struct buf *out, int32_t day)
{
    static const char *const months[] = {"January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December"};
    buf_printf(out, "%d %s %d", day % 100, months[day / 100 % 100 - 1], day / 10000);
}

static const char *verb(struct dice *dice, enum direction direction)
{
    static const char *const verbs[][3] = {
        [DIRECTION_UP] = {"raise", "increase", "lift"},
        [DIRECTION_DOWN] = {"reduce", "cut", "lower"},
        [DIRECTION_KEEP] = {"keep", "keep", "hold"},
    };
    return verbs[direction][dice_below(dice, 3)];
}

static void write_subject(struct buf *out, const char *does, const struct pick *pick)
{
    buf_printf(out, "%s ", does);
    write_filled(out, pick->measure->metric, pick->variant);
    buf_char(out, ' ');
    buf_text(out, pick->place.preposition);
    buf_char(out, ' ');
    text_place(out, &pick->place);
}

static void write_range(
    struct buf *out, const struct unit *unit, const struct target_promise *promise)
{
    buf_str(out, " from ");
    write_value(out, unit, promise->baseline.thousandths, false);
    buf_str(out, " to ");
    write_value(out, unit, promise->target_value.thousandths, true);
}

void text_statement(struct dice *dice, struct buf *out, const struct pick *pick,
    const struct target_promise *promise)
{
    struct unit unit = unit_of(pick->measure->unit);
    const char *does = verb(dice, promise->direction);
    uint32_t form = promise->direction == DIRECTION_KEEP ? 3 : dice_below(dice, 3);
    size_t begin = out->len;
    if (form == 0) {
        write_subject(out, does, pick);
        write_range(out, &unit, promise);
        buf_str(out, " by ");
        write_day(out, promise->target_on);
    } else if (form == 1) {
        buf_str(out, "by ");
        write_day(out, promise->target_on);
        buf_str(out, ", ");
        write_subject(out, does, pick);
        write_range(out, &unit, promise);
    } else {
        write_subject(out, does, pick);
        buf_str(out, form == 3 ? " at " : " to ");
        write_value(out, &unit, promise->target_value.thousandths, true);
        buf_str(out, form == 3 ? " until " : " by ");
        write_day(out, promise->target_on);
        buf_str(out, ", against ");
        write_value(out, &unit, promise->baseline.thousandths, false);
        buf_str(out, " on ");
        write_day(out, promise->baseline_on);
    }
    if (dice_percent(dice, 65)) {
        buf_str(out, " (source: ");
        buf_text(out, promise->source);
        buf_char(out, ')');
    }
    buf_char(out, '.');
    raise_letter(out, begin);
}

void text_baseline_source(struct dice *dice, struct buf *out, struct text source)
{
    static const char *const forms[] = {
        ", as it stood on that day",
        ", fiscal year 2020-21",
        ", as printed in the yearbook of 2021",
        ", checked by the internal auditor",
    };
    size_t begin = out->len;
    buf_text(out, source);
    buf_str(out, forms[dice_below(dice, 4)]);
    raise_letter(out, begin);
}
