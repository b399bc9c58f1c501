/* All that was folded, for a digest that is equal for equal histories. */
#ifndef MISAQ_SIGNATURES_DIGEST_H
#define MISAQ_SIGNATURES_DIGEST_H

#include "base/buf.h"

/* `state` is a struct model. */
void digest_model(const void *state, struct buf *out);

#endif
