/* Nobody judges the own body. It is not left to tact: who holds or held an office of the body, of
 * one that follows it or of one that it follows, or comes from there, is refused. */
#ifndef MISAQ_REVIEWS_RECUSAL_H
#define MISAQ_REVIEWS_RECUSAL_H

#include "model.h"

#include "service/service.h"

/* The body for whose sake a person must not judge an agreement; NULL when there is none. */
const char *recusal_of(const struct model *model, const struct roster *roster, struct text person,
    const struct agreement_entry *agreement);

/* The same for the actor of a request, as a refusal. The decision relies on all that it was found
 * from: the person, those bodies, and every office of them, so that nobody can be posted there
 * between the check and the ledger. */
enum err recusal_check(const struct model *model, const struct request *request,
    const struct agreement_entry *agreement, struct decision *decision, struct faults *why)
    MUST_CHECK;

#endif
