/* From MessagePack bytes to a record. */
#include "schema/pack.h"

#include "base/clock.h"
#include "base/must.h"
#include "schema/scan.h"
#include "schema/way.h"

const char *pack_complaint(struct text packed)
{
    struct scan scan = {.left = packed};
    struct token token;
    if (!scan_next(&scan, &token) || !scan_rest(&scan, &token, PACK_DEPTH, true))
        return scan.complaint;
    return scan.left.len == 0 ? NULL : "has something behind its end";
}

static bool read_whole(const struct token *token, int64_t *ret_value)
{
    if (token->kind == TOKEN_WHOLE)
        *ret_value = token->whole;
    return token->kind == TOKEN_WHOLE;
}

static bool read_between(const struct token *token, int64_t least, int64_t most, int64_t *ret_value)
{
    return token->kind == TOKEN_WHOLE && token->whole >= least && token->whole <= most &&
           read_whole(token, ret_value);
}

static bool read_decimal(const struct token *token, int64_t *ret_value)
{
    return read_between(token, DECIMAL_LEAST, DECIMAL_MAX, ret_value);
}

static bool read_moment(const struct token *token, int64_t *ret_ms)
{
    return read_between(token, MOMENT_LEAST, MOMENT_MOST, ret_ms);
}

static bool read_text(const struct token *token, struct text *ret_text)
{
    if (token->kind == TOKEN_STRING)
        *ret_text = token->text;
    return token->kind == TOKEN_STRING;
}

struct reader {
    enum pack_unknown unknown;
    struct faults *why;
    struct scan scan;
};

static bool read_record(struct reader *reader, const struct record *record,
    const struct token *token, const struct way *way, void *base);

/* Goes on behind a value that could not be read, so that all faults are named; false when the bytes
 * themselves are broken. `before` is the scan as it was behind the value's first token. */
static bool resume(struct reader *reader, struct scan before, const struct token *token)
{
    if (reader->scan.complaint)
        return false;
    reader->scan = before;
    return scan_rest(&reader->scan, token, PACK_DEPTH, false);
}

static bool read_item(struct reader *reader, const struct field *field, const struct token *token,
    const struct way *way, void *item)
{
    if (field->kind == FIELD_MANY)
        return read_record(reader, field->record(), token, way, item);
    if (field->kind == FIELD_IDS)
        return read_text(token, item) || way_fault(way, reader->why, "is not a string");
    return read_decimal(token, item) ||
           way_fault(way, reader->why, "is not a decimal in whole thousandths");
}

static bool read_list(struct reader *reader, const struct slot *slot, const struct token *token,
    const struct way *way, void *base)
{
    const struct field *field = slot->field;
    if (token->kind != TOKEN_ARRAY)
        return way_fault(way, reader->why, "is not an array");
    if (token->count > (uint64_t)field->most)
        return way_fault(way, reader->why, "has more than %lld items", (long long)field->most);
    struct list_head *head = slot_at(slot, base);
    char *items = (char *)slot_at(slot, base) - field->offset + field->at_offset;
    bool fine = true;
    for (uint32_t i = 0; i < token->count; i++) {
        struct way here = {.up = way, .index = i};
        struct token item;
        if (!scan_next(&reader->scan, &item))
            return false;
        struct scan before = reader->scan;
        if (read_item(reader, field, &item, &here, items + i * field->item_size))
            continue;
        fine = false;
        if (!resume(reader, before, &item))
            return false;
    }
    *head = (struct list_head){(uint32_t)token->count, true};
    return fine;
}

static bool read_pick(const struct field *field, const struct token *token, int32_t *ret_value)
{
    struct text word;
    int value = read_text(token, &word) ? choices_value(field->choices(), word) : 0;
    *ret_value = value;
    return value != 0;
}

