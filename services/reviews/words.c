/* Words are runs of letters of any script with the marks on them (utf8proc's categories). */
#include "words.h"

#include "base/must.h"

#include <stdlib.h>
#include <utf8proc.h>

static bool is_of_a_word(utf8proc_int32_t point)
{
    utf8proc_category_t category = utf8proc_category(point);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_ME;
}

void words_each(struct text statement, void (*take)(void *owner, struct text word), void *owner)
{
    if (statement.len == 0)
        return;
    utf8proc_uint8_t *folded = NULL;
    utf8proc_ssize_t len =
        utf8proc_map((const utf8proc_uint8_t *)statement.at, (utf8proc_ssize_t)statement.len,
            &folded, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
    must(len >= 0); /* texts are valid UTF-8 before they come here */
    utf8proc_ssize_t begin = 0, at = 0;
    while (at < len) {
        utf8proc_int32_t point;
        utf8proc_ssize_t width = utf8proc_iterate(folded + at, len - at, &point);
        must(width > 0);
        if (!is_of_a_word(point)) {
            if (at > begin)
                take(owner, (struct text){(char *)folded + begin, (size_t)(at - begin)});
            begin = at + width;
        }
        at += width;
    }
    if (at > begin)
        take(owner, (struct text){(char *)folded + begin, (size_t)(at - begin)});
    free(folded);
}
