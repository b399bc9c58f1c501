/* A cycle of two years with the day offsets that a government would set. */
#ifndef MISAQ_TESTS_CYCLE_H
#define MISAQ_TESTS_CYCLE_H

#include "schema/schema.h"

static inline struct cycle cycle_of_two_years(const char *id, int32_t starts_on, int32_t ends_on)
{
    return (struct cycle){.id = text_of(id),
        .title = text_of(id),
        .starts_on = starts_on,
        .ends_on = ends_on,
        .periods = {8, true},
        .periods_a_year = {4, true},
        .report_days = {10, true},
        .certify_days = {12, true},
        .grade_days = {17, true},
        .preread_days = {18, true},
        .sessions_first_days = {19, true},
        .sessions_last_days = {28, true},
        .scores_days = {30, true},
        .appeal_days = {5, true},
        .summary_days = {36, true},
        .decisions_days = {42, true},
        .release_days = {45, true}};
}

#endif
