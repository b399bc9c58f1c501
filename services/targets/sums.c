/* Adding, taking away, and the weight-averaged quality at the end. */
#include "sums.h"

#include "base/rounding.h"
#include "model.h"

void sums_count(struct sums *sums, const struct target_entry *target, int times)
{
    int64_t weight = (int64_t)target->weight * times;
    bool late = target->phasing_flag == PHASING_LATE || target->phasing_flag == PHASING_VERY_LATE;
    sums->targets += times;
    sums->late += late ? times : 0;
    sums->anyway += target->ambition == AMBITION_ANYWAY ? times : 0;
    sums->weight += weight;
    sums->weighted_quality += weight * target->quality;
    sums->class_weight[target->class] += weight;
    sums->class_count[target->class] += times;
}

void sums_add(struct sums *sums, const struct sums *more)
{
    sums->targets += more->targets;
    sums->late += more->late;
    sums->anyway += more->anyway;
    sums->weight += more->weight;
    sums->weighted_quality += more->weighted_quality;
    for (int c = 0; c < SUMS_CLASSES; c++) {
        sums->class_weight[c] += more->class_weight[c];
        sums->class_count[c] += more->class_count[c];
    }
}

struct totals sums_totals(const struct sums *sums, int64_t agreements)
{
    struct totals totals = {
        .agreements = {agreements, true},
        .targets = {sums->targets, true},
        .weight = {sums->weight, true},
        .outcome_weight = {sums->class_weight[CLASS_OUTCOME], true},
        .output_weight = {sums->class_weight[CLASS_OUTPUT], true},
        .process_weight = {sums->class_weight[CLASS_PROCESS], true},
        .outcomes = {sums->class_count[CLASS_OUTCOME], true},
        .outputs = {sums->class_count[CLASS_OUTPUT], true},
        .processes = {sums->class_count[CLASS_PROCESS], true},
        .late = {sums->late, true},
        .anyway = {sums->anyway, true},
    };
    if (sums->weight > 0)
        totals.quality = (struct decimal){
            rounding_divide((wide)sums->weighted_quality * DECIMAL_ONE, sums->weight), true};
    return totals;
}
