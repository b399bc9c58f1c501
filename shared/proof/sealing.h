/* What only this house can have made is an HMAC-SHA256 under its secret (token.h): codes, marks of
 * browsers, seals of stored passwords, secrets of webhooks. A purpose in front keeps one from ever
 * passing for another. */
#ifndef MISAQ_PROOF_SEALING_H
#define MISAQ_PROOF_SEALING_H

#include "base/text.h"

#define SEALING_SIZE     32
#define SEALING_WEBHOOK  "webhook" /* with the id of an access: the secret of its webhook */
#define SEALING_HEX_SIZE (2 * SEALING_SIZE + 1)

/* secret: of TOKEN_SECRET_SIZE bytes. Absent texts count as empty ones. */
void sealing_of(const unsigned char *secret, const char *purpose, struct text first,
    struct text second, unsigned char out[SEALING_SIZE]);
/* The same in hexadecimal; returns `out`. */
const char *sealing_hex(const unsigned char *secret, const char *purpose, struct text first,
    struct text second, char out[SEALING_HEX_SIZE]);

#endif
