/* The keys of an identity provider: found by OpenID Connect Discovery, read over HTTP while the
 * loop goes on, read again every ten minutes and when a token names one that is not known. */
#ifndef MISAQ_GATEWAY_OIDC_KEYS_H
#define MISAQ_GATEWAY_OIDC_KEYS_H

#include "jwk.h"

struct oidc_keys;

/* issuer: an URL, https or (said so by whoever sets it) http; borrowed. */
struct oidc_keys *oidc_keys_new(const char *issuer);
void oidc_keys_free(struct oidc_keys *keys);
/* True when other keys are there than before. */
bool oidc_keys_turn(struct oidc_keys *keys, uint64_t now_us);
/* While something is on its way the loop has to come by often. */
int oidc_keys_wait_ms(const struct oidc_keys *keys);
/* The key of an id (absent: the only one of that algorithm); NULL: there is none. */
const struct jwk *oidc_keys_find(
    const struct oidc_keys *keys, struct text id, enum jwk_algorithm algorithm);
/* Asks for the keys again because one is not known. False when that was done just before: then it
 * does not exist. */
bool oidc_keys_ask(struct oidc_keys *keys, uint64_t now_us);
/* Why there are none; NULL when there are. */
const char *oidc_keys_complaint(const struct oidc_keys *keys);

#endif
