#include "proof/key.h"

#include "base/must.h"
#include "proof/base64.h"
#include "proof/digest.h"

#include <sodium.h>

_Static_assert(sizeof(struct key_secret) == crypto_sign_SECRETKEYBYTES, "libsodium's form");
_Static_assert(KEY_PUBLIC == crypto_sign_PUBLICKEYBYTES, "libsodium's form");
_Static_assert(KEY_SIGNATURE == crypto_sign_BYTES, "libsodium's form");

void key_generate(struct key_secret *ret_secret)
{
    struct key_public public;
    must(sodium_init() >= 0);
    must(crypto_sign_keypair(public.at, ret_secret->at) == 0);
}

void key_forget(struct key_secret *secret)
{
    sodium_memzero(secret->at, sizeof secret->at);
}

struct key_public key_public_of(const struct key_secret *secret)
{
    struct key_public public;
    must(crypto_sign_ed25519_sk_to_pk(public.at, secret->at) == 0);
    return public;
}

const char *key_to_text(const struct key_public *public, char out[KEY_TEXT_SIZE])
{
    return sodium_bin2base64(
        out, KEY_TEXT_SIZE, public->at, KEY_PUBLIC, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

enum err key_from_text(
    struct text text, const char *member, struct key_public *ret_public, struct faults *why)
{
    struct key_public public = {0};
    size_t len;
    if (text.len != KEY_TEXT_SIZE - 1 ||
        !base64_read(BASE64_URL, text, public.at, sizeof public.at, &len) || len != KEY_PUBLIC)
        return faults_add(why, ERR_INVALID, member,
            "is not a public key: 43 characters of base64url, as \"x\" of an Ed25519 JWK");
    const char *complaint = key_public_complaint(&public);
    if (complaint)
        return faults_add(why, ERR_INVALID, member, "%s", complaint);
    *ret_public = public;
    return OK;
}

const char *key_id(const struct key_public *public, char out[KEY_TEXT_SIZE])
{
    char x[KEY_TEXT_SIZE], room[100];
    struct buf jwk = {.at = room, .room = sizeof room, .max = sizeof room};
    /* RFC 7638 hashes exactly these members in this order. */
    buf_str(&jwk, "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"");
    buf_str(&jwk, key_to_text(public, x));
    buf_str(&jwk, "\"}");
    must(!jwk.full);
    struct digest digest = digest_of(buf_as_text(&jwk));
    return sodium_bin2base64(
        out, KEY_TEXT_SIZE, digest.at, DIGEST_SIZE, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* Little-endian order of two numbers of 32 bytes: whether a < b. These are public: no need to take
 * the same time for all. */
static bool is_less(const unsigned char a[32], const unsigned char b[32])
{
    for (size_t i = 32; i-- > 0;)
        if (a[i] != b[i])
            return a[i] < b[i];
    return false;
}

/* The y of the eight points whose order divides 8, least byte first: 0, 1, p - 1 and the two of
 * order 8 (RFC 7748 curve, tables as in libsodium's own refusals). */
static const unsigned char small_order[][32] = {
    {0},
    {1},
    {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0x7f},
    {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
        0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc,
        0x05},
    {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
        0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03,
        0x7a},
};

const char *key_public_complaint(const struct key_public *public)
{
    static const unsigned char p[32] = {0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f};
    unsigned char y[32], sum[32];
    memcpy(y, public->at, sizeof y);
    y[31] &= 0x7f; /* the last bit is the sign of x */
    if (!is_less(y, p))
        return "is a public key in a form that is not canonical: a coordinate is not reduced";
    for (size_t i = 0; i < sizeof small_order / sizeof *small_order; i++)
        if (memcmp(y, small_order[i], sizeof y) == 0)
            return "is a public key of small order: it would let anybody sign";
    if (crypto_core_ed25519_is_valid_point(public->at) == 1)
        return NULL;
    if (crypto_core_ed25519_add(sum, public->at, public->at) != 0)
        return "is no public key: not a point of the curve";
    return "is a public key with a part of small order: verifiers would not agree on it";
}

struct key_signature key_sign(const struct key_secret *secret, struct text bytes)
{
    struct key_signature signature;
    must(crypto_sign_detached(
             signature.at, NULL, (const unsigned char *)bytes.at, bytes.len, secret->at) == 0);
    return signature;
}

const char *key_signature_complaint(
    const struct key_public *public, struct text bytes, const struct key_signature *signature)
{
    /* L of RFC 8032, the order of the group. */
    static const unsigned char order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6,
        0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10};
    struct key_public first;
    memcpy(first.at, signature->at, sizeof first.at);
    const char *complaint = key_public_complaint(public);
    if (complaint)
        return complaint;
    if (!is_less(signature->at + 32, order))
        return "is malleable: the second half of the signature is not reduced";
    if (key_public_complaint(&first))
        return "has a first half that is no point of the group";
    if (crypto_sign_verify_detached(
            signature->at, (const unsigned char *)bytes.at, bytes.len, public->at) != 0)
        return "does not verify: other bytes were signed, or with another key";
    return NULL;
}
