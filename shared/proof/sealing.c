/* The parts are given with their lengths, so that no two sequences of parts are the same bytes. */
#include "proof/sealing.h"

#include "base/must.h"

#include <sodium.h>
#include <stdio.h>

void sealing_of(const unsigned char *secret, const char *purpose, struct text first,
    struct text second, unsigned char out[SEALING_SIZE])
{
    crypto_auth_hmacsha256_state state;
    char head[80];
    int len = snprintf(head, sizeof head, "%s %zu %zu ", purpose, first.len, second.len);
    must(len > 0 && (size_t)len < sizeof head);
    crypto_auth_hmacsha256_init(&state, secret, crypto_auth_hmacsha256_KEYBYTES);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)head, strlen(head));
    if (first.len)
        crypto_auth_hmacsha256_update(&state, (const unsigned char *)first.at, first.len);
    if (second.len)
        crypto_auth_hmacsha256_update(&state, (const unsigned char *)second.at, second.len);
    crypto_auth_hmacsha256_final(&state, out);
}

const char *sealing_hex(const unsigned char *secret, const char *purpose, struct text first,
    struct text second, char out[SEALING_HEX_SIZE])
{
    unsigned char seal[SEALING_SIZE];
    sealing_of(secret, purpose, first, second, seal);
    return sodium_bin2hex(out, SEALING_HEX_SIZE, seal, sizeof seal);
}
