#include "base/err.h"

#include <stdio.h>
#include <string.h>

static const struct {
    int http;
    const char *word;
    const char *sentence;
} errors[ERR_COUNT] = {
    [OK] = {200, "ok", "Done"},
#define ERR(name, http, word, sentence) [ERR_##name] = {http, word, sentence},
#include "base/err.def"
#undef ERR
};

int err_http(enum err err)
{
    return errors[err].http;
}

const char *err_word(enum err err)
{
    return errors[err].word;
}

const char *err_sentence(enum err err)
{
    return errors[err].sentence;
}

enum err err_from_word(const char *word, size_t len)
{
    for (enum err e = OK; e < ERR_COUNT; e++)
        if (strlen(errors[e].word) == len && memcmp(errors[e].word, word, len) == 0)
            return e;
    return ERR_INTERNAL;
}

void faults_clear(struct faults *why)
{
    why->total = 0;
    why->line = why->column = 0;
    why->prefix[0] = '\0';
}

/* Drops the bytes of a UTF-8 character that a cut has split. */
static void trim_split_character(char *text)
{
    size_t len = strlen(text), back = 0;
    while (back < len && back < 4 && ((unsigned char)text[len - 1 - back] & 0xC0) == 0x80)
        back++;
    if (back == len || back == 4)
        return;
    unsigned char lead = (unsigned char)text[len - 1 - back];
    size_t want = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
    if (back < want)
        text[len - 1 - back] = '\0';
}

enum err faults_addv(
    struct faults *why, enum err err, const char *member, const char *detail, va_list args)
{
    if (why->total++ >= FAULTS_KEPT)
        return err;
    struct fault *fault = &why->kept[why->total - 1];
    fault->err = err;
    fault->line = why->line;
    fault->column = why->column;
    (void)snprintf(fault->member, sizeof fault->member, "%s%s", why->prefix, member);
    (void)vsnprintf(fault->detail, sizeof fault->detail, detail, args);
    trim_split_character(fault->member);
    trim_split_character(fault->detail);
    return err;
}

enum err faults_add(struct faults *why, enum err err, const char *member, const char *detail, ...)
{
    va_list args;
    va_start(args, detail);
    faults_addv(why, err, member, detail, args);
    va_end(args);
    return err;
}

enum err faults_err(const struct faults *why)
{
    return why->total ? why->kept[0].err : OK;
}

uint32_t faults_kept(const struct faults *why)
{
    return why->total < FAULTS_KEPT ? why->total : FAULTS_KEPT;
}
