/* What the checker says of a sample agreement before it is drafted. */
#ifndef MISAQ_CLI_LOAD_CHECK_H
#define MISAQ_CLI_LOAD_CHECK_H

#include "desk.h"

#define LOAD_CHECK_MAX 512 /* promises of a body, at most */

/* For each promise of a sample body the findings, as bits 1 << finding_code. */
bool load_check(struct desk *desk, size_t body, uint32_t findings[LOAD_CHECK_MAX]) MUST_CHECK;

#endif
