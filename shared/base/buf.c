#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>

void buf_free(struct buf *buf)
{
    free(buf->at);
    *buf = BUF(buf->max);
}

char *buf_reserve(struct buf *buf, size_t more)
{
    if (buf->full || more > buf->max || buf->len > buf->max - more) {
        buf->full = true;
        return NULL;
    }
    if (buf->len + more > buf->room) {
        size_t room = buf->room ? buf->room : 256;
        while (room < buf->len + more)
            room *= 2;
        if (room > buf->max)
            room = buf->max;
        char *at = realloc(buf->at, room);
        if (!at) {
            buf->full = true;
            return NULL;
        }
        buf->at = at;
        buf->room = room;
    }
    return buf->at + buf->len;
}

void buf_add(struct buf *buf, const void *bytes, size_t len)
{
    char *to = len ? buf_reserve(buf, len) : NULL;
    if (to) {
        memcpy(to, bytes, len);
        buf->len += len;
    }
}

void buf_text(struct buf *buf, struct text text)
{
    buf_add(buf, text.at, text.len);
}

void buf_str(struct buf *buf, const char *str)
{
    buf_add(buf, str, strlen(str));
}

void buf_char(struct buf *buf, char c)
{
    buf_add(buf, &c, 1);
}

void buf_whole(struct buf *buf, int64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do
        digits[--at] = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0)
        digits[--at] = '-';
    buf_add(buf, digits + at, sizeof digits - at);
}

void buf_printf(struct buf *buf, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    char *to = len >= 0 ? buf_reserve(buf, (size_t)len + 1) : NULL;
    if (to) {
        (void)vsnprintf(to, (size_t)len + 1, fmt, again);
        buf->len += (size_t)len;
    }
    va_end(again);
}

char *buf_take(struct buf *buf, size_t *ret_len)
{
    char *at = buf->at;
    *ret_len = buf->len;
    *buf = BUF(buf->max);
    return at;
}
