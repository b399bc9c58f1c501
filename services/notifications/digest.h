/* All that was folded, in words, so that two that folded the same history can be seen to agree. */
#ifndef MISAQ_NOTIFICATIONS_DIGEST_H
#define MISAQ_NOTIFICATIONS_DIGEST_H

#include "base/buf.h"

/* `state` is a struct model. */
void digest_write(const void *state, struct buf *out);

#endif
