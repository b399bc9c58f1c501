/* Webhooks of departments: what is right about one before two administrators let it in. */
#ifndef MISAQ_OFFICES_WEBHOOKS_H
#define MISAQ_OFFICES_WEBHOOKS_H

#include "model.h"

/* Faults of `webhook` and `types`. Whether the address may be called is the courier's to know, each
 * time anew: names change what they stand for. */
void webhook_check(const struct access_propose *propose, struct faults *why);

#endif
