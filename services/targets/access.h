/* Who sees which agreement, and who may write in it. What somebody may not see is simply not there
 * for him; what he may see and not change is refused by name. */
#ifndef MISAQ_TARGETS_ACCESS_H
#define MISAQ_TARGETS_ACCESS_H

#include "model.h"

#include "service/service.h"

/* Sees the agreement as it stands now: its drafts, or because it is or was in force. */
bool access_sees(const struct model *model, const struct office *office,
    const struct agreement_entry *agreement);

/* Finds what the request names among what its office sees. ERR_NOT_FOUND, for a target that was
 * removed ERR_GONE; the member is named in the fault. */
enum err access_agreement(const struct model *model, const struct request *request, struct text id,
    const struct agreement_entry **ret_agreement, struct faults *why) MUST_CHECK;
enum err access_target(const struct model *model, const struct request *request, struct text id,
    const struct agreement_entry **ret_agreement, const struct target_entry **ret_target,
    struct faults *why) MUST_CHECK;
/* The agreement and number of a target that is there or was. */
enum err access_target_was(const struct model *model, const struct request *request, struct text id,
    const struct agreement_entry **ret_agreement, uint32_t *ret_number, struct faults *why)
    MUST_CHECK;

/* Whether the office writes for the body that promises in an agreement, or would if there were one
 * of that id: a refusal tells nobody which agreements exist. */
enum err access_own(const struct model *model, const struct request *request,
    struct text agreement_or_body, struct faults *why) MUST_CHECK;
/* Both: what all who write for a body begin with. */
enum err access_own_agreement(const struct model *model, const struct request *request,
    struct text id, const struct agreement_entry **ret_agreement, struct faults *why) MUST_CHECK;

#endif
