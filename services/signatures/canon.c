#include "canon.h"

/* Behind the string that begins at `from` with a quote. */
static size_t behind_string(struct text text, size_t from)
{
    size_t i = from + 1;
    while (i < text.len && text.at[i] != '"')
        i += text.at[i] == '\\' ? 2 : 1;
    return i < text.len ? i + 1 : text.len;
}

/* Behind the value that begins at `from`: at the comma or bracket that ends it. */
static size_t behind_value(struct text text, size_t from)
{
    size_t depth = 0, i = from;
    while (i < text.len) {
        char c = text.at[i];
        if (depth == 0 && (c == ',' || c == ']' || c == '}'))
            break;
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
        i = c == '"' ? behind_string(text, i) : i + 1;
    }
    return i;
}

struct canon canon_open(struct text value)
{
    bool container = value.len > 1 && (value.at[0] == '{' || value.at[0] == '[');
    return (struct canon){
        container ? (struct text){value.at + 1, value.len - 2} : (struct text){0}};
}

static struct text cut(struct canon *walk, size_t end)
{
    struct text piece = {walk->left.at, end};
    size_t next = end < walk->left.len ? end + 1 : end; /* past the comma or colon */
    walk->left = (struct text){walk->left.at + next, walk->left.len - next};
    return piece;
}

bool canon_item(struct canon *walk, struct text *ret_value)
{
    if (walk->left.len == 0)
        return false;
    *ret_value = cut(walk, behind_value(walk->left, 0));
    return true;
}

bool canon_member(struct canon *walk, struct text *ret_name, struct text *ret_value)
{
    if (walk->left.len == 0 || walk->left.at[0] != '"')
        return false;
    struct text name = cut(walk, behind_string(walk->left, 0));
    *ret_name = (struct text){name.at + 1, name.len - 2};
    return canon_item(walk, ret_value);
}

struct text canon_get(struct text object, const char *name)
{
    struct canon walk = canon_open(object);
    struct text found, value;
    while (canon_member(&walk, &found, &value))
        if (text_is(found, name))
            return value;
    return (struct text){0};
}

static int hex_digit(char c)
{
    return c >= 'a' ? c - 'a' + 10 : c - '0';
}

void canon_text(struct buf *out, struct text value)
{
    static const char plain[] = "bfnrt", meant[] = "\b\f\n\r\t";
    if (value.len < 2 || value.at[0] != '"') {
        buf_text(out, value);
        return;
    }
    for (size_t i = 1; i + 1 < value.len; i++) {
        char c = value.at[i];
        if (c != '\\') {
            buf_char(out, c);
            continue;
        }
        c = value.at[++i];
        const char *place = strchr(plain, c);
        if (c == 'u' && i + 4 < value.len) { /* only controls are written so: \u00xx */
            buf_char(out, (char)(hex_digit(value.at[i + 3]) * 16 + hex_digit(value.at[i + 4])));
            i += 4;
        } else
            buf_char(out, c && place ? meant[place - plain] : c);
    }
}
