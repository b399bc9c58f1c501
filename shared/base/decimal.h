/* Exact decimals: whole thousandths in an int64, at most 15 digits in all, so that a decimal
 * survives JSON, a spreadsheet and a double without a rounding. */
#ifndef MISAQ_BASE_DECIMAL_H
#define MISAQ_BASE_DECIMAL_H

#include "base/buf.h"

#define DECIMAL_ONE INT64_C(1000)
#define DECIMAL_MAX INT64_C(999999999999999) /* thousandths: just below 10^12 */

enum decimal_result { DECIMAL_FINE, DECIMAL_NOT, DECIMAL_TOO_FINE, DECIMAL_TOO_LARGE };

/* Reads "-12.345": no exponent, no plus, no leading zeros, at most three decimals.
 * Says which of the rules is broken; *ret_thousandths is set on DECIMAL_FINE only. */
enum decimal_result decimal_from_text(struct text text, int64_t *ret_thousandths);
/* The double that a JSON parser made of a literal of at most 15 digits: exact or refused. */
enum decimal_result decimal_from_double(double value, int64_t *ret_thousandths);
/* The shortest form: "17.8", "120", "-0.5". */
void decimal_write(struct buf *buf, int64_t thousandths);
#define DECIMAL_TEXT_SIZE 24
const char *decimal_to_text(int64_t thousandths, char out[DECIMAL_TEXT_SIZE]);
/* The sentence for a result that is not fine. */
const char *decimal_complaint(enum decimal_result result);

#endif
