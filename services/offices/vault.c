/* A record is "1 <number> <second> <hash> <seal>". */
#include "vault.h"

#include "proof/sealing.h"

#include "base/must.h"

#include <stdio.h>

#define FORMAT "1"

static const char *name_of(struct text person, char out[SECRETS_NAME_MAX])
{
    must(person.len <= 64);
    (void)snprintf(out, SECRETS_NAME_MAX, "password:%.*s", TEXT_ARG(person));
    return out;
}

/* Takes the record apart; false when it is none or its seal is another. */
static bool read_record(
    const struct tools *tools, struct text person, struct text raw, struct vault_record *record)
{
    char seal[SEALING_HEX_SIZE];
    struct text format, number, second, hash, given, rest = raw;
    struct text *const parts[] = {&format, &number, &second, &hash, &given};
    uint64_t set_s;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!rest.at)
            return false;
        *parts[i] = text_cut(rest, ' ', &rest);
    }
    if (rest.at || !text_is(format, FORMAT) || given.len != SEALING_HEX_SIZE - 1 ||
        !text_whole(number, INT64_MAX, &record->number) || !text_whole(second, INT64_MAX, &set_s) ||
        hash.len >= sizeof record->hash)
        return false;
    struct text sealed = {raw.at, raw.len - given.len};
    (void)sealing_hex(tools->secret, "password", person, sealed, seal);
    if (sodium_memcmp(seal, given.at, given.len) != 0)
        return false;
    record->set_s = (int64_t)set_s;
    memset(record->hash, 0, sizeof record->hash);
    memcpy(record->hash, hash.at, hash.len);
    return true;
}

enum err vault_read(
    struct tools *tools, struct text person, struct vault_record *ret_record, struct faults *why)
{
    char name[SECRETS_NAME_MAX];
    bool found = false;
    *ret_record = (struct vault_record){0};
    struct buf raw = {
        .at = ret_record->raw, .room = sizeof ret_record->raw, .max = sizeof ret_record->raw};
    enum err err = secrets_get(tools->secrets, name_of(person, name), &raw, &found, why);
    if (err)
        return err;
    ret_record->raw_len = found ? raw.len : 0;
    if (!found)
        return OK;
    if (raw.full || !read_record(tools, person, buf_as_text(&raw), ret_record))
        return faults_add(why, ERR_INTERNAL, "",
            "the stored password of %.*s was changed from outside: two administrators give a code "
            "for a new one",
            TEXT_ARG(person));
    ret_record->found = true;
    return OK;
}

bool vault_opens(const struct tools *tools, const struct vault_record *record, struct text password)
{
    const char *hash = record->found ? record->hash : tools->nobody;
    bool right = crypto_pwhash_str_verify(hash, password.at, password.len) == 0;
    return right && record->found;
}

enum err vault_write(struct tools *tools, struct text person, const struct vault_record *old,
    uint64_t number, int64_t now_s, struct text password, struct faults *why)
{
    char name[SECRETS_NAME_MAX], hash[crypto_pwhash_STRBYTES], seal[SEALING_HEX_SIZE];
    char raw[sizeof old->raw];
    bool done = false;
    if (!tools_hash(tools, password, hash))
        return faults_add(
            why, ERR_UNAVAILABLE, "", "there is no memory for hashing a password: try again");
    int len = snprintf(raw, sizeof raw, FORMAT " %lu %ld %s ", number, now_s, hash);
    must(len > 0 && (size_t)len + sizeof seal < sizeof raw);
    (void)sealing_hex(tools->secret, "password", person, (struct text){raw, (size_t)len}, seal);
    memcpy(raw + len, seal, sizeof seal);
    struct text before = old->raw_len ? (struct text){old->raw, old->raw_len} : (struct text){0};
    enum err err =
        secrets_swap(tools->secrets, name_of(person, name), before, text_of(raw), &done, why);
    if (err == OK && !done)
        err = faults_add(why, ERR_CONFLICT, "",
            "the password of %.*s was set by somebody else at the same moment", TEXT_ARG(person));
    return err;
}
