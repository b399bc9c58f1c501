/* What an amendment changes, member by member: old value and new value beside each other, so that
 * nobody has to find the difference between two long documents. */
#ifndef MISAQ_SIGNATURES_CHANGES_H
#define MISAQ_SIGNATURES_CHANGES_H

#include "model.h"

#include "base/buf.h"

/* For each target of the agreement the record of its change under way, or NULL. The caller frees
 * the list. */
const struct text **changes_by_target(const struct agreement_entry *agreement);
/* The changes as objects with a comma between them. */
void changes_write(const struct agreement_entry *agreement, struct buf *out);
/* "PWR-2021.14", in `out`. */
struct text changes_target_id(
    const struct agreement_entry *agreement, uint32_t number, char out[ID_MAX + 1]);

#endif
