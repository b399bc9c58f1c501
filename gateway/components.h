/* The part of openapi.json that paths refer to: schemas of all records that are shown, headers,
 * parameters, the problem. */
#ifndef MISAQ_GATEWAY_COMPONENTS_H
#define MISAQ_GATEWAY_COMPONENTS_H

#include "outline.h"

void components_write(struct outline *outline);

#endif
