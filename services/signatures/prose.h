/* A frozen document for people to read. It is told from the very bytes that were signed, so that it
 * cannot say anything else than they do. */
#ifndef MISAQ_SIGNATURES_PROSE_H
#define MISAQ_SIGNATURES_PROSE_H

#include "model.h"

#include "base/buf.h"

#define PROSE_MAX (7u * 1024u * 1024u) /* bytes: it must fit in one answer */

/* Plain UTF-8 in lines of at most 78 characters. False when it is longer than `out` takes. */
bool prose_write(const struct document_entry *document, struct buf *out) MUST_CHECK;

#endif
