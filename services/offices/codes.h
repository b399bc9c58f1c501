/* One-time codes for a password. They are derived, never stored: whoever may read a half is told it
 * again. Sixty bits a half, so that who knows one does not guess the other. */
#ifndef MISAQ_OFFICES_CODES_H
#define MISAQ_OFFICES_CODES_H

#include "base/text.h"

#include <stdint.h>

#define CODES_HALF_SIZE 15 /* "ABCD-EFGH-JKMN" */

enum codes_half { CODES_FIRST = 1, CODES_SECOND };

const char *codes_half(const unsigned char *secret, struct text person, uint64_t number,
    enum codes_half half, char out[CODES_HALF_SIZE]);
/* Whether both halves are those of this invitation, whatever the case and without regard to blanks
 * and dashes. */
bool codes_right(
    const unsigned char *secret, struct text person, uint64_t number, struct text code);

#endif
