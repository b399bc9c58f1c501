#include "oidc.h"

#include "proof/base64.h"
#include "proof/digest.h"
#include "schema/schema.h"

#define SIGNATURE_MAX 1024
#define SKEW_S        60    /* how far the clocks of two hosts may differ */
#define LIFE_MAX_S    86400 /* no token is good for longer */

struct parts {
    struct text header, claims, signature; /* as they came */
    struct text bytes;                     /* what is signed */
};

static enum err refuse(struct faults *why, const char *detail)
{
    return faults_add(why, ERR_UNAUTHENTICATED, "", "%s", detail);
}

static bool cut(struct text text, struct parts *ret_parts)
{
    struct text rest;
    ret_parts->header = text_cut(text, '.', &rest);
    if (!rest.at)
        return false;
    ret_parts->claims = text_cut(rest, '.', &ret_parts->signature);
    ret_parts->bytes = (struct text){text.at, ret_parts->header.len + 1 + ret_parts->claims.len};
    return ret_parts->signature.at &&
           text_find(ret_parts->signature, '.') == ret_parts->signature.len;
}

static struct json_look *open_part(struct text part)
{
    unsigned char bytes[OIDC_TOKEN_MAX];
    size_t len;
    if (!base64_read(BASE64_URL, part, bytes, sizeof bytes, &len))
        return NULL;
    return json_look_open((struct text){(const char *)bytes, len});
}

/* Which key the header names. Keys and addresses in a header are whatever the sender likes: they
 * are not looked at. */
static enum err find_key(const struct json_look *header, struct oidc_keys *keys, uint64_t now_us,
    const struct jwk **ret_jwk, struct faults *why)
{
    struct text type = json_look_text(header, "typ");
    enum jwk_algorithm algorithm = jwk_algorithm_of(json_look_text(header, "alg"));
    if (algorithm == JWK_NONE)
        return refuse(why, "the algorithm of the token is none of RS256, ES256, EdDSA");
    if (json_look_has(header, "crit"))
        return refuse(why, "the token wants something understood (crit) that is not known here");
    if (type.at && !text_is(type, "JWT") && !text_is(type, "at+jwt"))
        return refuse(why, "the token is of another type than JWT");
    *ret_jwk = oidc_keys_find(keys, json_look_text(header, "kid"), algorithm);
    if (*ret_jwk)
        return OK;
    if (oidc_keys_ask(keys, now_us))
        return faults_add(why, ERR_UNAVAILABLE, "",
            "the keys of the identity provider are being read: come again in 1 second");
    return refuse(why, "the identity provider has no such key for this algorithm");
}

static enum err check_signature(
    struct parts parts, struct oidc_keys *keys, uint64_t now_us, struct faults *why)
{
    unsigned char signature[SIGNATURE_MAX];
    const struct jwk *jwk = NULL;
    size_t len;
    struct json_look *header = open_part(parts.header);
    if (!header)
        return refuse(why, "this is no token: its header cannot be read");
    enum err err = find_key(header, keys, now_us, &jwk, why);
    json_look_close(header);
    if (err != OK)
        return err;
    if (!base64_read(BASE64_URL, parts.signature, signature, sizeof signature, &len) ||
        !jwk_verify(jwk, parts.bytes, (struct text){(const char *)signature, len}))
        return refuse(why, "the signature of the token is not the identity provider's");
    return OK;
}

static bool is_for_us(const struct json_look *claims, const char *audience)
{
    if (text_is(json_look_text(claims, "aud"), audience))
        return true;
    for (size_t i = 0; i < json_look_count(claims, "aud"); i++)
        if (text_is(json_look_text_at(claims, "aud", i), audience))
            return true;
    return false;
}

static const char *complaint(
    const struct json_look *claims, const struct oidc_wanted *wanted, int64_t now)
{
    int64_t expires, issued, from;
    if (!text_is(json_look_text(claims, "iss"), wanted->issuer))
        return "the token is of another issuer";
    if (!is_for_us(claims, wanted->audience))
        return "the token is for another audience";
    if (!json_look_whole(claims, "exp", &expires) || !json_look_whole(claims, "iat", &issued))
        return "the token does not say when it was issued and until when it is good";
    if (expires <= now)
        return "the token has expired: get another one where this came from";
    if (issued > now + SKEW_S || expires - issued > LIFE_MAX_S || issued < 0)
        return "the token is from the future, or good for longer than a day";
    if (json_look_has(claims, "nbf") &&
        (!json_look_whole(claims, "nbf", &from) || from > now + SKEW_S))
        return "the token is not good yet";
    if (id_complaint(json_look_text(claims, wanted->claim)))
        return "the token does not name a person as MISAQ_OIDC_CLAIM says";
    return NULL;
}

static struct text keep(struct buf *arena, struct text text)
{
    size_t before = arena->len;
    buf_text(arena, text);
    return (struct text){arena->at + before, text.len};
}

enum err oidc_read(struct text text, struct oidc_keys *keys, const struct oidc_wanted *wanted,
    int64_t now, uint64_t now_us, struct buf *arena, struct token *ret_token, struct faults *why)
{
    struct parts parts;
    char hex[DIGEST_HEX_SIZE];
    if (text.len > OIDC_TOKEN_MAX || !cut(text, &parts))
        return refuse(why, "this is no token");
    enum err err = check_signature(parts, keys, now_us, why);
    if (err != OK)
        return err;
    struct json_look *claims = open_part(parts.claims);
    if (!claims)
        return refuse(why, "this is no token: its claims cannot be read");
    const char *wrong = complaint(claims, wanted, now);
    if (!wrong) {
        struct digest digest = digest_of(text);
        buf_reserve(arena, 2 * ID_MAX);
        int64_t since = 0;
        (void)json_look_whole(claims, "iat", &since);
        (void)json_look_whole(claims, "exp", &ret_token->expires);
        ret_token->person = keep(arena, json_look_text(claims, wanted->claim));
        (void)digest_to_hex(&digest, hex);
        ret_token->session = keep(arena, (struct text){hex, 32});
        ret_token->signed_in = since;
        ret_token->began = since - (int64_t)wanted->behind_s;
    }
    json_look_close(claims);
    return wrong ? refuse(why, wrong) : OK;
}
