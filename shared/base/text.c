#include "base/text.h"

int text_order(struct text a, struct text b)
{
    size_t shared = a.len < b.len ? a.len : b.len;
    int order = shared ? memcmp(a.at, b.at, shared) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

size_t text_find(struct text t, char c)
{
    const char *hit = t.len ? memchr(t.at, c, t.len) : NULL;
    return hit ? (size_t)(hit - t.at) : t.len;
}

struct text text_cut(struct text t, char c, struct text *rest)
{
    size_t at = text_find(t, c);
    *rest = at < t.len ? (struct text){t.at + at + 1, t.len - at - 1} : (struct text){0};
    return (struct text){t.at, at};
}

bool text_whole(struct text t, uint64_t max, uint64_t *ret_value)
{
    if (t.len == 0 || t.len > 20 || (t.len > 1 && t.at[0] == '0'))
        return false;
    uint64_t value = 0;
    for (size_t i = 0; i < t.len; i++) {
        if (t.at[i] < '0' || t.at[i] > '9')
            return false;
        uint64_t digit = (uint64_t)(t.at[i] - '0');
        if (value > (UINT64_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    if (value > max)
        return false;
    *ret_value = value;
    return true;
}
