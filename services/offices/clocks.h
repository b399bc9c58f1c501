/* The days of a hand-over. */
#ifndef MISAQ_OFFICES_CLOCKS_H
#define MISAQ_OFFICES_CLOCKS_H

#include <stdint.h>

#define CLOCKS_NOTE_DAYS        3 /* for the note of who leaves */
#define CLOCKS_ACKNOWLEDGE_DAYS 7 /* for the word of who comes */

/* Whole days from one moment to another; 0 when a clock went back. */
static inline int64_t clocks_days(int64_t from_ms, int64_t to_ms)
{
    return to_ms > from_ms ? (to_ms - from_ms) / INT64_C(86400000) : 0;
}

#endif
