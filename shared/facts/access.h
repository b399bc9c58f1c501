/* Who may see drafts and who writes for a body: the same answer in every service. */
#ifndef MISAQ_FACTS_ACCESS_H
#define MISAQ_FACTS_ACCESS_H

#include "facts/bodies.h"

/* Committee, secretariat, PM Office, PM and auditor see the drafts of all; focal person, secretary
 * and minister those of the bodies that their body acts for; nobody else sees any: not the
 * administrators, not the public. */
bool access_sees_drafts(const struct bodies *bodies, const struct office *office, struct text body);
/* Whether an office writes for a body: it is of that body, or of one that follows it. */
bool access_writes_for(const struct bodies *bodies, const struct office *office, struct text body);

#endif
