/* Who sees what the committee and the PM Office write: the own body, and those at the centre who
 * check. What somebody may not see is simply not there for him. */
#ifndef MISAQ_REVIEWS_SIGHT_H
#define MISAQ_REVIEWS_SIGHT_H

#include "model.h"

#include "service/service.h"

/* Finds what the request names among what its office sees; ERR_NOT_FOUND names the member. */
enum err sight_agreement(const struct model *model, const struct request *request, struct text id,
    const struct agreement_entry **ret_agreement, struct faults *why) MUST_CHECK;
enum err sight_target(const struct model *model, const struct request *request, struct text id,
    const struct agreement_entry **ret_agreement, const struct target_entry **ret_target,
    struct faults *why) MUST_CHECK;
enum err sight_thread(const struct model *model, const struct request *request, struct text id,
    const struct thread_entry **ret_thread, struct faults *why) MUST_CHECK;

/* Of every agreement, by its index, whether the office sees it: asked once for a list. The caller
 * frees it. */
bool *sight_all(const struct model *model, const struct office *office);

#endif
