/* Chance for the sample government, the same on every machine and in every run: SplitMix64 (Steele,
 * Lea, Flood 2014), each body with a seed of its own, so that no body's numbers depend on
 * another's.
 */
#ifndef MISAQ_CLI_DICE_H
#define MISAQ_CLI_DICE_H

#include "base/text.h"

struct dice {
    uint64_t state;
};

static inline uint64_t dice_next(struct dice *dice)
{
    uint64_t z = dice->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* From 0 to below - 1. */
static inline uint32_t dice_below(struct dice *dice, uint32_t below)
{
    return (uint32_t)(dice_next(dice) % below);
}

/* From least to most, both included. */
static inline int64_t dice_between(struct dice *dice, int64_t least, int64_t most)
{
    return least + (int64_t)(dice_next(dice) % (uint64_t)(most - least + 1));
}

/* True so many times in a hundred. */
static inline bool dice_percent(struct dice *dice, uint32_t times)
{
    return dice_below(dice, 100) < times;
}

/* A seed and a word, mixed (FNV-1a). */
static inline struct dice dice_of(uint64_t seed, struct text word)
{
    uint64_t hash = UINT64_C(0xCBF29CE484222325) ^ seed;
    for (size_t i = 0; i < word.len; i++)
        hash = (hash ^ (unsigned char)word.at[i]) * UINT64_C(0x100000001B3);
    return (struct dice){hash};
}

#endif
