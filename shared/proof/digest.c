#include "proof/digest.h"

#include <sodium.h>

struct digest digest_of(struct text bytes)
{
    struct digest digest;
    (void)crypto_hash_sha256(digest.at, (const unsigned char *)bytes.at, bytes.len);
    return digest;
}

const char *digest_to_hex(const struct digest *digest, char out[DIGEST_HEX_SIZE])
{
    return sodium_bin2hex(out, DIGEST_HEX_SIZE, digest->at, DIGEST_SIZE);
}

bool digest_from_hex(struct text hex, struct digest *ret_digest)
{
    if (hex.len != 2 * (size_t)DIGEST_SIZE)
        return false;
    for (size_t i = 0; i < hex.len; i++) /* libsodium would take upper case as well */
        if (!((hex.at[i] >= '0' && hex.at[i] <= '9') || (hex.at[i] >= 'a' && hex.at[i] <= 'f')))
            return false;
    return sodium_hex2bin(ret_digest->at, DIGEST_SIZE, hex.at, hex.len, NULL, NULL, NULL) == 0;
}
