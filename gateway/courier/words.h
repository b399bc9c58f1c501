/* A line of a header of e-mail. */
#ifndef MISAQ_COURIER_WORDS_H
#define MISAQ_COURIER_WORDS_H

#include "base/buf.h"

/* Appends UTF-8 text as the value of a header: as it is where it is plain ASCII of one line, else
 * in encoded words (RFC 2047) of whole characters, each on a line of its own. Control characters
 * become blanks: nothing in it can begin another header. */
void words_encode(struct text text, struct buf *out);

#endif
