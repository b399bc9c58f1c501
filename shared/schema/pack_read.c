/* From MessagePack bytes to a record. */
#include "schema/pack.h"

#include "base/clock.h"
#include "base/must.h"
#include "schema/scan.h"
#include "schema/unpack.h"
#include "schema/way.h"

const char *pack_complaint(struct text packed)
{
    const char *complaint = NULL;
    size_t used = scan_value(packed, PACK_DEPTH, &complaint);
    if (used == 0)
        return complaint;
    return used == packed.len ? NULL : "has something behind its end";
}

/* The objects of the frame that was unpacked last. One arena for the process, which has one
 * thread: nothing is allocated once it has grown to the largest frame. */
bool unpack_value(struct text packed, msgpack_object *ret_object)
{
    static msgpack_zone *zone;
    if (!zone)
        zone = msgpack_zone_new(64 * 1024);
    if (!zone)
        return false;
    msgpack_zone_clear(zone);
    size_t used = 0;
    msgpack_unpack_return result = msgpack_unpack(packed.at, packed.len, &used, zone, ret_object);
    return (result == MSGPACK_UNPACK_SUCCESS || result == MSGPACK_UNPACK_EXTRA_BYTES) &&
           used == packed.len;
}

static bool read_whole(const msgpack_object *object, int64_t *ret_value)
{
    if (object->type == MSGPACK_OBJECT_NEGATIVE_INTEGER)
        *ret_value = object->via.i64;
    else if (object->type == MSGPACK_OBJECT_POSITIVE_INTEGER && object->via.u64 <= INT64_MAX)
        *ret_value = (int64_t)object->via.u64;
    else
        return false;
    return true;
}

static bool read_decimal(const msgpack_object *object, int64_t *ret_value)
{
    int64_t value;
    if (!read_whole(object, &value) || value > DECIMAL_MAX || value < DECIMAL_LEAST)
        return false;
    *ret_value = value;
    return true;
}

static bool read_moment(const msgpack_object *object, int64_t *ret_ms)
{
    int64_t ms;
    if (!read_whole(object, &ms) || ms < MOMENT_LEAST || ms > MOMENT_MOST)
        return false;
    *ret_ms = ms;
    return true;
}

static bool read_text(const msgpack_object *object, struct text *ret_text)
{
    if (object->type != MSGPACK_OBJECT_STR)
        return false;
    *ret_text =
        (struct text){object->via.str.size ? object->via.str.ptr : "", object->via.str.size};
    return true;
}

struct reader {
    enum pack_unknown unknown;
    struct faults *why;
};

static bool read_record(const struct reader *reader, const struct record *record,
    const msgpack_object *object, const struct way *way, void *base);

static bool read_item(const struct reader *reader, const struct field *field,
    const msgpack_object *object, const struct way *way, void *item)
{
    if (field->kind == FIELD_MANY)
        return read_record(reader, field->record(), object, way, item);
    if (field->kind == FIELD_IDS)
        return read_text(object, item) || way_fault(way, reader->why, "is not a string");
    return read_decimal(object, item) ||
           way_fault(way, reader->why, "is not a decimal in whole thousandths");
}

static bool read_list(const struct reader *reader, const struct slot *slot,
    const msgpack_object *object, const struct way *way, void *base)
{
    const struct field *field = slot->field;
    if (object->type != MSGPACK_OBJECT_ARRAY)
        return way_fault(way, reader->why, "is not an array");
    if (object->via.array.size > (uint64_t)field->most)
        return way_fault(way, reader->why, "has more than %lld items", (long long)field->most);
    struct list_head *head = slot_at(slot, base);
    char *items = (char *)slot_at(slot, base) - field->offset + field->at_offset;
    bool fine = true;
    for (uint32_t i = 0; i < object->via.array.size; i++) {
        struct way here = {.up = way, .index = i};
        fine &= read_item(
            reader, field, &object->via.array.ptr[i], &here, items + i * field->item_size);
    }
    *head = (struct list_head){object->via.array.size, true};
    return fine;
}

static bool read_pick(const struct field *field, const msgpack_object *object, int32_t *ret_value)
{
    struct text word;
    int value = read_text(object, &word) ? choices_value(field->choices(), word) : 0;
    *ret_value = value;
    return value != 0;
}

