/* The arithmetic of a quarter, in whole thousandths and rounded half away from zero, so that
 * anybody who computes it again gets the same digits (section 6 of the domain). */
#ifndef MISAQ_REVIEWS_RESULTS_H
#define MISAQ_REVIEWS_RESULTS_H

#include "schema/schema.h"

#define RESULTS_FULL 100000 /* 100 points */

/* What was reached of the way that was promised, as a score of 0 to RESULTS_FULL:
 *   progress = (value - baseline) / (milestone - baseline)
 *   claimed  = 0 at or below 60%, full from 100%, on the line between:
 *              250 * progress - 150 points
 * Where there is no way to go (keep; or a milestone that is not better than the baseline) it counts
 * how far the value is off the milestone on the wrong side (of keep: on either side):
 *   full within 1% of the milestone, 0 from 5% on, on the line between. */
int64_t results_claimed(
    enum direction direction, int64_t baseline, int64_t milestone, int64_t value);
/* on_track at the full score, off_track at 0, lagging between. */
enum status results_status(int64_t claimed);
/* claimed x 0, 0.6, 0.8, 1, 1 for E0 to E4. */
int64_t results_supported(int64_t claimed, enum evidence_grade grade);
/* Of what is missing to the full claimed score, the share that was waited beyond the norm:
 *   (100 - claimed) * min(1, days beyond / working days of the period) */
int64_t results_withheld(int64_t claimed, int32_t days_beyond, int32_t working_days);
/* 85% of supported and withheld together (at most 100), and the committee's part, 0 to 15. */
int64_t results_total(int64_t supported, int64_t withheld, int64_t committee);
/* What claims the attention of the PM, in thousandths of a point:
 *   weight x (100 - claimed) / 100 x periods behind, and 3 times that if one order can free it */
int64_t results_attention(int64_t weight, int64_t claimed, int64_t periods, bool can_be_freed);
/* value - milestone on the side that is better; negative: short of it. Of keep: minus the distance.
 */
int64_t results_beyond(enum direction direction, int64_t milestone, int64_t value);

#endif
