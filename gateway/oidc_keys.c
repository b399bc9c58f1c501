#include "oidc_keys.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/must.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

#define KEYS_MAX   32
#define BYTES_MAX  (256u << 10)
#define URL_SIZE   1024
#define WITHIN_S   5L
#define AGAIN_US   UINT64_C(600000000) /* while all is well */
#define FAILED_US  UINT64_C(5000000)
#define UNKNOWN_US UINT64_C(10000000) /* between two questions for a key that is not known */
#define TURN_MS    10

enum stage { STAGE_IDLE, STAGE_DISCOVERY, STAGE_KEYS };

struct oidc_keys {
    const char *issuer;
    enum stage stage;
    CURLM *multi;
    CURL *call;
    struct buf body;
    char keys_url[URL_SIZE];
    uint64_t next_us, asked_us;
    bool asked; /* for a key that was not known */
    struct jwk at[KEYS_MAX];
    size_t count;
    char complaint[160];
};

struct oidc_keys *oidc_keys_new(const char *issuer)
{
    struct oidc_keys *keys = calloc(1, sizeof *keys);
    must(keys);
    keys->issuer = issuer;
    keys->body = BUF(BYTES_MAX);
    must(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
    keys->multi = curl_multi_init();
    must(keys->multi);
    (void)snprintf(keys->complaint, sizeof keys->complaint, "its keys have not been read yet");
    return keys;
}

static void hang_up(struct oidc_keys *keys)
{
    if (keys->call) {
        (void)curl_multi_remove_handle(keys->multi, keys->call);
        curl_easy_cleanup(keys->call);
    }
    keys->call = NULL;
    keys->stage = STAGE_IDLE;
}

static void drop(struct oidc_keys *keys)
{
    while (keys->count)
        jwk_free(&keys->at[--keys->count]);
}

void oidc_keys_free(struct oidc_keys *keys)
{
    if (!keys)
        return;
    hang_up(keys);
    drop(keys);
    (void)curl_multi_cleanup(keys->multi);
    buf_free(&keys->body);
    free(keys);
}

static size_t on_bytes(char *bytes, size_t size, size_t count, void *owner)
{
    struct oidc_keys *keys = owner;
    buf_add(&keys->body, bytes, size * count);
    return keys->body.full ? 0 : size * count;
}

static void get(struct oidc_keys *keys, enum stage stage, const char *url)
{
    /* Plain HTTP only where the issuer itself is named so: on one host, and in tests. */
    const char *protocols = strncmp(keys->issuer, "http:", 5) == 0 ? "http,https" : "https";
    buf_clear(&keys->body);
    keys->call = curl_easy_init();
    must(keys->call);
    (void)curl_easy_setopt(keys->call, CURLOPT_URL, url);
    (void)curl_easy_setopt(keys->call, CURLOPT_PROTOCOLS_STR, protocols);
    (void)curl_easy_setopt(keys->call, CURLOPT_FOLLOWLOCATION, 0L);
    (void)curl_easy_setopt(keys->call, CURLOPT_TIMEOUT, WITHIN_S);
    (void)curl_easy_setopt(keys->call, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(keys->call, CURLOPT_WRITEFUNCTION, on_bytes);
    (void)curl_easy_setopt(keys->call, CURLOPT_WRITEDATA, keys);
    must(curl_multi_add_handle(keys->multi, keys->call) == CURLM_OK);
    keys->stage = stage;
}

static void fail(struct oidc_keys *keys, uint64_t now_us, const char *why)
{
    hang_up(keys);
    keys->next_us = now_us + FAILED_US;
    (void)snprintf(keys->complaint, sizeof keys->complaint, "%s", why);
    log_line(LOG_WARN, "the keys of the identity provider cannot be read", "why", why);
}

/* The document must be of this issuer and no other (Discovery 1.0, section 4.3). */
static void take_discovery(struct oidc_keys *keys, uint64_t now_us)
{
    struct json_look *look = json_look_open(buf_as_text(&keys->body));
    struct text issuer = look ? json_look_text(look, "issuer") : (struct text){0};
    struct text url = look ? json_look_text(look, "jwks_uri") : (struct text){0};
    bool fine = text_is(issuer, keys->issuer) && url.len && url.len < URL_SIZE;
    if (fine)
        (void)snprintf(keys->keys_url, URL_SIZE, "%.*s", TEXT_ARG(url));
    json_look_close(look);
    hang_up(keys);
    if (fine)
        get(keys, STAGE_KEYS, keys->keys_url);
    else
        fail(keys, now_us, "its discovery document is not of this issuer");
}

static bool take_keys(struct oidc_keys *keys, uint64_t now_us)
{
    struct json_look *look = json_look_open(buf_as_text(&keys->body));
    size_t count = look ? json_look_count(look, "keys") : 0;
    bool changed = false;
    struct jwk fresh[KEYS_MAX];
    size_t kept = 0;
    for (size_t i = 0; i < count && kept < KEYS_MAX; i++) {
        const struct json_look *one = json_look_object_at(look, "keys", i);
        if (one && jwk_read(one, &fresh[kept]))
            kept++;
    }
    json_look_close(look);
    hang_up(keys);
    if (!kept) {
        fail(keys, now_us, "there is no key among its keys that can be used here");
        return false;
    }
    changed = kept != keys->count;
    for (size_t i = 0; i < kept && !changed; i++)
        changed = strcmp(fresh[i].id, keys->at[i].id) != 0;
    drop(keys);
    memcpy(keys->at, fresh, kept * sizeof *fresh);
    keys->count = kept;
    keys->complaint[0] = '\0';
    keys->next_us = now_us + AGAIN_US;
    return changed;
}

static bool take(struct oidc_keys *keys, CURLcode code, uint64_t now_us)
{
    long status = 0;
    (void)curl_easy_getinfo(keys->call, CURLINFO_RESPONSE_CODE, &status);
    if (code != CURLE_OK)
        fail(keys, now_us, curl_easy_strerror(code));
    else if (status != 200)
        fail(keys, now_us, "it answers with another status than 200");
    else if (keys->stage == STAGE_DISCOVERY)
        take_discovery(keys, now_us);
    else
        return take_keys(keys, now_us);
    return false;
}

bool oidc_keys_turn(struct oidc_keys *keys, uint64_t now_us)
{
    int running, left;
    bool changed = false;
    if (keys->stage == STAGE_IDLE && now_us >= keys->next_us) {
        char url[URL_SIZE];
        int len = snprintf(url, sizeof url, "%s/.well-known/openid-configuration", keys->issuer);
        must(len > 0 && len < URL_SIZE);
        get(keys, STAGE_DISCOVERY, url);
    }
    if (keys->stage == STAGE_IDLE)
        return false;
    (void)curl_multi_perform(keys->multi, &running);
    for (CURLMsg *said; (said = curl_multi_info_read(keys->multi, &left));)
        if (said->msg == CURLMSG_DONE)
            changed |= take(keys, said->data.result, now_us);
    return changed;
}

int oidc_keys_wait_ms(const struct oidc_keys *keys)
{
    return keys->stage == STAGE_IDLE ? -1 : TURN_MS;
}

const struct jwk *oidc_keys_find(
    const struct oidc_keys *keys, struct text id, enum jwk_algorithm algorithm)
{
    const struct jwk *only = NULL;
    for (size_t i = 0; i < keys->count; i++) {
        const struct jwk *jwk = &keys->at[i];
        if (jwk->algorithm != algorithm)
            continue;
        if (id.at && text_is(id, jwk->id))
            return jwk;
        if (!id.at && only)
            return NULL;
        only = id.at ? NULL : jwk;
    }
    return only;
}

bool oidc_keys_ask(struct oidc_keys *keys, uint64_t now_us)
{
    if (keys->stage != STAGE_IDLE)
        return true;
    if (keys->asked && keys->asked_us + UNKNOWN_US > now_us)
        return false;
    keys->asked = true;
    keys->asked_us = now_us;
    keys->next_us = now_us;
    return true;
}

const char *oidc_keys_complaint(const struct oidc_keys *keys)
{
    return keys->count ? NULL : keys->complaint;
}