static bool read_slot(const struct reader *reader, const struct slot *slot,
    const msgpack_object *object, const struct way *way, void *base)
{
    const struct field *field = slot->field;
    struct faults *why = reader->why;
    void *at = slot_at(slot, base);
    struct text text;
    switch (field->kind) {
    case FIELD_ID:
    case FIELD_TEXT:
        return read_text(object, at) || way_fault(way, why, "is not a string");
    case FIELD_PICK:
        return read_pick(field, object, at) ||
               way_fault(way, why, "is not one of the words allowed");
    case FIELD_FLAG:
        if (object->type != MSGPACK_OBJECT_BOOLEAN)
            return way_fault(way, why, "is not true or false");
        *(enum flag *)at = object->via.boolean ? FLAG_YES : FLAG_NO;
        return true;
    case FIELD_DECIMAL:
        ((struct decimal *)at)->given = read_decimal(object, &((struct decimal *)at)->thousandths);
        return ((struct decimal *)at)->given ||
               way_fault(way, why, "is not a decimal in whole thousandths");
    case FIELD_WHOLE:
        ((struct whole *)at)->given = read_whole(object, &((struct whole *)at)->value);
        return ((struct whole *)at)->given || way_fault(way, why, "is not a whole number");
    case FIELD_DAY:
        *(int32_t *)at = read_text(object, &text) ? day_from_text(text) : 0;
        return *(int32_t *)at != 0 || way_fault(way, why, "is not a day, YYYY-MM-DD");
    case FIELD_MOMENT:
        ((struct moment *)at)->given = read_moment(object, &((struct moment *)at)->ms);
        return ((struct moment *)at)->given ||
               way_fault(way, why, "is not a moment in milliseconds");
    case FIELD_BYTES:
    case FIELD_DATA:
        if (object->type != MSGPACK_OBJECT_BIN)
            return way_fault(way, why, "is not bytes");
        *(struct text *)at =
            (struct text){object->via.bin.size ? object->via.bin.ptr : "", object->via.bin.size};
        return true;
    case FIELD_DECIMALS:
    case FIELD_IDS:
    case FIELD_MANY:
        return read_list(reader, slot, object, way, base);
    case FIELD_ONE:
        *(bool *)((char *)at - field->offset + field->at_offset) = true;
        return read_record(reader, field->record(), object, way, at);
    case FIELD_SPLICE:
        break;
    }
    must(!"a splice is not a slot");
    return false;
}

static bool read_record(const struct reader *reader, const struct record *record,
    const msgpack_object *object, const struct way *way, void *base)
{
    memset(base, 0, record->size);
    if (object->type != MSGPACK_OBJECT_MAP)
        return way_fault(way, reader->why, "is not a map");
    bool fine = true;
    size_t hint = 0;
    for (uint32_t i = 0; i < object->via.map.size; i++) {
        const msgpack_object_kv *pair = &object->via.map.ptr[i];
        struct text key = {pair->key.via.str.ptr, pair->key.via.str.size};
        struct way here = {.up = way, .name = key};
        const struct slot *slot = record_find(record, key, &hint);
        if (!slot && reader->unknown == PACK_REFUSE)
            fine = way_fault(&here, reader->why, "is not a member here");
        else if (!slot || pair->val.type == MSGPACK_OBJECT_NIL)
            continue;
        else if (slot_given(slot, base))
            fine = way_fault(&here, reader->why, "comes twice");
        else
            fine &= read_slot(reader, slot, &pair->val, &here, base);
    }
    return fine;
}

static enum err read_packed(const struct record *record, struct text packed,
    enum pack_unknown unknown, void *ret, struct faults *why)
{
    const char *complaint = pack_complaint(packed);
    msgpack_object object;
    if (complaint)
        return faults_add(why, ERR_BAD_INPUT, "", "the MessagePack %s", complaint);
    if (!unpack_value(packed, &object))
        return faults_add(why, ERR_BAD_INPUT, "", "the MessagePack cannot be unpacked");
    struct reader reader = {unknown, why};
    struct way top = {0};
    return read_record(&reader, record, &object, &top, ret) ? OK : faults_err(why);
}

enum err pack_read_trusted(
    const struct record *record, struct text packed, void *ret, struct faults *why)
{
    return read_packed(record, packed, PACK_SKIP, ret, why);
}

enum err pack_read(const struct record *record, struct text packed, enum pack_unknown unknown,
    void *ret, struct faults *why)
{
    enum err err = read_packed(record, packed, unknown, ret, why);
    if (err != OK)
        return err;
    return record_check(record, ret, why);
}
