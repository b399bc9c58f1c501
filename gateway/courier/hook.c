/* A webhook as Standard Webhooks has it (standardwebhooks.com): webhook-id, webhook-timestamp and
 * webhook-signature, which is HMAC-SHA256 over "<id>.<timestamp>.<body>" in base64 behind "v1,". */
#include "posts_inside.h"

#include "base/must.h"
#include "places.h"
#include "proof/base64.h"
#include "proof/sealing.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>

/* The address that a name stands for now is judged, and no other is called. */
static curl_socket_t on_open(void *owner, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct post *post = owner;
    (void)purpose;
    post->closed =
        !posts_settings(post->posts)->webhooks_inside && !place_is_public(&address->addr);
    if (post->closed)
        return CURL_SOCKET_BAD;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static void sign(struct post *post, const struct hook *hook)
{
    unsigned char seal[SEALING_SIZE];
    crypto_auth_hmacsha256_state state;
    char head[300], timestamp[24];
    BUF_CLEANUP struct buf signature = BUF(80);
    int len = snprintf(head, sizeof head, "%s.%" PRId64 ".", hook->id, hook->now_s);
    must(len > 0 && (size_t)len < sizeof head);
    crypto_auth_hmacsha256_init(&state, hook->secret, SEALING_SIZE);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)head, (unsigned long long)len);
    crypto_auth_hmacsha256_update(
        &state, (const unsigned char *)hook->body.at, (unsigned long long)hook->body.len);
    crypto_auth_hmacsha256_final(&state, seal);
    buf_str(&signature, "v1,");
    base64_write(&signature, BASE64_PADDED, (struct text){(const char *)seal, sizeof seal});
    (void)snprintf(timestamp, sizeof timestamp, "%" PRId64, hook->now_s);
    post_field(post, "webhook-id", text_of(hook->id));
    post_field(post, "webhook-timestamp", text_of(timestamp));
    post_field(post, "webhook-signature", buf_as_text(&signature));
}

void posts_hook(
    struct posts *posts, const struct hook *hook, uint64_t now_us, on_outcome *done, void *owner)
{
    struct post *post = post_new(posts, now_us, done, owner);
    char url[512];
    int len = snprintf(url, sizeof url, "%.*s", TEXT_ARG(hook->url));
    must(len > 0 && (size_t)len < sizeof url);
    buf_text(&post->body, hook->body);
    sign(post, hook);
    post_field(post, "Content-Type", TEXT_LITERAL("application/json"));
    post_field(post, "User-Agent", TEXT_LITERAL("misaq"));
    (void)curl_easy_setopt(post->call, CURLOPT_URL, url);
    (void)curl_easy_setopt(post->call, CURLOPT_PROTOCOLS_STR,
        posts_settings(posts)->webhooks_inside ? "http,https" : "https");
    (void)curl_easy_setopt(post->call, CURLOPT_OPENSOCKETFUNCTION, on_open);
    (void)curl_easy_setopt(post->call, CURLOPT_OPENSOCKETDATA, post);
    (void)curl_easy_setopt(post->call, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)post->body.len);
    (void)curl_easy_setopt(post->call, CURLOPT_POSTFIELDS, post->body.at);
    post_begin(post);
}
