/* The stored passwords: hashes, beside the ledger and never in it, each sealed for its person, so
 * that a record that was edited or copied from somebody else is noticed. */
#ifndef MISAQ_OFFICES_VAULT_H
#define MISAQ_OFFICES_VAULT_H

#include "tools.h"

struct vault_record {
    bool found;
    uint64_t number; /* of the invitation that it was set with */
    int64_t set_s;   /* when, seconds since 1970 */
    char hash[crypto_pwhash_STRBYTES];
    size_t raw_len;
    char raw[512]; /* as it is stored, for vault_write() */
};

/* ERR_INTERNAL: what is stored was changed by somebody else; *ret_record then holds `raw` alone. */
enum err vault_read(struct tools *tools, struct text person, struct vault_record *ret_record,
    struct faults *why) MUST_CHECK;
/* Whether it is the password. Takes as long when there is none. */
bool vault_opens(
    const struct tools *tools, const struct vault_record *record, struct text password);
/* Puts a new password in the place of `old`. ERR_CONFLICT: somebody else did so meanwhile. */
enum err vault_write(struct tools *tools, struct text person, const struct vault_record *old,
    uint64_t number, int64_t now_s, struct text password, struct faults *why) MUST_CHECK;

#endif
