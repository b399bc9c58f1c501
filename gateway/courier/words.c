#include "words.h"

#include "proof/base64.h"

#define WORD_BYTES 45 /* base64 of 60 characters, within the 75 of an encoded word */
#define PLAIN_MOST 70

static bool is_plain(struct text text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] < ' ' || text.at[i] > '~')
            return false;
    return text.len <= PLAIN_MOST && (text.len < 2 || text.at[0] != '=' || text.at[1] != '?');
}

static bool continues(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

void words_encode(struct text text, struct buf *out)
{
    char word[WORD_BYTES];
    if (is_plain(text)) {
        buf_text(out, text);
        return;
    }
    for (size_t from = 0; from < text.len;) {
        size_t len = text.len - from < WORD_BYTES ? text.len - from : WORD_BYTES;
        while (len > 1 && from + len < text.len && continues(text.at[from + len]))
            len--;
        for (size_t i = 0; i < len; i++) {
            unsigned char c = (unsigned char)text.at[from + i];
            word[i] = c < ' ' || c == 127 ? ' ' : (char)c;
        }
        buf_str(out, from ? "\r\n =?UTF-8?B?" : "=?UTF-8?B?");
        base64_write(out, BASE64_PADDED, (struct text){word, len});
        buf_str(out, "?=");
        from += len;
    }
}
