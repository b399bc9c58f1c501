#include "jwk.h"

#include "proof/base64.h"

#include <sodium.h>

/* A name that OpenSSL and base/err.h both have. */
#define ERR_STATE openssl_ERR_STATE
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#undef ERR_STATE

#define NUMBER_MAX  1024 /* bytes of a part of a key: 8192 bits */
#define RSA_LEAST   2048
#define RSA_MOST    8192
#define CURVE_BYTES 32

struct number {
    unsigned char at[NUMBER_MAX];
    size_t len;
};

static bool read_number(const struct json_look *json, const char *name, struct number *ret_number)
{
    struct text text = json_look_text(json, name);
    return text.at &&
           base64_read(BASE64_URL, text, ret_number->at, sizeof ret_number->at, &ret_number->len);
}

static EVP_PKEY *from_parameters(const char *type, OSSL_PARAM_BLD *builder)
{
    EVP_PKEY *key = NULL;
    OSSL_PARAM *parameters = builder ? OSSL_PARAM_BLD_to_param(builder) : NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    bool fine = parameters && context && EVP_PKEY_fromdata_init(context) == 1 &&
                EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters) == 1;
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(parameters);
    return fine ? key : NULL;
}

static EVP_PKEY *read_rsa(const struct json_look *json)
{
    struct number n, e;
    if (!read_number(json, "n", &n) || !read_number(json, "e", &e) || e.len > 8)
        return NULL;
    BIGNUM *modulus = BN_bin2bn(n.at, (int)n.len, NULL);
    BIGNUM *exponent = BN_bin2bn(e.at, (int)e.len, NULL);
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    bool fine = modulus && exponent && builder && BN_num_bits(modulus) >= RSA_LEAST &&
                BN_num_bits(modulus) <= RSA_MOST && BN_is_odd(exponent) && !BN_is_one(exponent) &&
                OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus) == 1 &&
                OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent) == 1;
    EVP_PKEY *key = fine ? from_parameters("RSA", builder) : NULL;
    OSSL_PARAM_BLD_free(builder);
    BN_free(modulus);
    BN_free(exponent);
    return key;
}

/* OpenSSL refuses a point that is not on the curve. */
static EVP_PKEY *read_ec(const struct json_look *json)
{
    struct number x, y;
    unsigned char point[1 + 2 * CURVE_BYTES] = {POINT_CONVERSION_UNCOMPRESSED};
    if (!text_is(json_look_text(json, "crv"), "P-256") || !read_number(json, "x", &x) ||
        !read_number(json, "y", &y) || x.len != CURVE_BYTES || y.len != CURVE_BYTES)
        return NULL;
    memcpy(point + 1, x.at, CURVE_BYTES);
    memcpy(point + 1 + CURVE_BYTES, y.at, CURVE_BYTES);
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    bool fine = builder &&
                OSSL_PARAM_BLD_push_utf8_string(
                    builder, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) == 1 &&
                OSSL_PARAM_BLD_push_octet_string(
                    builder, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point) == 1;
    EVP_PKEY *key = fine ? from_parameters("EC", builder) : NULL;
    OSSL_PARAM_BLD_free(builder);
    return key;
}

/* With a key of small order some verifiers accept any message. */
static EVP_PKEY *read_okp(const struct json_look *json)
{
    struct number x;
    if (!text_is(json_look_text(json, "crv"), "Ed25519") || !read_number(json, "x", &x) ||
        x.len != CURVE_BYTES || crypto_core_ed25519_is_valid_point(x.at) != 1)
        return NULL;
    return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, x.at, x.len);
}

enum jwk_algorithm jwk_algorithm_of(struct text name)
{
    return text_is(name, "RS256")                               ? JWK_RS256
           : text_is(name, "ES256")                             ? JWK_ES256
           : text_is(name, "EdDSA") || text_is(name, "Ed25519") ? JWK_EDDSA
                                                                : JWK_NONE;
}

bool jwk_read(const struct json_look *json, struct jwk *ret_jwk)
{
    struct text type = json_look_text(json, "kty"), id = json_look_text(json, "kid");
    struct text use = json_look_text(json, "use"), algorithm = json_look_text(json, "alg");
    struct jwk jwk = {0};
    if (id.len >= JWK_ID_SIZE || (use.at && !text_is(use, "sig")))
        return false;
    if (text_is(type, "RSA"))
        jwk = (struct jwk){.algorithm = JWK_RS256, .key = read_rsa(json)};
    else if (text_is(type, "EC"))
        jwk = (struct jwk){.algorithm = JWK_ES256, .key = read_ec(json)};
    else if (text_is(type, "OKP"))
        jwk = (struct jwk){.algorithm = JWK_EDDSA, .key = read_okp(json)};
    if (!jwk.key || (algorithm.at && jwk_algorithm_of(algorithm) != jwk.algorithm)) {
        jwk_free(&jwk);
        return false;
    }
    if (id.len)
        memcpy(jwk.id, id.at, id.len);
    *ret_jwk = jwk;
    return true;
}

void jwk_free(struct jwk *jwk)
{
    EVP_PKEY_free(jwk->key);
    *jwk = (struct jwk){0};
}

static bool check(
    const struct jwk *jwk, struct text bytes, const unsigned char *signature, size_t len)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const EVP_MD *hash = jwk->algorithm == JWK_EDDSA ? NULL : EVP_sha256();
    bool fine =
        context && EVP_DigestVerifyInit(context, NULL, hash, NULL, jwk->key) == 1 &&
        EVP_DigestVerify(context, signature, len, (const unsigned char *)bytes.at, bytes.len) == 1;
    EVP_MD_CTX_free(context);
    return fine;
}

/* The signature of JOSE is two numbers of 32 bytes, that of OpenSSL is DER. */
static bool check_ecdsa(const struct jwk *jwk, struct text bytes, struct text signature)
{
    const unsigned char *at = (const unsigned char *)signature.at;
    unsigned char *der = NULL;
    if (signature.len != 2 * (size_t)CURVE_BYTES)
        return false;
    ECDSA_SIG *both = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(at, CURVE_BYTES, NULL),
           *s = BN_bin2bn(at + CURVE_BYTES, CURVE_BYTES, NULL);
    bool given = both && r && s && ECDSA_SIG_set0(both, r, s) == 1;
    if (!given) {
        BN_free(r);
        BN_free(s);
    }
    int len = given ? i2d_ECDSA_SIG(both, &der) : 0;
    bool fine = len > 0 && check(jwk, bytes, der, (size_t)len);
    OPENSSL_free(der);
    ECDSA_SIG_free(both);
    return fine;
}

bool jwk_verify(const struct jwk *jwk, struct text bytes, struct text signature)
{
    return jwk->algorithm == JWK_ES256
               ? check_ecdsa(jwk, bytes, signature)
               : check(jwk, bytes, (const unsigned char *)signature.at, signature.len);
}
