/* Writes indented JSON piece by piece, so that nobody counts commas. Nesting is the caller's: each
 * open needs its close. */
#ifndef MISAQ_GATEWAY_OUTLINE_H
#define MISAQ_GATEWAY_OUTLINE_H

#include "base/buf.h"

struct outline {
    struct buf *out;
    unsigned depth;
    bool begun; /* something stands in the innermost object or list already */
};

/* name: NULL inside of lists. */
void outline_open(struct outline *outline, const char *name, char bracket);
void outline_close(struct outline *outline, char bracket);
void outline_text(struct outline *outline, const char *name, const char *text);
void outline_whole(struct outline *outline, const char *name, int64_t value);
void outline_decimal(struct outline *outline, const char *name, int64_t thousandths);
void outline_flag(struct outline *outline, const char *name, bool value);
/* {"$ref": "#/components/<part>/<name>"} */
void outline_ref(struct outline *outline, const char *name, const char *part, const char *target);

#endif
