/* How a line is judged, and how a report is closed: from then on its lines are those of all targets
 * that were due, each with the text that it was judged by. */
#ifndef MISAQ_REVIEWS_CLOSING_H
#define MISAQ_REVIEWS_CLOSING_H

#include "quarter.h"

/* Holds a line against the target as it stands now. */
void closing_judge(
    const struct report_entry *report, const struct target_entry *target, struct line_entry *line);
/* Judges all lines, adds the targets of which nothing was reported, and sums up. */
void closing_close(struct model *model, struct report_entry *report);
/* A line of a closed report got another grade. */
void closing_grade(struct report_entry *report, struct line_entry *line);

#endif
