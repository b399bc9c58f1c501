/* Edits of a draft. What was accepted, is discussed or is frozen can be edited too, but the first
 * edit sends the agreement back into draft and makes its frozen document void: that is an event of
 * its own in front of the edit. */
#ifndef MISAQ_TARGETS_EDIT_H
#define MISAQ_TARGETS_EDIT_H

#include "model.h"

#include "service/service.h"

/* Who may edit: an office of the body, in a state in which `event` can happen or be brought about.
 * Where it reopens the agreement, the request must name its version; the other rules about versions
 * are the decider's. */
enum err edit_agreement(const struct model *model, const struct request *request, struct text id,
    enum message event, const struct agreement_entry **ret_agreement, struct faults *why)
    MUST_CHECK;
/* The same for one of its targets, seen at its present version. */
enum err edit_target(const struct model *model, const struct request *request, struct text id,
    enum message event, const struct agreement_entry **ret_agreement,
    const struct target_entry **ret_target, struct faults *why) MUST_CHECK;
/* Opens the decision: agreement.reopened where it is needed. Comes before the events of the edit.
 */
void edit_begin(struct decision *decision, const struct agreement_entry *agreement);

#endif
