/* Tokens of an identity provider: JWTs (RFC 7519, 8725) that it signed for us. The algorithms are
 * a fixed list and belong to the keys; issuer, audience and times are checked; one claim names the
 * person. Roles are not in it: they come from the ledger. */
#ifndef MISAQ_GATEWAY_OIDC_H
#define MISAQ_GATEWAY_OIDC_H

#include "oidc_keys.h"

#include "base/settings.h"
#include "proof/token.h"

#define OIDC_TOKEN_MAX 8192

/* What is expected of a token. */
struct oidc_wanted {
    const char *issuer, *audience, *claim; /* the claim that names the person */
    uint64_t behind_s;                     /* as in the settings: business time runs behind */
};

/* The verdict on a token; `keys` may be asked again for one that is not known, and then it is
 * ERR_UNAVAILABLE. Texts of *ret_token are borrowed from `arena`, which has room for 2 ids. */
enum err oidc_read(struct text text, struct oidc_keys *keys, const struct oidc_wanted *wanted,
    int64_t now, uint64_t now_us, struct buf *arena, struct token *ret_token, struct faults *why)
    MUST_CHECK;

#endif
