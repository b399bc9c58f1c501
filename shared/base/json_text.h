/* A JSON string literal of borrowed text: quotes, backslashes and control characters escaped,
 * bytes that are not UTF-8 replaced by U+FFFD, everything else as it is. */
#ifndef MISAQ_BASE_JSON_TEXT_H
#define MISAQ_BASE_JSON_TEXT_H

#include "base/buf.h"

void json_text_write(struct buf *buf, struct text text);

#endif
