/* A new corrective action, whoever opens it: a session's minutes or the PM's page. */
#ifndef MISAQ_REVIEWS_ACTION_NEW_H
#define MISAQ_REVIEWS_ACTION_NEW_H

#include "quarter.h"

#include "service/service.h"

enum err action_new(const struct model *model, const struct request *request,
    const struct action_open *open, struct decision *decision, struct faults *why) MUST_CHECK;

#endif
