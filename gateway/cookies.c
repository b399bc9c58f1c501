#include "cookies.h"

#include <inttypes.h>

static struct text trimmed(struct text text)
{
    while (text.len && (text.at[0] == ' ' || text.at[0] == '\t'))
        text = (struct text){text.at + 1, text.len - 1};
    while (text.len && (text.at[text.len - 1] == ' ' || text.at[text.len - 1] == '\t'))
        text.len--;
    return text;
}

bool cookies_find(struct text field, const char *name, struct text *ret_value)
{
    struct text rest = field, found = {0};
    while (rest.at) {
        struct text value, pair = text_cut(rest, ';', &rest);
        struct text called = trimmed(text_cut(pair, '=', &value));
        if (!text_is(called, name))
            continue;
        if (found.at)
            return false;
        found = value.at ? trimmed(value) : (struct text){"", 0};
    }
    *ret_value = found;
    return true;
}

void cookies_write(struct buf *out, const char *name, struct text value, int64_t age_s)
{
    buf_printf(out, "%s=", name);
    buf_text(out, value);
    buf_str(out, "; Path=/; Secure; HttpOnly; SameSite=Strict");
    if (age_s >= 0)
        buf_printf(out, "; Max-Age=%" PRId64, age_s);
    buf_char(out, '\0');
}
