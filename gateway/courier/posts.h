/* Webhooks under way: many at once, none waited for. */
#ifndef MISAQ_COURIER_POSTS_H
#define MISAQ_COURIER_POSTS_H

#include "outcome.h"

#include "base/settings.h"

struct posts;

/* Settings used: delivery_ms, webhooks_inside, smtp_ca. */
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
    struct posts *posts, const struct hook *hook, uint64_t now_us, on_outcome *done, void *owner);

/* Readable when something is to be done. */
int posts_fd(const struct posts *posts);
int posts_wait_ms(const struct posts *posts, uint64_t now_us);
void posts_turn(struct posts *posts, uint64_t now_us);
size_t posts_under_way(const struct posts *posts);

#endif
