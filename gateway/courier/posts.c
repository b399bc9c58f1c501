/* curl says which sockets it waits for and until when; they are kept in one epoll set. */
#include "posts_inside.h"

#include "base/clock.h"
#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>
#include <utlist.h>

#define CONNECT_MS  5000L
#define ANSWER_MAX  (64u << 10)
#define BODY_MAX    (1u << 20)
#define READY_MAX   64
#define FIELD_MAX   4096
#define STATUS_GONE 410

struct posts {
    const struct settings *settings;
    CURLM *multi;
    int epoll;
    uint64_t now_us, timer_us; /* UINT64_MAX: none */
    struct post *all;
    size_t count;
};

static int on_socket(CURL *call, curl_socket_t fd, int what, void *owner, void *known)
{
    struct posts *posts = owner;
    struct epoll_event event = {.data.fd = fd};
    (void)call;
    if (what == CURL_POLL_REMOVE) {
        (void)epoll_ctl(posts->epoll, EPOLL_CTL_DEL, fd, NULL);
        return 0;
    }
    event.events = (what & CURL_POLL_IN ? (uint32_t)EPOLLIN : 0) |
                   (what & CURL_POLL_OUT ? (uint32_t)EPOLLOUT : 0);
    must(epoll_ctl(posts->epoll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event) == 0);
    if (!known)
        (void)curl_multi_assign(posts->multi, fd, posts);
    return 0;
}

/* Told once for a moment, so never to be called before it: a whole millisecond later. */
static int on_timer(CURLM *multi, long wait_ms, void *owner)
{
    struct posts *posts = owner;
    (void)multi;
    posts->timer_us = wait_ms < 0 ? UINT64_MAX : clock_mono_us() + ((uint64_t)wait_ms + 1) * 1000;
    return 0;
}

