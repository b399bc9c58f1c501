/* The JWS with which a key itself says for whom it is to sign: without it nobody could tell whether
 * who asks for an enrolment has the private half. */
#ifndef MISAQ_CLI_KEY_PROOF_H
#define MISAQ_CLI_KEY_PROOF_H

#include "base/buf.h"
#include "proof/key.h"
#include "schema/schema.h"

/* Appends it, for all that `propose` says but its proof; false when that is too long. */
bool key_proof_write(const struct key_propose *propose, struct text origin,
    const struct key_secret *secret, struct buf *out) MUST_CHECK;

#endif
