/* See cause.h. The length stands before the key, so that no byte can move between the two. */
#include "service/cause.h"

#include <sodium.h>

void cause_of(struct text key, struct text fingerprint, char out[CAUSE_LEN + 1])
{
    crypto_hash_sha256_state hash;
    unsigned char digest[crypto_hash_sha256_BYTES], len[4];
    for (int i = 0; i < 4; i++)
        len[i] = (unsigned char)(key.len >> (8 * i));
    crypto_hash_sha256_init(&hash);
    crypto_hash_sha256_update(&hash, len, sizeof len);
    crypto_hash_sha256_update(&hash, (const unsigned char *)key.at, key.len);
    crypto_hash_sha256_update(&hash, (const unsigned char *)fingerprint.at, fingerprint.len);
    crypto_hash_sha256_final(&hash, digest);
    (void)sodium_bin2hex(out, CAUSE_LEN + 1, digest, CAUSE_LEN / 2);
}
