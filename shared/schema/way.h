/* The way from the record to the member that is looked at, as a chain on the stack: it costs
 * nothing until a fault has to name it. */
#ifndef MISAQ_SCHEMA_WAY_H
#define MISAQ_SCHEMA_WAY_H

#include "base/err.h"
#include "base/text.h"

struct way {
    const struct way *up; /* NULL: the record itself, whose name is not part of the way */
    struct text name;     /* or absent: an item of a list */
    uint32_t index;
};

/* Adds a fault (ERR_INVALID) named by the way, with '~' and '/' in names escaped as RFC 6901 wants
 * it. Returns false, so that a reader can say `return way_fault(...)`. */
bool way_fault(const struct way *way, struct faults *why, const char *detail, ...) PRINTF(3, 4);

#endif
