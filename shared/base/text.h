/* Borrowed text: a place and a length in somebody else's bytes, never terminated, never owned.
 * Absent text has at == NULL; empty text does not. */
#ifndef MISAQ_BASE_TEXT_H
#define MISAQ_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct text {
    const char *at;
    size_t len;
};

#define TEXT_LITERAL(s) ((struct text){(s), sizeof(s) - 1})
/* For "%.*s". */
#define TEXT_ARG(t) (int)(t).len, (t).at ? (t).at : ""

static inline struct text text_of(const char *s)
{
    return (struct text){s, s ? strlen(s) : 0};
}

static inline bool text_equal(struct text a, struct text b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static inline bool text_is(struct text a, const char *b)
{
    return text_equal(a, text_of(b));
}

static inline bool text_starts(struct text a, struct text with)
{
    return a.len >= with.len && (with.len == 0 || memcmp(a.at, with.at, with.len) == 0);
}

/* Byte order, shorter first where one begins the other: <0, 0, >0. */
int text_order(struct text a, struct text b);
/* Where `c` first stands in `t`, or t.len. */
size_t text_find(struct text t, char c);
/* The part before the first `c`; *rest becomes what follows it, absent when there is no `c`. */
struct text text_cut(struct text t, char c, struct text *rest);
/* A decimal number without sign, blanks or leading zeros; false when it is not one or over max. */
bool text_whole(struct text t, uint64_t max, uint64_t *ret_value);

#endif
