/* Folding is utf8proc's case folding (composed, so that both ways to write an accent are one);
 * plain ASCII, which is nearly everything, is folded on the fly and never copied. */
#define _GNU_SOURCE /* memmem */
#include "search.h"

#include "base/must.h"

#include <stdlib.h>
#include <utf8proc.h>

/* Eight bytes at a time: every text that is looked into goes through here. */
static bool is_ascii(struct text text)
{
    uint64_t all = 0, eight;
    size_t i = 0;
    for (; i + sizeof eight <= text.len; i += sizeof eight) {
        memcpy(&eight, text.at + i, sizeof eight);
        all |= eight;
    }
    for (; i < text.len; i++)
        all |= (unsigned char)text.at[i];
    return (all & UINT64_C(0x8080808080808080)) == 0;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* A folded copy that the caller frees. Texts are valid UTF-8 before they come here. */
static char *fold(struct text text, size_t *ret_len)
{
    utf8proc_uint8_t *folded = NULL;
    utf8proc_ssize_t len =
        utf8proc_map((const utf8proc_uint8_t *)text.at, (utf8proc_ssize_t)text.len, &folded,
            UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
    must(len >= 0);
    *ret_len = (size_t)len;
    return (char *)folded;
}

struct search_needle search_needle_of(struct text text)
{
    struct search_needle needle = {0};
    if (text.len == 0)
        return needle;
    needle.folded = fold(text, &needle.len);
    return needle;
}

void search_needle_free(struct search_needle *needle)
{
    free(needle->folded);
    needle->folded = NULL;
}

static bool is_here(const struct search_needle *needle, const char *at)
{
    size_t same = 0;
    while (same < needle->len && lower(at[same]) == needle->folded[same])
        same++;
    return same == needle->len;
}

#define STRIDE 32

/* Whether the needle may begin in the next STRIDE places: its first and its last character stand
 * right somewhere. A plain loop of fixed length, which the compiler turns into vectors. Setting
 * 0x20 lets a few others through, and misses none. */
static bool may_begin(const char *at, size_t last, char first_folded, char last_folded)
{
    unsigned char hits = 0;
    for (size_t i = 0; i < STRIDE; i++)
        hits |= (unsigned char)(((at[i] | 0x20) == first_folded) &
                                ((at[i + last] | 0x20) == last_folded));
    return hits;
}

static bool finds_ascii(const struct search_needle *needle, struct text text)
{
    if (needle->len > text.len)
        return false;
    size_t last = needle->len - 1, places = text.len - last;
    char first_folded = (char)(needle->folded[0] | 0x20);
    char last_folded = (char)(needle->folded[last] | 0x20);
    for (size_t i = 0, end; i < places; i = end) {
        end = places - i < STRIDE ? places : i + STRIDE;
        size_t from = end < STRIDE ? 0 : end - STRIDE; /* the last stride overlaps the one before */
        if (end >= STRIDE && !may_begin(text.at + from, last, first_folded, last_folded))
            continue;
        for (size_t at = i; at < end; at++)
            if (is_here(needle, text.at + at))
                return true;
    }
    return false;
}

bool search_finds(const struct search_needle *needle, struct text text)
{
    if (!needle->folded)
        return true;
    if (is_ascii(text))
        return finds_ascii(needle, text);
    size_t len;
    char *folded = fold(text, &len);
    bool found = memmem(folded, len, needle->folded, needle->len) != NULL;
    free(folded);
    return found;
}
