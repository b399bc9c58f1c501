/* UTF-8 by the table of RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef MISAQ_BASE_UTF8_H
#define MISAQ_BASE_UTF8_H

#include "base/text.h"

/* Bytes of the character at `at` (1 to 4), or 0 when it is not valid within `len`. */
size_t utf8_width(const char *at, size_t len);
/* The code point of a character whose width utf8_width() gave. */
uint32_t utf8_code_point(const char *at, size_t width);
/* Number of code points, or SIZE_MAX when the text is not valid UTF-8. */
size_t utf8_length(struct text text);

#endif
