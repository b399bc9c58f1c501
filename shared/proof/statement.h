/* The statement that a signer signs: a small record (struct statement, schema/tables/proof.def)
 * that says in so many words what the signature means. It has exactly one sequence of bytes, its
 * canonical JSON: bytes that merely say the same are refused, so that a stranger need not trust our
 * reading of them. */
#ifndef MISAQ_PROOF_STATEMENT_H
#define MISAQ_PROOF_STATEMENT_H

#include "base/buf.h"
#include "schema/json.h"

#define STATEMENT_TYPE "misaq.statement.v1"

/* Appends the canonical bytes. The type is filled in when absent; everything else is checked as
 * when reading, and nothing is written when it breaks a rule. */
enum err statement_write(struct buf *out, const struct statement *statement, struct faults *why)
    MUST_CHECK;
/* Reads them back: texts in `ret_statement` are borrowed from `document`. Refuses what is not a
 * statement by member, and bytes that are not canonical by the place where they first differ. */
enum err statement_read(struct text bytes, struct json_document *document,
    struct statement *ret_statement, struct faults *why) MUST_CHECK;

#endif
