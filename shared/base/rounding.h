/* One rounding for every number that is computed here and published: half away from zero, in whole
 * numbers of any size that decimals can make. A double would give each reader his own last digit.
 */
#ifndef MISAQ_BASE_ROUNDING_H
#define MISAQ_BASE_ROUNDING_H

#include "base/decimal.h"

__extension__ typedef __int128 wide; /* a product of two decimals fits */

/* above / below, rounded, and kept within what a decimal can hold. below is not 0. */
static inline int64_t rounding_divide(wide above, wide below)
{
    bool negative = (above < 0) != (below < 0);
    wide n = above < 0 ? -above : above;
    wide d = below < 0 ? -below : below;
    wide whole = (n + d / 2) / d;
    int64_t value = whole > DECIMAL_MAX ? DECIMAL_MAX : (int64_t)whole;
    return negative ? -value : value;
}

#endif
