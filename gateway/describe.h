/* openapi.json (OpenAPI 3.1) from the tables of records, messages and routes: what the gateway
 * serves, what lies in the tree, and what the tables say are the same. */
#ifndef MISAQ_GATEWAY_DESCRIBE_H
#define MISAQ_GATEWAY_DESCRIBE_H

#include "base/buf.h"

/* Deterministic: equal tables, equal bytes. Indented by two blanks, LF at the end. */
void describe_openapi(struct buf *out);

#endif
