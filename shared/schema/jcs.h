/* Canonical JSON (RFC 8785) in a narrow profile: what is signed has exactly one sequence of bytes,
 * which six lines in a browser make as well. Members in sorted order, no blanks, the fewest
 * escapes, numbers of at most 15 digits in their shortest form. Unlike json_write(), nothing is
 * left out: what cannot be shown is refused, for a signature covers what was meant. */
#ifndef MISAQ_SCHEMA_JCS_H
#define MISAQ_SCHEMA_JCS_H

#include "base/buf.h"
#include "schema/schema.h"

/* Writes a packed record as an object; false when the bytes are not a record of this kind, hold a
 * member that the rows do not know, opaque bytes, or a number that a double would not keep. DATA
 * becomes the object of the record of the event that stands in the member `type`. */
bool jcs_write(const struct record *record, struct text packed, struct buf *out) MUST_CHECK;
/* Writes one string; false when it is not UTF-8. */
bool jcs_text(struct buf *out, struct text text) MUST_CHECK;

#endif
