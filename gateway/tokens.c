#include "tokens.h"

#include "base/clock.h"
#include "base/must.h"
#include "oidc.h"
#include "proof/token.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#define SETS     4096 /* a power of two */
#define WAYS     8
#define EVERY_US UINT64_C(1000000)

/* A keyed hash of 128 bits: whoever does not know the key cannot make two tokens meet, so the text
 * itself need not be kept. */
struct mark {
    unsigned char bytes[crypto_shorthash_siphashx24_BYTES];
};

struct known {
    int64_t signed_in, began, expires; /* expires 0: free */
    bool foreign;
    uint8_t person_len, session_len;
    char person[ID_MAX], session[ID_MAX];
};

struct set {
    struct mark marks[WAYS];
    struct known known[WAYS];
};

struct tokens {
    const struct settings *settings;
    bool ready;
    uint64_t next_us;
    uint64_t unsealed;
    char complaint[200];
    unsigned char secret[TOKEN_SECRET_SIZE];
    unsigned char key[crypto_shorthash_siphashx24_KEYBYTES];
    struct buf arena;
    struct oidc_keys *provider; /* NULL: there is none */
    struct set sets[SETS];
};

struct tokens *tokens_new(const struct settings *settings)
{
    must(sodium_init() >= 0);
    struct tokens *tokens = calloc(1, sizeof *tokens);
    must(tokens);
    tokens->settings = settings;
    tokens->arena = BUF(8 * TOKEN_MAX);
    if (*settings->oidc_issuer)
        tokens->provider = oidc_keys_new(settings->oidc_issuer);
    randombytes_buf(tokens->key, sizeof tokens->key);
    (void)snprintf(tokens->complaint, sizeof tokens->complaint, "not looked for yet");
    return tokens;
}

void tokens_free(struct tokens *tokens)
{
    if (!tokens)
        return;
    oidc_keys_free(tokens->provider);
    buf_free(&tokens->arena);
    sodium_memzero(tokens->secret, sizeof tokens->secret);
    free(tokens);
}

void tokens_turn(struct tokens *tokens, uint64_t now_us)
{
    static struct faults why;
    /* What was signed with a key that is gone is not good any more. */
    if (tokens->provider && oidc_keys_turn(tokens->provider, now_us))
        memset(tokens->sets, 0, sizeof tokens->sets);
    if (tokens->ready || now_us < tokens->next_us)
        return;
    tokens->next_us = now_us + EVERY_US;
    faults_clear(&why);
    tokens->ready = token_secret(tokens->settings->keys, false, tokens->secret, &why) == OK;
    if (!tokens->ready)
        (void)snprintf(tokens->complaint, sizeof tokens->complaint, "%.190s", why.kept[0].detail);
}

int tokens_wait_ms(const struct tokens *tokens)
{
    return tokens->provider ? oidc_keys_wait_ms(tokens->provider) : -1;
}

const char *tokens_complaint(const struct tokens *tokens)
{
    return tokens->ready ? NULL : tokens->complaint;
}

/* A free place of a set, or that of the token which would end first. */
static size_t place_in(const struct set *set, int64_t now)
{
    size_t best = 0;
    for (size_t i = 0; i < WAYS; i++) {
        if (set->known[i].expires <= now)
            return i;
        if (set->known[i].expires < set->known[best].expires)
            best = i;
    }
    return best;
}

static void keep(
    struct set *set, const struct mark *mark, const struct token *token, bool foreign, int64_t now)
{
    size_t place = place_in(set, now);
    struct known *known = &set->known[place];
    *known = (struct known){.signed_in = token->signed_in,
        .began = token->began,
        .expires = token->expires,
        .foreign = foreign,
        .person_len = (uint8_t)token->person.len,
        .session_len = (uint8_t)token->session.len};
    must(token->person.at && token->session.at); /* both are ids */
    memcpy(known->person, token->person.at, token->person.len);
    memcpy(known->session, token->session.at, token->session.len);
    set->marks[place] = *mark;
}

static struct known *find(struct set *set, const struct mark *mark)
{
    for (size_t i = 0; i < WAYS; i++)
        if (set->known[i].expires && memcmp(&set->marks[i], mark, sizeof *mark) == 0)
            return &set->known[i];
    return NULL;
}

static enum err read_foreign(struct tokens *tokens, struct text text, int64_t now,
    struct token *ret_token, struct faults *why)
{
    const struct settings *settings = tokens->settings;
    const struct oidc_wanted wanted = {.issuer = settings->oidc_issuer,
        .audience = settings->oidc_audience,
        .claim = settings->oidc_claim,
        .behind_s = settings->behind_s};
    if (oidc_keys_complaint(tokens->provider))
        return faults_add(why, ERR_UNAVAILABLE, "", "the identity provider cannot be asked: %s",
            oidc_keys_complaint(tokens->provider));
    return oidc_read(
        text, tokens->provider, &wanted, now, clock_mono_us(), &tokens->arena, ret_token, why);
}

enum err tokens_check(struct tokens *tokens, struct text text, int64_t now,
    struct tokens_holder *ret_holder, struct faults *why)
{
    must(tokens->ready);
    if (text.len > (tokens->provider ? OIDC_TOKEN_MAX : TOKEN_MAX))
        return faults_add(why, ERR_UNAUTHENTICATED, "", "this is not a token: sign in again");
    struct mark mark;
    (void)crypto_shorthash_siphashx24(
        mark.bytes, (const unsigned char *)text.at, text.len, tokens->key);
    struct set *set = &tokens->sets[(mark.bytes[0] | mark.bytes[1] << 8) % SETS];
    struct known *known = find(set, &mark);
    if (known && known->expires <= now)
        return faults_add(why, ERR_UNAUTHENTICATED, "", "the session has expired: sign in again");
    if (!known) {
        struct token token = {0};
        buf_clear(&tokens->arena);
        tokens->unsealed++;
        bool foreign = tokens->provider && !token_is_ours(text);
        enum err err = foreign
                           ? read_foreign(tokens, text, now, &token, why)
                           : token_read(text, tokens->secret, text_of(tokens->settings->government),
                                 now, &tokens->arena, &token, why);
        if (err != OK)
            return err;
        if (id_complaint(token.person) || id_complaint(token.session) || token.expires <= now)
            return faults_add(why, ERR_UNAUTHENTICATED, "", "this is not a token: sign in again");
        keep(set, &mark, &token, foreign, now);
        known = find(set, &mark);
        must(known);
    }
    *ret_holder = (struct tokens_holder){.person = {known->person, known->person_len},
        .session = {known->session, known->session_len},
        .signed_in = known->signed_in,
        .began = known->began,
        .expires = known->expires,
        .foreign = known->foreign};
    return OK;
}

uint64_t tokens_count(const struct tokens *tokens, int64_t now)
{
    uint64_t count = 0;
    for (size_t s = 0; s < SETS; s++)
        for (size_t i = 0; i < WAYS; i++)
            count += tokens->sets[s].known[i].expires > now;
    return count;
}

uint64_t tokens_unsealed(const struct tokens *tokens)
{
    return tokens->unsealed;
}
