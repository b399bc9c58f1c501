/* One libcurl handle used again and again, so that one connection serves all calls. */
#include "caller.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

#define HEADER_MAX 1024
#define URL_MAX    2048
#define SILENCE_S  30L /* of a stream, after which it counts as broken */

struct caller {
    CURL *curl;
    const struct call *call; /* that is under way */
    long within_ms;
    struct buf body;
    char base[URL_MAX / 2];
    char complaint[CURL_ERROR_SIZE];
};

static size_t on_bytes(char *bytes, size_t size, size_t count, void *owner)
{
    struct caller *caller = owner;
    const struct call *call = caller->call;
    long status = 0;
    if (call->take)
        (void)curl_easy_getinfo(caller->curl, CURLINFO_RESPONSE_CODE, &status);
    if (status == 200)
        return call->take(call->owner, (struct text){bytes, size * count}) ? size * count : 0;
    buf_add(&caller->body, bytes, size * count);
    return caller->body.full ? 0 : size * count;
}

struct caller *caller_open(const char *base, long within_ms)
{
    struct caller *caller = calloc(1, sizeof *caller);
    if (!caller)
        return NULL;
    caller->body = BUF(CALLER_ANSWER_MAX);
    size_t len = strlen(base);
    while (len && base[len - 1] == '/')
        len--;
    (void)snprintf(caller->base, sizeof caller->base, "%.*s", (int)len, base);
    caller->curl = curl_easy_init();
    if (!caller->curl) {
        free(caller);
        return NULL;
    }
    (void)curl_easy_setopt(caller->curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(caller->curl, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(caller->curl, CURLOPT_NOPROXY, "localhost,127.0.0.1,::1");
    caller->within_ms = within_ms;
    (void)curl_easy_setopt(caller->curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    (void)curl_easy_setopt(caller->curl, CURLOPT_LOW_SPEED_TIME, SILENCE_S);
    (void)curl_easy_setopt(caller->curl, CURLOPT_ERRORBUFFER, caller->complaint);
    (void)curl_easy_setopt(caller->curl, CURLOPT_WRITEFUNCTION, on_bytes);
    (void)curl_easy_setopt(caller->curl, CURLOPT_WRITEDATA, caller);
    return caller;
}

void caller_close(struct caller *caller)
{
    if (!caller)
        return;
    curl_easy_cleanup(caller->curl);
    buf_free(&caller->body);
    free(caller);
}

/* Adds a field to the list; false without memory or when the value is too long. */
static bool add_field(struct curl_slist **list, const char *name, const char *value)
{
    char field[HEADER_MAX];
    if (!value)
        return true;
    int len = snprintf(field, sizeof field, "%s: %s", name, value);
    struct curl_slist *longer =
        len > 0 && len < HEADER_MAX ? curl_slist_append(*list, field) : NULL;
    if (longer)
        *list = longer;
    return longer != NULL;
}

static struct curl_slist *fields_of(const struct call *call)
{
    struct curl_slist *list = curl_slist_append(NULL, "Expect:"); /* do not wait for a 100 */
    char bearer[768 + sizeof "Bearer "];
    if (call->token)
        (void)snprintf(bearer, sizeof bearer, "Bearer %s", call->token);
    if (list && add_field(&list, "Authorization", call->token ? bearer : NULL) &&
        add_field(&list, "Misaq-Office", call->office) &&
        add_field(&list, "Idempotency-Key", call->key) &&
        add_field(&list, "If-Match", call->if_match) &&
        add_field(&list, "Content-Type", call->type) && add_field(&list, "Accept", call->accept))
        return list;
    curl_slist_free_all(list);
    return NULL;
}

static struct called failed(struct caller *caller, const char *otherwise)
{
    const char *why = *caller->complaint ? caller->complaint : otherwise;
    return (struct called){0, text_of(why)};
}

struct called caller_call(struct caller *caller, const struct call *call)
{
    char url[URL_MAX];
    int len = snprintf(url, sizeof url, "%s%s", caller->base, call->path);
    struct curl_slist *fields = fields_of(call);
    *caller->complaint = '\0';
    if (!fields || len < 0 || len >= URL_MAX) {
        curl_slist_free_all(fields);
        return failed(caller, "the request is too long");
    }
    buf_clear(&caller->body);
    caller->call = call;
    bool sends = call->body.at != NULL;
    (void)curl_easy_setopt(caller->curl, CURLOPT_TIMEOUT_MS, call->take ? 0L : caller->within_ms);
    (void)curl_easy_setopt(caller->curl, CURLOPT_URL, url);
    (void)curl_easy_setopt(caller->curl, CURLOPT_HTTPHEADER, fields);
    (void)curl_easy_setopt(caller->curl, sends ? CURLOPT_POST : CURLOPT_HTTPGET, 1L);
    if (sends) {
        (void)curl_easy_setopt(caller->curl, CURLOPT_POSTFIELDS, call->body.at);
        (void)curl_easy_setopt(
            caller->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body.len);
    }
    (void)curl_easy_setopt(caller->curl, CURLOPT_CUSTOMREQUEST, call->method);
    CURLcode code = curl_easy_perform(caller->curl);
    (void)curl_easy_setopt(caller->curl, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(fields);
    long status = 0;
    if (code != CURLE_OK || curl_easy_getinfo(caller->curl, CURLINFO_RESPONSE_CODE, &status) != 0)
        return failed(caller, curl_easy_strerror(code));
    return (struct called){(int)status, buf_as_text(&caller->body)};
}