static bool read_slot(struct reader *reader, const struct slot *slot, const struct token *token,
    const struct way *way, void *base)
{
    const struct field *field = slot->field;
    struct faults *why = reader->why;
    void *at = slot_at(slot, base);
    struct text text;
    switch (field->kind) {
    case FIELD_ID:
    case FIELD_TEXT:
        return read_text(token, at) || way_fault(way, why, "is not a string");
    case FIELD_PICK:
        return read_pick(field, token, at) ||
               way_fault(way, why, "is not one of the words allowed");
    case FIELD_FLAG:
        if (token->kind != TOKEN_FLAG)
            return way_fault(way, why, "is not true or false");
        *(enum flag *)at = token->flag ? FLAG_YES : FLAG_NO;
        return true;
    case FIELD_DECIMAL:
        ((struct decimal *)at)->given = read_decimal(token, &((struct decimal *)at)->thousandths);
        return ((struct decimal *)at)->given ||
               way_fault(way, why, "is not a decimal in whole thousandths");
    case FIELD_WHOLE:
        ((struct whole *)at)->given = read_whole(token, &((struct whole *)at)->value);
        return ((struct whole *)at)->given || way_fault(way, why, "is not a whole number");
    case FIELD_DAY:
        *(int32_t *)at = read_text(token, &text) ? day_from_text(text) : 0;
        return *(int32_t *)at != 0 || way_fault(way, why, "is not a day, YYYY-MM-DD");
    case FIELD_MOMENT:
        ((struct moment *)at)->given = read_moment(token, &((struct moment *)at)->ms);
        return ((struct moment *)at)->given ||
               way_fault(way, why, "is not a moment in milliseconds");
    case FIELD_BYTES:
    case FIELD_DATA:
        if (token->kind != TOKEN_BYTES)
            return way_fault(way, why, "is not bytes");
        *(struct text *)at = token->text;
        return true;
    case FIELD_DECIMALS:
    case FIELD_IDS:
    case FIELD_MANY:
        return read_list(reader, slot, token, way, base);
    case FIELD_ONE:
        *(bool *)((char *)at - field->offset + field->at_offset) = true;
        return read_record(reader, field->record(), token, way, at);
    case FIELD_SPLICE:
        break;
    }
    must(!"a splice is not a slot");
    return false;
}

static bool read_record(struct reader *reader, const struct record *record,
    const struct token *token, const struct way *way, void *base)
{
    memset(base, 0, record->size);
    if (token->kind != TOKEN_MAP)
        return way_fault(way, reader->why, "is not a map");
    bool fine = true;
    size_t hint = 0;
    for (uint64_t i = 0; i < token->count; i++) {
        struct token key, value;
        if (!scan_next(&reader->scan, &key) || !scan_next(&reader->scan, &value))
            return false;
        struct way here = {.up = way, .name = key.text};
        const struct slot *slot =
            key.kind == TOKEN_STRING ? record_find(record, key.text, &hint) : NULL;
        struct scan before = reader->scan;
        bool known = slot && value.kind != TOKEN_NIL;
        if (known && slot_given(slot, base))
            fine = way_fault(&here, reader->why, "comes twice");
        else if (known && read_slot(reader, slot, &value, &here, base))
            continue;
        else if (known)
            fine = false;
        else if (!slot && reader->unknown == PACK_REFUSE)
            fine = way_fault(&here, reader->why, "is not a member here");
        if (!resume(reader, before, &value))
            return false;
    }
    return fine;
}

static enum err read_packed(const struct record *record, struct text packed,
    enum pack_unknown unknown, void *ret, struct faults *why)
{
    struct reader reader = {unknown, why, {.left = packed}};
    struct way top = {0};
    struct token token;
    bool fine = scan_next(&reader.scan, &token) && read_record(&reader, record, &token, &top, ret);
    if (!reader.scan.complaint && fine && reader.scan.left.len > 0)
        reader.scan.complaint = "has something behind its end";
    if (reader.scan.complaint)
        return faults_add(why, ERR_BAD_INPUT, "", "the MessagePack %s", reader.scan.complaint);
    return fine ? OK : faults_err(why);
}

enum err pack_read_trusted(
    const struct record *record, struct text packed, void *ret, struct faults *why)
{
    return read_packed(record, packed, PACK_SKIP, ret, why);
}

enum err pack_read(const struct record *record, struct text packed, enum pack_unknown unknown,
    void *ret, struct faults *why)
{
    const char *complaint = pack_complaint(packed);
    if (complaint)
        return faults_add(why, ERR_BAD_INPUT, "", "the MessagePack %s", complaint);
    enum err err = read_packed(record, packed, unknown, ret, why);
    if (err != OK)
        return err;
    return record_check(record, ret, why);
}
