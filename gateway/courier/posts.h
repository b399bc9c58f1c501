/* What is under way to the outside: HTTP and SMTP, many at once, none waited for. */
#ifndef MISAQ_COURIER_POSTS_H
#define MISAQ_COURIER_POSTS_H

#include "base/buf.h"
#include "base/settings.h"

#include <stdint.h>

struct posts;

/* How a try ended. */
struct post_result {
    bool delivered;
    bool give_up; /* trying again cannot help */
    long status;  /* of HTTP or SMTP; 0: no answer */
    uint64_t took_ms;
    const char *detail; /* what went wrong; borrowed during the call */
};
typedef void post_on_done(void *owner, const struct post_result *result);

/* Settings used: delivery_ms, webhooks_inside, smtp*, mail_from. */
struct posts *posts_open(const struct settings *settings);
/* Forgets what is under way without calling back. */
void posts_close(struct posts *posts);

/* A webhook (Standard Webhooks): `id` stays the same whenever it is tried. All borrowed during the
 * call. An answer of more than some bytes is not read; redirects are not followed. */
struct hook {
    struct text url;
    const char *id;
    const unsigned char *secret; /* of SEALING_SIZE bytes */
    struct text body;            /* JSON */
    int64_t now_s;               /* seconds since 1970 */
};
void posts_hook(
    struct posts *posts, const struct hook *hook, uint64_t now_us, post_on_done *done, void *owner);

/* An e-mail of plain text. subject: one line of UTF-8. */
struct letter {
    const char *to, *id; /* id: the part of Message-ID before the @ */
    struct text subject, body;
    int64_t now_s;
};
void posts_letter(struct posts *posts, const struct letter *letter, uint64_t now_us,
    post_on_done *done, void *owner);

/* Readable when something is to be done. */
int posts_fd(const struct posts *posts);
int posts_wait_ms(const struct posts *posts, uint64_t now_us);
void posts_turn(struct posts *posts, uint64_t now_us);
size_t posts_under_way(const struct posts *posts);

#endif
