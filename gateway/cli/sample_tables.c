/* Reading the embedded tables: tab between cells, one header line. */
#include "sample_tables.h"

#include "base/must.h"

#define EMBED(name, path)                                                                          \
    __asm__(".section .rodata\n.globl " #name "\n" #name ":\n.incbin \"" path                      \
            "\"\n.byte 0\n.previous\n");                                                           \
    extern const char name[]

EMBED(misaq_sample_bodies, "cli/sample/bodies.tsv");
EMBED(misaq_sample_measures, "cli/sample/measures.tsv");
EMBED(misaq_sample_places, "cli/sample/places.tsv");
EMBED(misaq_sample_norms, "cli/sample/norms.tsv");

#define CELLS_MAX 16

uint32_t cell_count(struct text cell)
{
    uint32_t count = cell.len > 0;
    for (size_t i = 0; i < cell.len; i++)
        count += cell.at[i] == ';';
    return count;
}

struct text cell_item(struct text cell, uint32_t index)
{
    struct text rest = cell, item = {0};
    for (uint32_t i = 0; i <= index; i++) {
        must(rest.at);
        item = text_cut(rest, ';', &rest);
    }
    return item;
}

/* Takes the next line that is not a comment apart; false at the end. */
static bool next_row(struct text *rest, size_t cells, struct text row[CELLS_MAX])
{
    while (rest->len) {
        struct text line = text_cut(*rest, '\n', rest);
        if (line.len == 0 || line.at[0] == '#')
            continue;
        for (size_t i = 0; i < cells; i++) {
            must(line.at);
            row[i] = text_cut(line, '\t', &line);
        }
        must(!line.at);
        return true;
    }
    return false;
}

static int64_t number(struct text cell)
{
    int64_t value = 0;
    must(decimal_from_text(cell, &value) == DECIMAL_FINE);
    return value;
}

static int word(const struct choices *choices, struct text cell)
{
    int value = choices_value(choices, cell);
    must(value != 0);
    return value;
}

static enum profile profile_of(struct text cell)
{
    static const char *const words[] = {
        [PROFILE_EVEN] = "even",
        [PROFILE_FRONT] = "front",
        [PROFILE_BACK] = "back",
        [PROFILE_SEASON] = "season",
    };
    for (int i = PROFILE_EVEN; i <= PROFILE_SEASON; i++)
        if (text_is(cell, words[i]))
            return (enum profile)i;
    must(!"a profile that is not known");
    return PROFILE_UNSET;
}

static struct measure measure_of(const struct text row[CELLS_MAX])
{
    return (struct measure){
        .body = row[0],
        .class = (enum target_class)word(target_class_choices(), row[1]),
        .metric = row[2],
        .unit = row[3],
        .direction = (enum direction)word(direction_choices(), row[4]),
        .baseline = number(row[5]),
        .target = number(row[6]),
        .profile = profile_of(row[7]),
        .season = row[8],
        .variants = row[9],
        .beneficiary = row[10],
        .places = row[11],
        .source = row[12],
        .source_kind = (enum source_kind)word(source_kind_choices(), row[13]),
        .frequency = (enum frequency)word(frequency_choices(), row[14]),
        .needs = row[15],
    };
}

const struct sample_tables *sample_tables(void)
{
    static struct sample_tables tables;
    if (tables.body_count)
        return &tables;
    struct text row[CELLS_MAX];
    struct text rest = text_of(misaq_sample_places);
    while (next_row(&rest, 4, row)) {
        must(tables.place_count < TABLE_PLACES_MAX);
        tables.places[tables.place_count++] = (struct places){row[0], row[1], row[2], row[3]};
    }
    rest = text_of(misaq_sample_measures);
    while (next_row(&rest, CELLS_MAX, row)) {
        must(tables.measure_count < TABLE_MEASURES_MAX);
        tables.measures[tables.measure_count++] = measure_of(row);
    }
    rest = text_of(misaq_sample_norms);
    while (next_row(&rest, 5, row)) {
        must(tables.norm_count < TABLE_NORMS_MAX);
        tables.norms[tables.norm_count++] =
            (struct norm_row){row[0], row[1], row[2], row[3], number(row[4]) / DECIMAL_ONE};
    }
    rest = text_of(misaq_sample_bodies);
    while (next_row(&rest, 4, row)) {
        must(tables.body_count < TABLE_BODIES_MAX);
        size_t i = tables.body_count++;
        tables.bodies[i].code = row[0];
        tables.bodies[i].name = row[1];
        tables.bodies[i].kind = row[2];
        tables.bodies[i].peers = row[3];
    }
    return &tables;
}
