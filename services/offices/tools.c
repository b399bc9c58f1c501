/* The secret is made here when it is missing: the gateway waits for it. */
#include "tools.h"

#include "base/must.h"

#include <stdlib.h>

bool tools_hash(
    const struct tools *tools, struct text password, char ret_hash[crypto_pwhash_STRBYTES])
{
    return crypto_pwhash_str_alg(ret_hash, password.at, password.len,
               tools->settings->password_passes, (size_t)tools->settings->password_kib * 1024,
               crypto_pwhash_ALG_ARGON2ID13) == 0;
}

enum err tools_open(const struct settings *settings, void **ret_tools, struct faults *why)
{
    unsigned char nobody[32];
    struct tools *tools = calloc(1, sizeof *tools);
    must(tools);
    tools->settings = settings;
    enum err err = token_secret(settings->keys, true, tools->secret, why);
    if (err == OK)
        err = secrets_open(settings, &tools->secrets, why);
    if (err == OK)
        err = outbox_open(settings, &tools->outbox, why);
    randombytes_buf(nobody, sizeof nobody);
    if (err == OK &&
        !tools_hash(tools, (struct text){(const char *)nobody, sizeof nobody}, tools->nobody))
        err = faults_add(why, ERR_INVALID, "MISAQ_PASSWORD_KIB",
            "there are no %lu KiB of memory for hashing a password", settings->password_kib);
    if (err != OK) {
        tools_close(tools);
        return err;
    }
    *ret_tools = tools;
    return OK;
}

void tools_close(void *of_worker)
{
    struct tools *tools = of_worker;
    if (!tools)
        return;
    secrets_close(tools->secrets);
    outbox_close(tools->outbox);
    sodium_memzero(tools, sizeof *tools);
    free(tools);
}
