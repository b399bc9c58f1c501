/* Records as CSV (RFC 4180 with LF): one column a field, named as the field. A list stands in one
 * cell: items divided by ';', members of an inner record in the order of its rows divided by '|',
 * a backslash before ';', '|' or '\' that is meant. */
#ifndef MISAQ_SCHEMA_CSV_H
#define MISAQ_SCHEMA_CSV_H

#include "base/buf.h"
#include "schema/schema.h"

/* Called for each row that is read. `value` is borrowed until it returns; *why has line and, once
 * a cell is at fault, column set, so what the callback adds is named by line as well. */
typedef void csv_on_row(void *owner, void *value, struct faults *why);

/* Reads a header and rows into records and validates them. Every faulty row is named with line and
 * column, up to FAULTS_KEPT; reading goes on behind a faulty row so that all are found. Refused by
 * name: a byte order mark, CR LF, another delimiter than comma, an unknown, missing (required) or
 * repeated column, a quote inside an unquoted cell or behind a closing quote, no rows, more than
 * `most_rows`. Returns faults_err(why); the callback is called for fine rows only. */
enum err csv_read(const struct record *record, struct text body, size_t most_rows, csv_on_row *row,
    void *owner, struct faults *why) MUST_CHECK;

/* The header line, and a packed record as a line. Members of a ONE get columns of their own
 * ("ambition.ratio"). */
void csv_write_header(const struct record *record, struct buf *out);
bool csv_write(const struct record *record, struct text packed, struct buf *out) MUST_CHECK;

#endif
