/* A cursor is "<sort> <key> <id>" in hexadecimal. */
#include "paging.h"

#include "base/must.h"

#include <stdio.h>

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool from_hex(struct text hex, char *out, size_t room, size_t *ret_len)
{
    if (hex.len % 2 || hex.len / 2 > room)
        return false;
    for (size_t i = 0; i < hex.len; i += 2) {
        int high = hex_value(hex.at[i]), low = hex_value(hex.at[i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i / 2] = (char)(high << 4 | low);
    }
    *ret_len = hex.len / 2;
    return true;
}

static bool read_key(struct text text, int64_t *ret_key)
{
    bool negative = text.len > 0 && text.at[0] == '-';
    if (negative)
        text = (struct text){text.at + 1, text.len - 1};
    uint64_t value;
    if (!text_whole(text, INT64_MAX, &value))
        return false;
    *ret_key = negative ? -(int64_t)value : (int64_t)value;
    return true;
}

enum err paging_read(
    struct text after, const char *sort, struct paging_cursor *ret_cursor, struct faults *why)
{
    if (!after.at) {
        ret_cursor->given = false;
        return OK;
    }
    size_t len;
    struct text rest = {0}, key = {0};
    bool fine = from_hex(after, ret_cursor->bytes, sizeof ret_cursor->bytes, &len);
    if (fine)
        fine = text_is(text_cut((struct text){ret_cursor->bytes, len}, ' ', &rest), sort);
    if (fine)
        key = text_cut(rest, ' ', &ret_cursor->id);
    if (!fine || !read_key(key, &ret_cursor->key) || id_complaint(ret_cursor->id))
        return faults_add(why, ERR_INVALID, "after",
            "it is not where a page of this list in this order ended; begin again without it");
    ret_cursor->given = true;
    return OK;
}

void paging_next(struct reply *reply, const char *sort, int64_t key, struct text id)
{
    static const char digits[] = "0123456789abcdef";
    char plain[200], hex[2 * sizeof plain];
    int len = snprintf(plain, sizeof plain, "%s %ld %.*s", sort, key, TEXT_ARG(id));
    must(len > 0 && (size_t)len < sizeof plain);
    for (int i = 0; i < len; i++) {
        hex[2 * i] = digits[(unsigned char)plain[i] >> 4];
        hex[2 * i + 1] = digits[(unsigned char)plain[i] & 15];
    }
    reply_next(reply, (struct text){hex, 2 * (size_t)len});
}

enum err paging_open(
    struct paging *paging, struct whole limit, struct text after, struct faults *why)
{
    paging->limit = limit.given ? limit.value : PAGING_DEFAULT;
    paging->taken = 0;
    paging->total = 0;
    paging->more = false;
    return paging_read(after, "id", &paging->after, why);
}

bool paging_takes(struct paging *paging, struct text id)
{
    paging->total++;
    if (paging->after.given && text_order(id, paging->after.id) <= 0)
        return false;
    if (paging->taken == paging->limit) {
        paging->more = true;
        return false;
    }
    paging->taken++;
    paging->last = id;
    return true;
}

void paging_close(const struct paging *paging, struct reply *reply)
{
    reply_total(reply, paging->total);
    if (paging->more)
        paging_next(reply, "id", 0, paging->last);
}
