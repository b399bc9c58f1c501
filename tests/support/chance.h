/* Chance that can be told again: a seed printed once, and records of any kind filled with what
 * their rows allow. */
#ifndef MISAQ_TESTS_CHANCE_H
#define MISAQ_TESTS_CHANCE_H

#include "base/buf.h"
#include "schema/schema.h"

struct chance {
    uint64_t state;
};

/* From MISAQ_SEED where that is set (so that a failure can be played again), else from the clock;
 * prints it. */
struct chance chance_start(const char *test);
uint32_t chance_below(struct chance *chance, uint32_t below);
/* One of all records there are. */
const struct record *chance_pick(uint8_t pick);
/* Fills a record with valid values; about a third of what is optional is left out. Texts lie in
 * `arena`, which must be large enough and is not moved. */
void chance_record(
    struct chance *chance, const struct record *record, struct buf *arena, void *value);

#endif
