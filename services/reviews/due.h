/* What falls due by itself in a quarter: a report that nobody certified, scores that open on their
 * day, corrective actions that come back, and the release, which nobody can move. */
#ifndef MISAQ_REVIEWS_DUE_H
#define MISAQ_REVIEWS_DUE_H

#include "service/service.h"

extern const struct service_due due_quarter;

#endif
