/* From a record to MessagePack bytes, by msgpack-c's packer writing into our buffer. */
#include "schema/pack.h"

#include "base/clock.h"
#include "base/must.h"
#include "schema/scan.h"

#include <msgpack.h>

static int to_buf(void *out, const char *bytes, size_t len)
{
    buf_add(out, bytes, len);
    return 0; /* a full buffer says so itself */
}

static msgpack_packer packer_of(struct buf *out)
{
    msgpack_packer packer;
    msgpack_packer_init(&packer, out, to_buf);
    return packer;
}

static void write_text(msgpack_packer *packer, struct text text)
{
    msgpack_pack_str(packer, text.len);
    msgpack_pack_str_body(packer, text.at, text.len);
}

static void write_record(msgpack_packer *packer, const struct record *record, const void *base);

static void write_list(msgpack_packer *packer, const struct slot *slot, const void *base)
{
    const struct field *field = slot->field;
    const char *at = (const char *)base + slot->offset;
    const struct list_head *head = (const void *)at;
    const char *items = at - field->offset + field->at_offset;
    msgpack_pack_array(packer, head->count);
    for (uint32_t i = 0; i < head->count; i++) {
        const void *item = items + i * field->item_size;
        if (field->kind == FIELD_MANY)
            write_record(packer, field->record(), item);
        else if (field->kind == FIELD_IDS)
            write_text(packer, *(const struct text *)item);
        else
            msgpack_pack_int64(packer, *(const int64_t *)item);
    }
}

static void write_slot(msgpack_packer *packer, const struct slot *slot, const void *base)
{
    const struct field *field = slot->field;
    const void *at = (const char *)base + slot->offset;
    char day[DAY_TEXT_SIZE];
    switch (field->kind) {
    case FIELD_ID:
    case FIELD_TEXT:
        write_text(packer, *(const struct text *)at);
        return;
    case FIELD_PICK:
        write_text(packer, text_of(choices_word(field->choices(), *(const int32_t *)at)));
        return;
    case FIELD_FLAG:
        if (*(const enum flag *)at == FLAG_YES)
            msgpack_pack_true(packer);
        else
            msgpack_pack_false(packer);
        return;
    case FIELD_DECIMAL:
        msgpack_pack_int64(packer, ((const struct decimal *)at)->thousandths);
        return;
    case FIELD_WHOLE:
        msgpack_pack_int64(packer, ((const struct whole *)at)->value);
        return;
    case FIELD_DAY:
        day_to_text(*(const int32_t *)at, day);
        write_text(packer, (struct text){day, sizeof day - 1});
        return;
    case FIELD_MOMENT:
        msgpack_pack_int64(packer, ((const struct moment *)at)->ms);
        return;
    case FIELD_BYTES:
    case FIELD_DATA:
        msgpack_pack_bin(packer, ((const struct text *)at)->len);
        msgpack_pack_bin_body(
            packer, ((const struct text *)at)->at, ((const struct text *)at)->len);
        return;
    case FIELD_DECIMALS:
    case FIELD_IDS:
    case FIELD_MANY:
        write_list(packer, slot, base);
        return;
    case FIELD_ONE:
        write_record(packer, field->record(), at);
        return;
    case FIELD_SPLICE:
        break;
    }
    must(!"a splice is not a slot");
}

static void write_fields(msgpack_packer *packer, const struct record *record, const void *base)
{
    const struct slots *slots = record_slots(record);
    for (size_t i = 0; i < slots->count; i++) {
        if (!slot_given(&slots->at[i], base))
            continue;
        write_text(packer, slots->at[i].name);
        write_slot(packer, &slots->at[i], base);
    }
}

static void write_record(msgpack_packer *packer, const struct record *record, const void *base)
{
    msgpack_pack_map(packer, pack_pairs(record, base));
    write_fields(packer, record, base);
}

uint32_t pack_pairs(const struct record *record, const void *value)
{
    const struct slots *slots = record_slots(record);
    uint32_t pairs = 0;
    for (size_t i = 0; i < slots->count; i++)
        pairs += slot_given(&slots->at[i], value);
    return pairs;
}

void pack_write(const struct record *record, const void *value, struct buf *out)
{
    msgpack_packer packer = packer_of(out);
    write_record(&packer, record, value);
}

void pack_fields(const struct record *record, const void *value, struct buf *out)
{
    msgpack_packer packer = packer_of(out);
    write_fields(&packer, record, value);
}

void pack_map(struct buf *out, uint32_t pairs)
{
    msgpack_packer packer = packer_of(out);
    msgpack_pack_map(&packer, pairs);
}

void pack_array(struct buf *out, uint32_t items)
{
    msgpack_packer packer = packer_of(out);
    msgpack_pack_array(&packer, items);
}

void pack_text(struct buf *out, struct text text)
{
    msgpack_packer packer = packer_of(out);
    write_text(&packer, text);
}

void pack_whole(struct buf *out, int64_t value)
{
    msgpack_packer packer = packer_of(out);
    msgpack_pack_int64(&packer, value);
}

struct text pack_inside(struct text packed, uint32_t *ret_pairs)
{
    struct scan scan = {.left = packed};
    struct token token;
    must(scan_next(&scan, &token) && token.kind == TOKEN_MAP);
    *ret_pairs = (uint32_t)token.count;
    return scan.left;
}
