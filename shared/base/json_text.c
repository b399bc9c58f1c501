#include "base/json_text.h"

#include "base/utf8.h"

/* How many bytes from `at` can be copied as they are. */
static size_t plain_run(const char *at, size_t len)
{
    size_t i = 0;
    while (i < len) {
        unsigned char c = (unsigned char)at[i];
        if (c < 0x20 || c == '"' || c == '\\')
            break;
        size_t width = c < 0x80 ? 1 : utf8_width(at + i, len - i);
        if (width == 0)
            break;
        i += width;
    }
    return i;
}

void json_text_write(struct buf *buf, struct text text)
{
    buf_char(buf, '"');
    for (size_t i = 0; i < text.len;) {
        size_t run = plain_run(text.at + i, text.len - i);
        buf_add(buf, text.at + i, run);
        i += run;
        if (i == text.len)
            break;
        unsigned char c = (unsigned char)text.at[i++];
        switch (c) {
        case '"':
            buf_str(buf, "\\\"");
            break;
        case '\\':
            buf_str(buf, "\\\\");
            break;
        case '\n':
            buf_str(buf, "\\n");
            break;
        case '\r':
            buf_str(buf, "\\r");
            break;
        case '\t':
            buf_str(buf, "\\t");
            break;
        default:
            if (c < 0x20)
                buf_printf(buf, "\\u%04x", c);
            else
                buf_str(buf, "\xEF\xBF\xBD");
        }
    }
    buf_char(buf, '"');
}
