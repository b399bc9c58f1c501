/* From packed bytes to canonical JSON, token by token: the pairs of a map are noted where they
 * stand, put in order, and written. */
#include "schema/jcs.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "schema/messages.h"
#include "schema/pack.h"
#include "schema/scan.h"

#include <stdlib.h>

struct pair {
    struct text key;
    struct text value; /* its packed bytes */
    const struct field *field;
};

static bool write_record(const struct record *record, struct text packed, struct buf *out);

/* RFC 8785, 3.2.2.2: the short escapes where JSON has them, \u00xx for other controls, everything
 * else as it is. */
static void write_escaped(struct buf *out, unsigned char c)
{
    static const char short_form[0x20] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
    if (c < 0x20 && !short_form[c]) {
        buf_printf(out, "\\u%04x", c);
        return;
    }
    buf_char(out, '\\');
    buf_char(out, c < 0x20 ? short_form[c] : (char)c);
}

bool jcs_text(struct buf *out, struct text text)
{
    if (utf8_length(text) == SIZE_MAX)
        return false;
    buf_char(out, '"');
    size_t from = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        buf_add(out, text.at + from, i - from);
        write_escaped(out, c);
        from = i + 1;
    }
    buf_add(out, text.at + from, text.len - from);
    buf_char(out, '"');
    return true;
}

static bool write_moment(struct buf *out, int64_t ms)
{
    char moment[MOMENT_TEXT_SIZE];
    if (ms < MOMENT_LEAST || ms > MOMENT_MOST)
        return false;
    moment_to_text(ms, moment);
    return jcs_text(out, text_of(moment));
}

/* At most 15 digits, so that the double that others read is this number, and its shortest form,
 * which RFC 8785 wants, is these digits. */
static bool write_number(const struct field *field, int64_t value, struct buf *out)
{
    _Static_assert(DECIMAL_MAX == WHOLE_MAX, "both have 15 digits");
    if (value < -WHOLE_MAX || value > WHOLE_MAX)
        return false;
    if (field->kind == FIELD_DECIMAL || field->kind == FIELD_DECIMALS)
        decimal_write(out, value);
    else
        buf_whole(out, value);
    return true;
}

/* An item of a list, or the value of a field that is none. */
static bool write_item(const struct field *field, struct text packed, struct buf *out)
{
    struct scan scan = {.left = packed};
    struct token token;
    if (field->kind == FIELD_ONE || field->kind == FIELD_MANY)
        return write_record(field->record(), packed, out);
    if (!scan_next(&scan, &token))
        return false;
    switch (field->kind) {
    case FIELD_ID:
    case FIELD_TEXT:
    case FIELD_PICK:
    case FIELD_DAY:
    case FIELD_IDS:
        return token.kind == TOKEN_STRING && jcs_text(out, token.text);
    case FIELD_FLAG:
        buf_str(out, token.flag ? "true" : "false");
        return token.kind == TOKEN_FLAG;
    case FIELD_DECIMAL:
    case FIELD_DECIMALS:
    case FIELD_WHOLE:
        return token.kind == TOKEN_WHOLE && write_number(field, token.whole, out);
    case FIELD_MOMENT:
        return token.kind == TOKEN_WHOLE && write_moment(out, token.whole);
    default:
        return false;
    }
}

/* The bytes of the next value, which `scan` is moved past. */
static bool next_value(struct scan *scan, struct text *ret_value)
{
    const char *from = scan->left.at;
    struct token token;
    if (!scan_next(scan, &token) || !scan_rest(scan, &token, PACK_DEPTH, false))
        return false;
    *ret_value = (struct text){from, (size_t)(scan->left.at - from)};
    return true;
}

static bool write_list(const struct field *field, struct text packed, struct buf *out)
{
    struct scan scan = {.left = packed};
    struct token token;
    struct text item;
    if (!scan_next(&scan, &token) || token.kind != TOKEN_ARRAY)
        return false;
    buf_char(out, '[');
    for (uint64_t i = 0; i < token.count; i++) {
        if (i > 0)
            buf_char(out, ',');
        if (!next_value(&scan, &item) || !write_item(field, item, out))
            return false;
    }
    buf_char(out, ']');
    return true;
}

/* The packed record inside: of which kind, the member `type` beside it says. */
static bool write_data(const struct pair pairs[], size_t count, struct text packed, struct buf *out)
{
    struct scan scan = {.left = packed};
    struct token token, type;
    if (!scan_next(&scan, &token) || token.kind != TOKEN_BYTES || pack_complaint(token.text))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct scan beside = {.left = pairs[i].value};
        if (!text_is(pairs[i].key, "type") || !scan_next(&beside, &type) ||
            type.kind != TOKEN_STRING)
            continue;
        enum message message = message_from_wire(type.text);
        return message != MESSAGE_UNSET &&
               write_record(message_row(message)->carries(), token.text, out);
    }
    return false;
}

static int by_key(const void *a, const void *b)
{
    return text_order(((const struct pair *)a)->key, ((const struct pair *)b)->key);
}

/* Notes the pairs of a map and puts them in order; false when a key is not of the rows or comes
 * twice. Keys are ASCII, so that the order of bytes is the order of UTF-16 that RFC 8785 wants. */
static bool read_pairs(
    const struct record *record, struct text packed, struct pair pairs[], size_t *ret_count)
{
    struct scan scan = {.left = packed};
    struct token map, key;
    size_t hint = 0, count = 0;
    if (!scan_next(&scan, &map) || map.kind != TOKEN_MAP)
        return false;
    for (uint64_t i = 0; i < map.count; i++) {
        struct text value;
        if (!scan_next(&scan, &key) || key.kind != TOKEN_STRING || !next_value(&scan, &value))
            return false;
        const struct slot *slot = record_find(record, key.text, &hint);
        if (!slot || count == SLOTS_MAX)
            return false;
        if ((unsigned char)value.at[0] != 0xC0) /* nil is a member that is not there */
            pairs[count++] = (struct pair){key.text, value, slot->field};
    }
    qsort(pairs, count, sizeof *pairs, by_key);
    for (size_t i = 1; i < count; i++)
        if (text_equal(pairs[i].key, pairs[i - 1].key))
            return false;
    *ret_count = count;
    return true;
}

static bool write_record(const struct record *record, struct text packed, struct buf *out)
{
    struct pair pairs[SLOTS_MAX];
    size_t count;
    if (!read_pairs(record, packed, pairs, &count))
        return false;
    buf_char(out, '{');
    for (size_t i = 0; i < count; i++) {
        const struct field *field = pairs[i].field;
        bool list =
            field->kind == FIELD_DECIMALS || field->kind == FIELD_IDS || field->kind == FIELD_MANY;
        if (i > 0)
            buf_char(out, ',');
        if (!jcs_text(out, pairs[i].key))
            return false;
        buf_char(out, ':');
        bool fine = list                        ? write_list(field, pairs[i].value, out)
                    : field->kind == FIELD_DATA ? write_data(pairs, count, pairs[i].value, out)
                                                : write_item(field, pairs[i].value, out);
        if (!fine)
            return false;
    }
    buf_char(out, '}');
    return true;
}

bool jcs_write(const struct record *record, struct text packed, struct buf *out)
{
    return !pack_complaint(packed) && write_record(record, packed, out) && !out->full;
}
