#include "base/decimal.h"

#include <math.h>
#include <stdio.h>

enum decimal_result decimal_from_text(struct text t, int64_t *ret_thousandths)
{
    size_t i = 0;
    bool minus = t.len && t.at[0] == '-';
    i += minus;
    size_t first = i;
    int64_t value = 0;
    for (; i < t.len && t.at[i] >= '0' && t.at[i] <= '9'; i++) {
        if (i - first >= 12)
            return DECIMAL_TOO_LARGE;
        value = value * 10 + (t.at[i] - '0');
    }
    if (i == first || (i - first > 1 && t.at[first] == '0'))
        return DECIMAL_NOT;
    value *= DECIMAL_ONE;
    if (i < t.len) {
        if (t.at[i++] != '.' || i == t.len)
            return DECIMAL_NOT;
        for (int64_t unit = DECIMAL_ONE / 10; i < t.len; i++, unit /= 10) {
            if (t.at[i] < '0' || t.at[i] > '9')
                return DECIMAL_NOT;
            if (unit == 0 && t.at[i] != '0')
                return DECIMAL_TOO_FINE;
            value += unit * (t.at[i] - '0');
        }
    }
    *ret_thousandths = minus ? -value : value;
    return DECIMAL_FINE;
}

enum decimal_result decimal_from_double(double value, int64_t *ret_thousandths)
{
    if (!isfinite(value))
        return DECIMAL_NOT;
    if (fabs(value) >= 1e12)
        return DECIMAL_TOO_LARGE;
    /* The nearest double of k/1000 is unique to k below 10^12, so equality means exactness. */
    int64_t thousandths = llround(value * 1000.0);
    if ((double)thousandths / 1000.0 != value)
        return DECIMAL_TOO_FINE;
    *ret_thousandths = thousandths;
    return DECIMAL_FINE;
}

const char *decimal_to_text(int64_t thousandths, char out[DECIMAL_TEXT_SIZE])
{
    struct buf buf = {.at = out, .room = DECIMAL_TEXT_SIZE - 1, .max = DECIMAL_TEXT_SIZE - 1};
    decimal_write(&buf, thousandths);
    out[buf.len] = '\0';
    return out;
}

void decimal_write(struct buf *buf, int64_t thousandths)
{
    uint64_t size = thousandths < 0 ? 0 - (uint64_t)thousandths : (uint64_t)thousandths;
    uint32_t part = (uint32_t)(size % 1000);
    if (thousandths < 0)
        buf_char(buf, '-');
    buf_whole(buf, (int64_t)(size / 1000));
    if (part) {
        char digits[4] = {
            '.', (char)('0' + part / 100), (char)('0' + part / 10 % 10), (char)('0' + part % 10)};
        buf_add(buf, digits, part % 10 ? 4 : part % 100 ? 3 : 2);
    }
}

const char *decimal_complaint(enum decimal_result result)
{
    switch (result) {
    case DECIMAL_TOO_FINE:
        return "has more than three decimals";
    case DECIMAL_TOO_LARGE:
        return "is not below 1,000,000,000,000";
    default:
        return "is not a number";
    }
}
