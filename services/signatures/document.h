/* The document that is signed: all that an agreement says, who promises it and what was ruled and
 * asked about it, as canonical JSON (RFC 8785), so that it has one sequence of bytes. */
#ifndef MISAQ_SIGNATURES_DOCUMENT_H
#define MISAQ_SIGNATURES_DOCUMENT_H

#include "model.h"
#include "parties.h"

#include "service/service.h"

#define DOCUMENT_TYPE "misaq.document.v1"
#define DOCUMENT_MAX  (7u * 1024u * 1024u) /* bytes: it must fit in one answer */

/* Writes the text as it stands now, with the amendment that is under way. The request says who
 * holds which office and what the ledger is called. `supersedes` is absent when the document
 * replaces none. False when it is longer than `out` takes. */
bool document_write(const struct model *model, const struct agreement_entry *agreement,
    const struct request *request, struct text supersedes, struct buf *out,
    char ret_conflict[PARTIES_CONFLICT]) MUST_CHECK;

/* Appends a record as a canonical object. */
void document_piece(struct buf *out, const struct record *record, const void *value);

#endif
