/* What the agreements in force live through: three quarters of requests, silence and answers,
 * played through the same commands as in earnest, with business time moved on between them. */
#ifndef MISAQ_CLI_LOAD_LIFE_H
#define MISAQ_CLI_LOAD_LIFE_H

#include "desk.h"

/* Goes on from what the clock shows; does nothing when it is past the last day. *made counts the
 * days that were played. */
bool load_life(struct desk *desk, uint32_t *made) MUST_CHECK;

#endif
