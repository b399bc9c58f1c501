/* The tables that the sample is made from, read once out of the program itself. A mistake in them
 * is a mistake in the program. */
#ifndef MISAQ_CLI_SAMPLE_TABLES_H
#define MISAQ_CLI_SAMPLE_TABLES_H

#include "schema/schema.h"

/* How a year's change is spread over its quarters. */
enum profile { PROFILE_UNSET, PROFILE_EVEN, PROFILE_FRONT, PROFILE_BACK, PROFILE_SEASON };

/* Lists inside a cell are divided by semicolons and stay text. */
struct measure {
    struct text body; /* "*": every body */
    enum target_class class;
    struct text metric; /* "{}" stands for a variant */
    struct text unit;
    enum direction direction;
    int64_t baseline, target; /* thousandths */
    enum profile profile;
    struct text season, variants, beneficiary, places, source;
    enum source_kind source_kind;
    enum frequency frequency;
    struct text needs; /* "FIN:budget release;..." */
};

struct places {
    struct text kind, preposition, pattern, names;
};

struct norm_row {
    struct text type, label, body, needed; /* body: empty where it varies */
    int64_t days;                          /* working days */
};

#define TABLE_BODIES_MAX   48
#define TABLE_MEASURES_MAX 256
#define TABLE_PLACES_MAX   48
#define TABLE_NORMS_MAX    48

struct sample_tables {
    size_t body_count, measure_count, place_count, norm_count;
    struct {
        struct text code, name, kind, peers;
    } bodies[TABLE_BODIES_MAX];
    struct measure measures[TABLE_MEASURES_MAX];
    struct places places[TABLE_PLACES_MAX];
    struct norm_row norms[TABLE_NORMS_MAX];
};

const struct sample_tables *sample_tables(void);

/* How many items a list in a cell has; none when it is empty. */
uint32_t cell_count(struct text cell);
/* The item of an index, which must be below cell_count(). */
struct text cell_item(struct text cell, uint32_t index);

#endif
