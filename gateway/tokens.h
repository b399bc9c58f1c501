/* Tokens that were found good: a bounded table by a keyed hash of their text, so that a token is
 * unsealed once and not with every request. Their end is looked at every time. */
#ifndef MISAQ_GATEWAY_TOKENS_H
#define MISAQ_GATEWAY_TOKENS_H

#include "base/settings.h"
#include "schema/schema.h"

struct tokens;

/* Who a token is of. Borrowed from the table until the next tokens_check(). */
struct tokens_holder {
    struct text person, session;
    int64_t signed_in, expires; /* seconds since 1970 */
    int64_t began;              /* when it was signed in, in business time */
    bool foreign;               /* of the identity provider: it is renewed there */
};

/* Borrows the settings. The secret is made by the offices service and read when it is there. */
struct tokens *tokens_new(const struct settings *settings);
void tokens_free(struct tokens *tokens);
/* Looks for the secret while it is missing, once a second, and for the keys of the identity
 * provider. */
void tokens_turn(struct tokens *tokens, uint64_t now_us);
int tokens_wait_ms(const struct tokens *tokens);
/* Why no token can be judged yet; NULL when it can. */
const char *tokens_complaint(const struct tokens *tokens);
/* now: seconds since 1970. ERR_UNAUTHENTICATED with what is wrong; ERR_UNAVAILABLE while
 * keys are being read. Only when tokens_complaint() is NULL. */
enum err tokens_check(struct tokens *tokens, struct text text, int64_t now,
    struct tokens_holder *ret_holder, struct faults *why) MUST_CHECK;

/* How many are in the table that have not expired; how many had to be unsealed since the start. */
uint64_t tokens_count(const struct tokens *tokens, int64_t now);
uint64_t tokens_unsealed(const struct tokens *tokens);

#endif
