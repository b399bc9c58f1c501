/* JSON Schema of fields and records, for openapi.json. */
#ifndef MISAQ_GATEWAY_SCHEMAS_H
#define MISAQ_GATEWAY_SCHEMAS_H

#include "outline.h"
#include "schema/schema.h"

/* The members of a field's schema, into an object that is open. */
void schemas_field(struct outline *outline, const struct field *field);
/* The schema of a record under its name, without the members named in `without` (comma between). */
void schemas_record(
    struct outline *outline, const char *name, const struct record *record, struct text without);
#endif
