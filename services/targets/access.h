/* Who sees which agreement, and who may write in it. What somebody may not see is simply not there
 * for him; what he may see and not change is refused by name. */
#ifndef MISAQ_TARGETS_ACCESS_H
#define MISAQ_TARGETS_ACCESS_H

#include "model.h"

#include "service/service.h"

/* Sees drafts: the own body, and those at the centre who check them. */
bool access_sees_drafts(const struct office *office, struct text body);
/* Sees the agreement as it stands now. */
bool access_sees(const struct office *office, const struct agreement_entry *agreement);

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

/* The same for those who write: first that the agreement is of the office's own body, so that a
 * refusal tells nobody which agreements exist; then that it is there and may still be edited. */
enum err access_edit(const struct model *model, const struct request *request, struct text id,
    const struct agreement_entry **ret_agreement, struct faults *why) MUST_CHECK;
/* Only the first half: whether the office writes for the body that begins the id of an agreement.
 */
enum err access_own(
    const struct request *request, struct text agreement_or_body, struct faults *why) MUST_CHECK;

#endif
