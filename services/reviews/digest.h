/* All that was folded, in words, so that two that folded the same history can be seen to agree. */
#ifndef MISAQ_REVIEWS_DIGEST_H
#define MISAQ_REVIEWS_DIGEST_H

#include "model.h"

#include "base/buf.h"

/* `state` is a struct model. */
void digest_write(const void *state, struct buf *out);
/* The part of it that quarter.h holds. */
void digest_quarter(const struct model *model, struct buf *out);

#endif
