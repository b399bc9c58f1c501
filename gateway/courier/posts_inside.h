/* One try, for the files that prepare it. */
#ifndef MISAQ_COURIER_POSTS_INSIDE_H
#define MISAQ_COURIER_POSTS_INSIDE_H

#include "posts.h"

#include <curl/curl.h>

struct post {
    struct post *prev, *next;
    struct posts *posts;
    CURL *call;
    struct curl_slist *fields;
    struct buf body;
    size_t answered; /* bytes */
    bool closed;     /* the place may not be called */
    char error[CURL_ERROR_SIZE];
    on_outcome *done;
    void *owner;
};

struct post *post_new(struct posts *posts, uint64_t now_us, on_outcome *done, void *owner);
void post_field(struct post *post, const char *name, struct text value);
void post_begin(struct post *post);
const struct settings *posts_settings(const struct posts *posts);

#endif
