#include "base/utf8.h"

size_t utf8_width(const char *at, size_t len)
{
    const unsigned char *p = (const unsigned char *)at;
    if (len == 0)
        return 0;
    if (p[0] < 0x80)
        return 1;
    size_t width = p[0] >= 0xC2 && p[0] <= 0xDF   ? 2
                   : p[0] >= 0xE0 && p[0] <= 0xEF ? 3
                   : p[0] >= 0xF0 && p[0] <= 0xF4 ? 4
                                                  : 0;
    if (width == 0 || width > len)
        return 0;
    for (size_t i = 1; i < width; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    if ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F) ||
        (p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F))
        return 0;
    return width;
}

uint32_t utf8_code_point(const char *at, size_t width)
{
    static const unsigned char lead_bits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    uint32_t code = (unsigned char)at[0] & lead_bits[width];
    for (size_t i = 1; i < width; i++)
        code = code << 6 | ((unsigned char)at[i] & 0x3F);
    return code;
}

size_t utf8_length(struct text text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; count++) {
        uint64_t eight;
        while (text.len - i >= sizeof eight) { /* most text is ASCII: eight at a time */
            memcpy(&eight, text.at + i, sizeof eight);
            if (eight & UINT64_C(0x8080808080808080))
                break;
            i += sizeof eight;
            count += sizeof eight;
        }
        if (i == text.len)
            break;
        if ((unsigned char)text.at[i] < 0x80) {
            i++;
            continue;
        }
        size_t width = utf8_width(text.at + i, text.len - i);
        if (width == 0)
            return SIZE_MAX;
        i += width;
    }
    return count;
}
