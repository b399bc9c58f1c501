/* Walking over canonical JSON (RFC 8785) that this system wrote itself: members and items where
 * they stand, nothing decoded before it is asked for. Not for bytes of strangers: those are read
 * with schema/json.h. Bytes that are no such JSON end the walk. */
#ifndef MISAQ_SIGNATURES_CANON_H
#define MISAQ_SIGNATURES_CANON_H

#include "base/buf.h"

/* Starts as canon_open() of an object or a list. */
struct canon {
    struct text left;
};

struct canon canon_open(struct text value);
/* The next member of an object; its value as it stands. False behind the last. */
bool canon_member(struct canon *walk, struct text *ret_name, struct text *ret_value);
/* The next item of a list. */
bool canon_item(struct canon *walk, struct text *ret_value);
/* The value of a member of an object; at == NULL when there is none. */
struct text canon_get(struct text object, const char *name);
/* A string without its quotes and escapes; other values as they stand. */
void canon_text(struct buf *out, struct text value);

#endif
