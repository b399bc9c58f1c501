/* What an error of Redis means for whoever asked: wait, or give up with a reason. */
#ifndef MISAQ_LEDGER_REFUSAL_H
#define MISAQ_LEDGER_REFUSAL_H

#include "base/text.h"

#define REFUSAL_SIZE 160

/* Whether it passes by itself: Redis is loading, busy, or has forgotten the Functions, which a new
 * connection brings back. */
bool refusal_passes(struct text error);
/* The error and what to do about it, cut to size. */
void refusal_write(struct text error, char out[REFUSAL_SIZE]);

#endif
