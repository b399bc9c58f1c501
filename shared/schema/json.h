/* Records as JSON. Reading is jansson's, strictly (no duplicate members), with numbers that stay
 * exact; writing walks the packed bytes and the rows straight into a buffer. The only door to
 * jansson. */
#ifndef MISAQ_SCHEMA_JSON_H
#define MISAQ_SCHEMA_JSON_H

#include "base/buf.h"
#include "schema/schema.h"

/* Owns what the texts of a record that was read from it are borrowed from. */
struct json_document {
    void *root;
};
#define JSON_CLEANUP __attribute__((cleanup(json_document_free)))
void json_document_free(struct json_document *document);

/* Reads an object into a record and validates it (record_check). Unknown, duplicate and wrongly
 * typed members are faults named by their path, broken JSON by line and column. `ret` is not
 * cleared first: members that a path or query has already set may stand in it, and a member that
 * is given there must not come again in the body (it is refused unless it says the same). */
enum err json_read(const struct record *record, struct text body, struct json_document *document,
    void *ret, struct faults *why) MUST_CHECK;

/* Writes a packed record as an object in the order of its bytes; false when the bytes are not a
 * record of this kind. Members that the rows do not know are left out. DATA becomes the object of
 * the record of the event that stands in the member `type`. */
bool json_write(const struct record *record, struct text packed, struct buf *out) MUST_CHECK;

#endif
