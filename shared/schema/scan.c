#include "schema/scan.h"

#include "base/must.h"
#include "base/utf8.h"

#define SCAN_DEPTH_MAX 32

static bool complain(struct scan *scan, const char *complaint)
{
    scan->complaint = complaint;
    return false;
}

static uint64_t big_endian(const unsigned char *at, size_t width)
{
    uint64_t value = 0;
    for (size_t i = 0; i < width; i++)
        value = value << 8 | at[i];
    return value;
}

/* Two's complement of `width` bytes. */
static int64_t with_sign(uint64_t value, size_t width)
{
    must(width >= 1 && width <= 8);
    unsigned unused = 64 - 8 * (unsigned)width;
    return (int64_t)(value << unused) >> unused;
}

/* The format table of the MessagePack specification from 0xc0 to 0xdf: what it is, and how many
 * bytes of number or size follow. Ext types are left out: nobody sends them here. */
static const struct wide {
    uint8_t kind, width;
} wides[32] = {
    [0x00] = {TOKEN_NIL, 0},
    [0x02] = {TOKEN_FLAG, 0},
    [0x03] = {TOKEN_FLAG, 0},
    [0x04] = {TOKEN_BYTES, 1},
    [0x05] = {TOKEN_BYTES, 2},
    [0x06] = {TOKEN_BYTES, 4},
    [0x0a] = {TOKEN_NUMBER, 4},
    [0x0b] = {TOKEN_NUMBER, 8},
    [0x0c] = {TOKEN_WHOLE, 1},
    [0x0d] = {TOKEN_WHOLE, 2},
    [0x0e] = {TOKEN_WHOLE, 4},
    [0x0f] = {TOKEN_WHOLE, 8},
    [0x10] = {TOKEN_WHOLE, 1},
    [0x11] = {TOKEN_WHOLE, 2},
    [0x12] = {TOKEN_WHOLE, 4},
    [0x13] = {TOKEN_WHOLE, 8},
    [0x19] = {TOKEN_STRING, 1},
    [0x1a] = {TOKEN_STRING, 2},
    [0x1b] = {TOKEN_STRING, 4},
    [0x1c] = {TOKEN_ARRAY, 2},
    [0x1d] = {TOKEN_ARRAY, 4},
    [0x1e] = {TOKEN_MAP, 2},
    [0x1f] = {TOKEN_MAP, 4},
};

#define FIRST_WIDE   0xC0
#define FIRST_SIGNED 0xD0

/* Takes `width` bytes of head and `len` of text; containers are checked for a byte an item. */
static bool take(struct scan *scan, size_t width, uint64_t len, struct token *token)
{
    size_t left = scan->left.len - width;
    const char *at = scan->left.at + width;
    if (token->kind >= TOKEN_ARRAY) {
        uint64_t values = token->kind == TOKEN_MAP ? 2 * len : len;
        if (values > left)
            return complain(scan, "announces more items than there are bytes");
        token->count = len;
        len = 0;
    } else if (len > left) {
        return complain(scan, "announces more bytes than there are");
    }
    token->text = (struct text){at, (size_t)len};
    scan->left = (struct text){at + len, left - (size_t)len};
    return true;
}

static bool next_wide(struct scan *scan, unsigned char head, struct token *token)
{
    struct wide wide = wides[head - FIRST_WIDE];
    if (wide.kind == 0)
        return complain(scan, "holds a type that is not used here");
    if (scan->left.len < (size_t)1 + wide.width)
        return complain(scan, "ends in the middle of a value");
    uint64_t value = big_endian((const unsigned char *)scan->left.at + 1, wide.width);
    token->kind = (enum token_kind)wide.kind;
    token->flag = head == 0xC3;
    if (token->kind >= TOKEN_BYTES)
        return take(scan, 1u + wide.width, value, token);
    token->whole = head >= FIRST_SIGNED ? with_sign(value, wide.width) : (int64_t)value;
    if (token->kind == TOKEN_WHOLE && head < FIRST_SIGNED && value > INT64_MAX)
        token->kind = TOKEN_NUMBER;
    return take(scan, 1u + wide.width, 0, token);
}

bool scan_next(struct scan *scan, struct token *ret_token)
{
    if (scan->complaint)
        return false;
    if (scan->left.len == 0)
        return complain(scan, "ends in the middle of a value");
    unsigned char head = (unsigned char)scan->left.at[0];
    if (head >= 0xA0 && head < FIRST_WIDE) { /* most are short strings and small numbers */
        ret_token->kind = TOKEN_STRING;
        return take(scan, 1, head & 0x1Fu, ret_token);
    }
    if (head < 0x80 || head >= 0xE0) {
        ret_token->kind = TOKEN_WHOLE;
        ret_token->whole = head < 0x80 ? head : head - 0x100;
        return take(scan, 1, 0, ret_token);
    }
    if (head >= FIRST_WIDE)
        return next_wide(scan, head, ret_token);
    ret_token->kind = head < 0x90 ? TOKEN_MAP : TOKEN_ARRAY;
    return take(scan, 1, head & 0x0Fu, ret_token);
}

/* A container that is being walked: how many values are still to come in it. */
struct level {
    uint64_t left;
    bool is_map;
};

static struct level level_of(const struct token *token)
{
    bool is_map = token->kind == TOKEN_MAP;
    return (struct level){is_map ? 2 * token->count : token->count, is_map};
}

static bool is_fine(struct scan *scan, const struct token *token, bool is_key)
{
    if (is_key && token->kind != TOKEN_STRING)
        return complain(scan, "has a key that is not a string");
    if (token->kind == TOKEN_STRING && utf8_length(token->text) == SIZE_MAX)
        return complain(scan, "holds a string that is not UTF-8");
    return true;
}

bool scan_rest(struct scan *scan, const struct token *token, unsigned depth, bool strict)
{
    struct level levels[SCAN_DEPTH_MAX + 1];
    unsigned deep = 0;
    must(depth <= SCAN_DEPTH_MAX);
    if (strict && !is_fine(scan, token, false))
        return false;
    if (token->kind < TOKEN_ARRAY)
        return true;
    for (levels[0] = level_of(token);;) {
        struct level *level = &levels[deep];
        struct token next;
        if (level->left == 0) {
            if (deep-- == 0)
                return true;
            continue;
        }
        bool is_key = level->is_map && level->left % 2 == 0;
        if (!scan_next(scan, &next) || (strict && !is_fine(scan, &next, is_key)))
            return false;
        level->left--;
        if (next.kind < TOKEN_ARRAY)
            continue;
        if (++deep >= depth)
            return complain(scan, "is nested too deeply");
        levels[deep] = level_of(&next);
    }
}
