/* A problem+json as lines for people. */
#ifndef MISAQ_CLI_REFUSAL_H
#define MISAQ_CLI_REFUSAL_H

#include "base/buf.h"

/* The text of a JSON string member anywhere in `json`, undone into `out`; false when it is not
 * there. Enough for the answers of our own gateway, which come in one form. */
bool refusal_member(struct text json, const char *name, struct buf *out);
/* Title and detail, and a line for each of the first faults. Text that is no problem+json is shown
 * as it is. */
void refusal_write(struct text json, struct buf *out);

#endif
