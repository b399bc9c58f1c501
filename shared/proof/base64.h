/* Base64 (RFC 4648) with one text for one sequence of bytes: no blanks, no lines, padding exactly
 * where the form has it, unused bits zero. A lenient reader would let a signed text be spelled in
 * several ways. */
#ifndef MISAQ_PROOF_BASE64_H
#define MISAQ_PROOF_BASE64_H

#include "base/buf.h"

enum base64_form {
    BASE64_PADDED = 1, /* section 4: + and /, filled up with = (notes, checkpoints, PEM) */
    BASE64_URL         /* section 5: - and _, no padding (JOSE) */
};

void base64_write(struct buf *out, enum base64_form form, struct text bytes);
/* False when the text is not exactly what base64_write() makes of some `most` bytes or fewer. */
bool base64_read(enum base64_form form, struct text text, void *out, size_t most, size_t *ret_len)
    MUST_CHECK;

#endif
