/* What a department has to subscribe with: a CURVE key, and a token to read over HTTP what it
 * missed. Both are made where they are used and never shown; what administrators need is the public
 * key and the SHA-256 of the token. */
#ifndef MISAQ_CLI_FOLLOW_KEYS_H
#define MISAQ_CLI_FOLLOW_KEYS_H

#include "base/err.h"

#define FOLLOW_KEY_SIZE   41
#define FOLLOW_TOKEN_SIZE 64

struct follow_keys {
    char public[FOLLOW_KEY_SIZE], secret[FOLLOW_KEY_SIZE], token[FOLLOW_TOKEN_SIZE];
};

/* Makes new ones in a file that must not be there yet, readable by this user only. */
enum err follow_keys_make(const char *path, struct follow_keys *ret_keys, struct faults *why)
    MUST_CHECK;
enum err follow_keys_read(const char *path, struct follow_keys *ret_keys, struct faults *why)
    MUST_CHECK;

#endif
