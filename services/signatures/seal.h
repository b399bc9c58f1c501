/* The side of this service: it seals the ledger into signed checkpoints, reads it again and again
 * and compares, and holds everybody's writing when Redis is not what was sealed. */
#ifndef MISAQ_SIGNATURES_SEAL_H
#define MISAQ_SIGNATURES_SEAL_H

#include "service/service.h"

extern const struct service_side seal_side;

#endif
