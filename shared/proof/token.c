/* The header is a constant and compared as text, so that nobody chooses an algorithm; the seal is
 * compared before anything is parsed. */
#include "proof/token.h"

#include "base/must.h"
#include "proof/base64.h"
#include "schema/json.h"
#include "schema/pack.h"

#include <sodium.h>

/* {"alg":"HS256","typ":"JWT"} */
#define HEADER      "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"
#define CLAIMS_MAX  1024
#define SEAL_SIZE   crypto_auth_hmacsha256_BYTES
#define HEADER_SIZE (sizeof HEADER - 1)

static void seal(struct text text, const unsigned char secret[TOKEN_SECRET_SIZE],
    unsigned char ret_seal[SEAL_SIZE])
{
    crypto_auth_hmacsha256(ret_seal, (const unsigned char *)text.at, text.len, secret);
}

void token_write(
    const struct token *token, const unsigned char secret[TOKEN_SECRET_SIZE], struct buf *out)
{
    BUF_CLEANUP struct buf packed = BUF(CLAIMS_MAX);
    BUF_CLEANUP struct buf claims = BUF(CLAIMS_MAX);
    BUF_CLEANUP struct buf text = BUF(TOKEN_MAX);
    unsigned char proof[SEAL_SIZE];
    struct token_claims said = {.iss = token->government,
        .sub = token->person,
        .sid = token->session,
        .auth_time = {token->signed_in, true},
        .ahead = {token->began - token->signed_in, token->began > token->signed_in},
        .exp = {token->expires, true}};
    pack_write(token_claims_record(), &said, &packed);
    must(!packed.full && json_write(token_claims_record(), buf_as_text(&packed), &claims));
    buf_str(&text, HEADER ".");
    base64_write(&text, BASE64_URL, buf_as_text(&claims));
    seal(buf_as_text(&text), secret, proof);
    buf_char(&text, '.');
    base64_write(&text, BASE64_URL, (struct text){(const char *)proof, sizeof proof});
    must(!claims.full && !text.full);
    buf_text(out, buf_as_text(&text));
}

bool token_is_ours(struct text text)
{
    return text_starts(text, TEXT_LITERAL(HEADER "."));
}

static enum err refuse(struct faults *why, const char *detail)
{
    return faults_add(why, ERR_UNAUTHENTICATED, "", "%s; sign in again", detail);
}

/* Whether it has the one form and was sealed here; then *ret_claims is what stands in it. */
static const char *open_text(struct text text, const unsigned char secret[TOKEN_SECRET_SIZE],
    char claims[CLAIMS_MAX], struct text *ret_claims)
{
    struct text body, proof = {0}, header = text_cut(text, '.', &body);
    unsigned char given[SEAL_SIZE], right[SEAL_SIZE];
    size_t len;
    if (body.at)
        body = text_cut(body, '.', &proof);
    if (text.len > TOKEN_MAX || !proof.at || !text_is(header, HEADER))
        return "this is no session token";
    if (!base64_read(BASE64_URL, proof, given, sizeof given, &len) || len != sizeof given)
        return "the seal of the session token is not one";
    seal((struct text){text.at, HEADER_SIZE + 1 + body.len}, secret, right);
    if (sodium_memcmp(given, right, sizeof given) != 0)
        return "the session token was not sealed here, or was changed";
    if (!base64_read(BASE64_URL, body, claims, CLAIMS_MAX, &len))
        return "the session token cannot be read";
    *ret_claims = (struct text){claims, len};
    return NULL;
}

static struct text keep(struct buf *arena, struct text text)
{
    memcpy(arena->at + arena->len, text.at, text.len);
    arena->len += text.len;
    return (struct text){arena->at + arena->len - text.len, text.len};
}

enum err token_read(struct text text, const unsigned char secret[TOKEN_SECRET_SIZE],
    struct text government, int64_t now, struct buf *arena, struct token *ret_token,
    struct faults *why)
{
    struct faults inner; /* what is wrong with sealed claims is nobody's concern */
    char room[CLAIMS_MAX];
    struct text bytes;
    struct token_claims claims = {0};
    JSON_CLEANUP struct json_document document = {0};
    const char *complaint = open_text(text, secret, room, &bytes);
    if (complaint)
        return refuse(why, complaint);
    faults_clear(&inner);
    if (json_read(token_claims_record(), bytes, &document, &claims, &inner) != OK)
        return refuse(why, "the session token cannot be read");
    if (!text_equal(claims.iss, government))
        return refuse(why, "the session token is of another government");
    if (claims.exp.value <= now)
        return refuse(why, "the session has expired");
    if (!buf_reserve(arena, claims.iss.len + claims.sub.len + claims.sid.len))
        return refuse(why, "the session token is too long");
    *ret_token = (struct token){.government = keep(arena, claims.iss),
        .person = keep(arena, claims.sub),
        .session = keep(arena, claims.sid),
        .signed_in = claims.auth_time.value,
        .began = claims.auth_time.value + claims.ahead.value,
        .expires = claims.exp.value};
    return OK;
}
