#include "proof/base64.h"

#include <sodium.h>

static int variant_of(enum base64_form form)
{
    return form == BASE64_URL ? sodium_base64_VARIANT_URLSAFE_NO_PADDING
                              : sodium_base64_VARIANT_ORIGINAL;
}

void base64_write(struct buf *out, enum base64_form form, struct text bytes)
{
    size_t size = sodium_base64_encoded_len(bytes.len, variant_of(form)); /* with its NUL */
    char *to = buf_reserve(out, size);
    if (!to)
        return;
    (void)sodium_bin2base64(to, size, (const unsigned char *)bytes.at, bytes.len, variant_of(form));
    out->len += strlen(to);
}

/* libsodium takes some bytes above 127 for characters of the alphabet. */
static bool is_ascii(struct text text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] > 0x7F)
            return false;
    return true;
}

bool base64_read(enum base64_form form, struct text text, void *out, size_t most, size_t *ret_len)
{
    /* Without characters to ignore and without a place for an end, the whole text must be base64;
     * libsodium also refuses wrong padding and unused bits that are not zero. */
    size_t len;
    if (!is_ascii(text) || sodium_base642bin(out, most, text.at ? text.at : "", text.len, NULL,
                               &len, NULL, variant_of(form)) != 0)
        return false;
    *ret_len = len;
    return true;
}
