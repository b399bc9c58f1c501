/* What each worker has for its errands: a connection to where the passwords are, the secret, the
 * settings. */
#ifndef MISAQ_OFFICES_TOOLS_H
#define MISAQ_OFFICES_TOOLS_H

#include "base/settings.h"
#include "ledger/outbox.h"
#include "ledger/secrets.h"
#include "proof/token.h"

#include <sodium.h>

struct tools {
    struct secrets *secrets;
    struct outbox *outbox;
    const struct settings *settings; /* borrowed */
    unsigned char secret[TOKEN_SECRET_SIZE];
    /* The hash of a password that nobody has: whoever does not exist is checked against it, and
     * takes as long. */
    char nobody[crypto_pwhash_STRBYTES];
};

enum err tools_open(const struct settings *settings, void **ret_tools, struct faults *why)
    MUST_CHECK;
void tools_close(void *tools);
/* Hashes a password with Argon2id as the settings want it. False: not enough memory. */
bool tools_hash(const struct tools *tools, struct text password,
    char ret_hash[crypto_pwhash_STRBYTES]) MUST_CHECK;

#endif
