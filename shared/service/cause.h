/* What an event names as its cause: a digest of the idempotency key and the fingerprint that Redis
 * keeps for the request. Key, receipt and events can so be held against each other; a random id
 * would leave an edited receipt without a witness. */
#ifndef MISAQ_SERVICE_CAUSE_H
#define MISAQ_SERVICE_CAUSE_H

#include "base/text.h"

/* The first 16 bytes in hex of SHA-256 over: length of the key as 4 bytes, little end first, the
 * key with its scope ("a.khan/secretary.PWR/k1"), the fingerprint. */
#define CAUSE_LEN 32
void cause_of(struct text key, struct text fingerprint, char out[CAUSE_LEN + 1]);

#endif
