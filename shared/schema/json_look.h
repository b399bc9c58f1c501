/* JSON that others wrote, with members that nobody here knows: looked at, not read into a record.
 * Duplicate members, depth and size are refused as everywhere. */
#ifndef MISAQ_SCHEMA_JSON_LOOK_H
#define MISAQ_SCHEMA_JSON_LOOK_H

#include "base/text.h"

#define JSON_LOOK_MAX (1u << 20) /* bytes */

/* An object. Texts are borrowed from it. */
struct json_look;
/* NULL when it is no object. */
struct json_look *json_look_open(struct text body);
void json_look_close(struct json_look *look);

bool json_look_has(const struct json_look *look, const char *name);
/* Absent when it is not there or no string. */
struct text json_look_text(const struct json_look *look, const char *name);
/* False when it is not there or no whole number. */
bool json_look_whole(const struct json_look *look, const char *name, int64_t *ret_value);
/* Items of a list; 0 when it is none. */
size_t json_look_count(const struct json_look *look, const char *name);
/* One of them: as an object (borrowed; NULL: it is none), as a string (absent: it is none). */
const struct json_look *json_look_object_at(
    const struct json_look *look, const char *name, size_t index);
struct text json_look_text_at(const struct json_look *look, const char *name, size_t index);

#endif
