/* Session tokens: who signed in, until when, sealed with a secret that offices and gateway share. A
 * token is a JWT (RFC 7519) with HS256 and one fixed header: a token with any other header is none,
 * so there is no algorithm to choose. Roles are not in it: they come from the ledger. */
#ifndef MISAQ_PROOF_TOKEN_H
#define MISAQ_PROOF_TOKEN_H

#include "base/buf.h"
#include "base/err.h"

#define TOKEN_SECRET_SIZE 32
#define TOKEN_MAX         600

struct token {
    struct text government; /* iss */
    struct text person;     /* sub */
    struct text session;    /* sid: 32 hex digits */
    int64_t signed_in;      /* auth_time: when the password was given; seconds since 1970 */
    int64_t began;          /* the same in business time, which a demonstration moves ahead */
    int64_t expires;        /* exp, by the wall's clock */
};

/* Reads the secret from <folder>/token.key; makes it first (0600, whole or not at all, also when
 * two do it at once) where `make` is true and it is missing. ERR_NOT_FOUND: not there yet. */
enum err token_secret(const char *folder, bool make, unsigned char ret_secret[TOKEN_SECRET_SIZE],
    struct faults *why) MUST_CHECK;
void token_write(
    const struct token *token, const unsigned char secret[TOKEN_SECRET_SIZE], struct buf *out);
/* Whether a token has our header: else it may be somebody else's. */
bool token_is_ours(struct text text);
/* ERR_UNAUTHENTICATED with one fault that says what is wrong: not a token, sealed by somebody else,
 * of another government, expired. Texts of *ret are borrowed from `arena`. */
enum err token_read(struct text text, const unsigned char secret[TOKEN_SECRET_SIZE],
    struct text government, int64_t now, struct buf *arena, struct token *ret_token,
    struct faults *why) MUST_CHECK;

#endif
