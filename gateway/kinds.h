/* The kinds of file that may be evidence, and the bytes that each must begin with. Pure. */
#ifndef MISAQ_GATEWAY_KINDS_H
#define MISAQ_GATEWAY_KINDS_H

#include "base/buf.h"

struct kind {
    const char *media;
    const char *ending; /* of a file's name */
    const char *begins; /* NULL: text */
};

/* In order; NULL behind the last. */
const struct kind *kinds_at(size_t index);
/* NULL for what is not taken. Parameters ("; charset=utf-8") are passed over. */
const struct kind *kinds_find(struct text content_type);
/* All media types, comma between. */
void kinds_list(struct buf *out);
/* NULL, or how a file that begins so differs from what it is said to be. */
const char *kinds_complaint(const struct kind *kind, struct text first);
/* ".pdf"; ".bin" for what is not known. */
const char *kinds_ending(struct text media);

#endif