struct posts *posts_open(const struct settings *settings)
{
    struct posts *posts = calloc(1, sizeof *posts);
    must(posts);
    must(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
    *posts = (struct posts){.settings = settings,
        .multi = curl_multi_init(),
        .epoll = epoll_create1(EPOLL_CLOEXEC),
        .timer_us = UINT64_MAX};
    must(posts->multi && posts->epoll >= 0);
    (void)curl_multi_setopt(posts->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    (void)curl_multi_setopt(posts->multi, CURLMOPT_SOCKETDATA, posts);
    (void)curl_multi_setopt(posts->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    (void)curl_multi_setopt(posts->multi, CURLMOPT_TIMERDATA, posts);
    return posts;
}

static void post_free(struct post *post)
{
    struct posts *posts = post->posts;
    (void)curl_multi_remove_handle(posts->multi, post->call);
    curl_easy_cleanup(post->call);
    curl_slist_free_all(post->fields);
    buf_free(&post->body);
    DL_DELETE(posts->all, post);
    posts->count--;
    free(post);
}

void posts_close(struct posts *posts)
{
    if (!posts)
        return;
    for (struct post *next, *post = posts->all; post; post = next) {
        next = post->next;
        post_free(post);
    }
    (void)curl_multi_cleanup(posts->multi);
    (void)close(posts->epoll);
    free(posts);
}

/* ---- one try ---- */
/* Of an answer only the status counts; who sends more than a little is cut short. */
static size_t on_bytes(const char *bytes, size_t size, size_t count, void *owner)
{
    struct post *post = owner;
    (void)bytes;
    post->answered += size * count;
    return post->answered > ANSWER_MAX ? 0 : size * count;
}

struct post *post_new(struct posts *posts, uint64_t now_us, on_outcome *done, void *owner)
{
    struct post *post = calloc(1, sizeof *post);
    must(post);
    *post = (struct post){.posts = posts,
        .call = curl_easy_init(),
        .body = BUF(BODY_MAX),
        .done = done,
        .owner = owner};
    must(post->call);
    posts->now_us = now_us;
    DL_APPEND(posts->all, post);
    posts->count++;
    CURL *call = post->call;
    (void)curl_easy_setopt(call, CURLOPT_PRIVATE, post);
    (void)curl_easy_setopt(call, CURLOPT_ERRORBUFFER, post->error);
    (void)curl_easy_setopt(call, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(call, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(call, CURLOPT_FOLLOWLOCATION, 0L);
    (void)curl_easy_setopt(call, CURLOPT_FRESH_CONNECT, 1L);
    (void)curl_easy_setopt(call, CURLOPT_FORBID_REUSE, 1L);
    (void)curl_easy_setopt(call, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
    (void)curl_easy_setopt(call, CURLOPT_TIMEOUT_MS, (long)posts->settings->delivery_ms);
    (void)curl_easy_setopt(call, CURLOPT_WRITEFUNCTION, on_bytes);
    (void)curl_easy_setopt(call, CURLOPT_WRITEDATA, post);
    if (*posts->settings->smtp_ca)
        (void)curl_easy_setopt(call, CURLOPT_CAINFO, posts->settings->smtp_ca);
    return post;
}

void post_field(struct post *post, const char *name, struct text value)
{
    char line[FIELD_MAX];
    int len = snprintf(line, sizeof line, "%s: %.*s", name, TEXT_ARG(value));
    must(len > 0 && (size_t)len < sizeof line);
    struct curl_slist *fields = curl_slist_append(post->fields, line);
    must(fields);
    post->fields = fields;
}

void post_begin(struct post *post)
{
    (void)curl_easy_setopt(post->call, CURLOPT_HTTPHEADER, post->fields);
    must(curl_multi_add_handle(post->posts->multi, post->call) == CURLM_OK);
}

const struct settings *posts_settings(const struct posts *posts)
{
    return posts->settings;
}

/* ---- how it ended ---- */
static struct outcome judge(const struct post *post, CURLcode code, long status)
{
    struct outcome result = {.status = status};
    if (post->closed)
        result.detail = "the name stands for an address that is not public";
    else if (status >= 200 && status < 300)
        result.delivered = true; /* whatever else is wrong: it was taken */
    else if (status == 0)
        result.detail = *post->error ? post->error : curl_easy_strerror(code);
    else
        result.detail = status < 400 ? "redirects are not followed" : "it was not taken";
    result.give_up = status == STATUS_GONE;
    return result;
}

static void finish(struct post *post, CURLcode code)
{
    long status = 0;
    (void)curl_easy_getinfo(post->call, CURLINFO_RESPONSE_CODE, &status);
    struct outcome result = judge(post, code, status);
    post->done(post->owner, &result);
    post_free(post);
}

int posts_fd(const struct posts *posts)
{
    return posts->epoll;
}

int posts_wait_ms(const struct posts *posts, uint64_t now_us)
{
    if (posts->timer_us == UINT64_MAX)
        return -1;
    return posts->timer_us <= now_us ? 0 : (int)((posts->timer_us - now_us + 999) / 1000);
}

void posts_turn(struct posts *posts, uint64_t now_us)
{
    struct epoll_event ready[READY_MAX];
    int running, left;
    posts->now_us = now_us;
    int count = epoll_wait(posts->epoll, ready, READY_MAX, 0);
    for (int i = 0; i < count; i++) {
        int what = (ready[i].events & EPOLLIN ? CURL_CSELECT_IN : 0) |
                   (ready[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
                   (ready[i].events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
        (void)curl_multi_socket_action(posts->multi, ready[i].data.fd, what, &running);
    }
    if (posts->timer_us <= now_us) {
        posts->timer_us = UINT64_MAX;
        (void)curl_multi_socket_action(posts->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    for (CURLMsg *said; (said = curl_multi_info_read(posts->multi, &left));) {
        struct post *post = NULL;
        if (said->msg != CURLMSG_DONE)
            continue;
        CURLcode code = said->data.result;
        (void)curl_easy_getinfo(said->easy_handle, CURLINFO_PRIVATE, &post);
        finish(post, code);
    }
}

size_t posts_under_way(const struct posts *posts)
{
    return posts->count;
}
