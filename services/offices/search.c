/* utf8proc's case folding, composed, so that both ways to write an accent are one. */
#include "search.h"

#include "base/buf.h"
#include "base/must.h"

#include <stdlib.h>
#include <utf8proc.h>

struct text search_fold(struct text text)
{
    utf8proc_uint8_t *folded = NULL;
    utf8proc_ssize_t len =
        utf8proc_map((const utf8proc_uint8_t *)(text.at ? text.at : ""), (utf8proc_ssize_t)text.len,
            &folded, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
    must(len >= 0); /* texts of records are valid UTF-8 */
    return (struct text){(const char *)folded, (size_t)len};
}

struct text search_fold_both(struct text id, struct text name)
{
    BUF_CLEANUP struct buf both = BUF(4096);
    buf_text(&both, id);
    buf_char(&both, '\n');
    buf_text(&both, name);
    must(!both.full);
    return search_fold(buf_as_text(&both));
}

bool search_finds(struct text needle, struct text text)
{
    return needle.len == 0 || memmem(text.at, text.len, needle.at, needle.len) != NULL;
}

bool search_same(struct text a, struct text b)
{
    struct text one = search_fold(a), other = search_fold(b);
    bool same = text_equal(one, other);
    free((void *)(uintptr_t)one.at);
    free((void *)(uintptr_t)other.at);
    return same;
}
