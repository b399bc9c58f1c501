/* Public keys of an identity provider (RFC 7517) and the signatures that they check (RFC 7515). A
 * key has one algorithm, by what it is: nobody chooses one in a token. */
#ifndef MISAQ_GATEWAY_JWK_H
#define MISAQ_GATEWAY_JWK_H

#include "schema/json_look.h"

#define JWK_ID_SIZE 129

enum jwk_algorithm { JWK_NONE, JWK_RS256, JWK_ES256, JWK_EDDSA };

struct jwk {
    char id[JWK_ID_SIZE]; /* "": none was given */
    enum jwk_algorithm algorithm;
    void *key;
};

/* RSA of 2048 to 8192 bits, EC on P-256, OKP Ed25519 with a point of the large order; only keys for
 * signatures. False for all others: they are passed over. */
bool jwk_read(const struct json_look *json, struct jwk *ret_jwk);
void jwk_free(struct jwk *jwk);
/* "RS256", "ES256", "EdDSA" or "Ed25519" (RFC 9864); JWK_NONE for all others. */
enum jwk_algorithm jwk_algorithm_of(struct text name);
bool jwk_verify(const struct jwk *jwk, struct text bytes, struct text signature);

#endif
