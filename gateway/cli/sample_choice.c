/* Every measure of a body is a line of possible promises, one for each place and variant. Chance
 * shuffles the line, and turn by turn each line gives one until the body has enough. */
#include "sample_choice.h"

#include "base/must.h"

#include <stdlib.h>

#define LINES_MAX     24
#define POSSIBLE_MAX  512
#define OUTPUT_LEAST  18 /* percent of the promises of a body */
#define OUTPUT_MOST   24
#define PROCESS_LEAST 6
#define PROCESS_MOST  9

struct line {
    const struct measure *measure;
    uint32_t variants, possible, taken;
    uint16_t order[POSSIBLE_MAX];
};

struct lines {
    size_t count;
    struct line at[LINES_MAX];
};

static const struct places *places_of(struct text kind)
{
    const struct sample_tables *tables = sample_tables();
    for (size_t i = 0; i < tables->place_count; i++)
        if (text_equal(tables->places[i].kind, kind))
            return &tables->places[i];
    must(!"a kind of place that is not known");
    return NULL;
}

/* A measure may name several kinds of places, "division+agency". */
static uint32_t place_count(const struct measure *measure)
{
    uint32_t count = 0;
    for (struct text rest = measure->places; rest.at;)
        count += cell_count(places_of(text_cut(rest, '+', &rest))->names);
    return count;
}

static struct place place_at(const struct measure *measure, uint32_t index)
{
    for (struct text rest = measure->places; rest.at;) {
        const struct places *places = places_of(text_cut(rest, '+', &rest));
        uint32_t count = cell_count(places->names);
        if (index < count)
            return (struct place){
                places->preposition, places->pattern, cell_item(places->names, index)};
        index -= count;
    }
    must(!"a place beyond the last");
    return (struct place){0};
}

static void shuffle(struct dice *dice, struct line *line)
{
    for (uint32_t i = 0; i < line->possible; i++)
        line->order[i] = (uint16_t)i;
    for (uint32_t i = line->possible; i > 1; i--) {
        uint32_t other = dice_below(dice, i);
        uint16_t kept = line->order[i - 1];
        line->order[i - 1] = line->order[other];
        line->order[other] = kept;
    }
}

static void open_lines(struct dice *dice, struct text body, struct lines *lines)
{
    const struct sample_tables *tables = sample_tables();
    lines->count = 0;
    for (size_t i = 0; i < tables->measure_count; i++) {
        const struct measure *measure = &tables->measures[i];
        if (!text_equal(measure->body, body) && !text_is(measure->body, "*"))
            continue;
        must(lines->count < LINES_MAX);
        struct line *line = &lines->at[lines->count++];
        line->measure = measure;
        line->variants = cell_count(measure->variants);
        line->possible = place_count(measure) * (line->variants ? line->variants : 1);
        line->taken = 0;
        must(line->possible <= POSSIBLE_MAX);
        shuffle(dice, line);
    }
}

static uint32_t possible_of(const struct lines *lines, enum target_class class)
{
    uint32_t possible = 0;
    for (size_t i = 0; i < lines->count; i++)
        if (lines->at[i].measure->class == class)
            possible += lines->at[i].possible;
    return possible;
}

static void take(struct lines *lines, enum target_class class, uint32_t wanted)
{
    must(wanted <= possible_of(lines, class));
    for (size_t i = 0; wanted > 0; i = (i + 1) % lines->count) {
        struct line *line = &lines->at[i];
        if (line->measure->class != class || line->taken == line->possible)
            continue;
        line->taken++;
        wanted--;
    }
}

static int by_number(const void *a, const void *b)
{
    return (int)*(const uint16_t *)a - (int)*(const uint16_t *)b;
}

static struct pick *give(struct line *line, struct text body_name, struct pick *to)
{
    qsort(line->order, line->taken, sizeof *line->order, by_number);
    uint32_t variants = line->variants ? line->variants : 1;
    for (uint32_t i = 0; i < line->taken; i++) {
        struct pick *pick = to++;
        *pick = (struct pick){.measure = line->measure};
        pick->place = place_at(line->measure, line->order[i] / variants);
        pick->variant = body_name;
        if (line->variants)
            pick->variant = cell_item(line->measure->variants, line->order[i] % variants);
    }
    return to;
}

void choice_make(struct dice *dice, size_t body, uint32_t count, struct pick *ret_picks)
{
    struct text name = sample_tables()->bodies[body].name;
    struct lines lines;
    open_lines(dice, sample_tables()->bodies[body].code, &lines);
    uint32_t outputs = (uint32_t)dice_between(dice, OUTPUT_LEAST, OUTPUT_MOST) * count / 100;
    uint32_t process = (uint32_t)dice_between(dice, PROCESS_LEAST, PROCESS_MOST) * count / 100;
    uint32_t most = possible_of(&lines, CLASS_OUTPUT);
    outputs = outputs < most ? outputs : most;
    take(&lines, CLASS_OUTPUT, outputs);
    take(&lines, CLASS_PROCESS, process);
    take(&lines, CLASS_OUTCOME, count - outputs - process);
    for (int class = CLASS_OUTCOME; class >= CLASS_PROCESS; class --)
        for (size_t i = 0; i < lines.count; i++)
            if (lines.at[i].measure->class == (enum target_class) class)
                ret_picks = give(&lines.at[i], name, ret_picks);
}
