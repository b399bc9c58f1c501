/* Written straight into one buffer: no vector of arguments is built and copied again, which is
 * what the hot path of appends would pay for the client library's own formatter. */
#include "ledger/resp.h"

static void number(struct buf *out, char kind, size_t value)
{
    buf_char(out, kind);
    buf_whole(out, (int64_t)value);
    buf_add(out, "\r\n", 2);
}

void resp_text(struct buf *out, struct text word)
{
    number(out, '$', word.len);
    buf_text(out, word);
    buf_add(out, "\r\n", 2);
}

void resp_whole(struct buf *out, uint64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + value % 10);
    while (value /= 10);
    resp_text(out, (struct text){digits + at, sizeof digits - at});
}

void resp_begin(struct buf *out, size_t words, const char *first_words)
{
    number(out, '*', words);
    struct text rest = text_of(first_words);
    while (rest.at)
        resp_text(out, text_cut(rest, ' ', &rest));
}
