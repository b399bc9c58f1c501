/* Who sees a report: before its period is released the own body and the centre, afterwards
 * everybody. What somebody may not see is simply not there for him. */
#ifndef MISAQ_REVIEWS_SEEN_H
#define MISAQ_REVIEWS_SEEN_H

#include "quarter.h"

#include "service/service.h"

bool seen_report(
    const struct model *model, const struct request *request, const struct report_entry *report);
/* Finds a report among those that the asker sees. */
enum err seen_find(const struct model *model, const struct request *request, struct text id,
    const struct report_entry **ret_report, struct faults *why) MUST_CHECK;

#endif
