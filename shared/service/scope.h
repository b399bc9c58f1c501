/* Which events of the past were named; see service.h. */
#ifndef MISAQ_SERVICE_SCOPE_H
#define MISAQ_SERVICE_SCOPE_H

#include "schema/schema.h"
#include "service/service.h"
#include "service/subjects.h"

struct scope_name {
    bool about;
    size_t len;
    char id[ID_MAX];
};

/* Start from {0}. */
struct scope {
    size_t count, room;
    struct scope_name *named; /* owned */
};

void scope_free(struct scope *scope);

/* The positions of all events that are named, each once, in order: *ret_count of them. The caller
 * frees them; NULL when there are none. */
uint32_t *scope_positions(
    const struct scope *scope, const struct subjects *subjects, size_t *ret_count);

#endif
