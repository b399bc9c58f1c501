/* From packed bytes straight to JSON, by the rows. */
#include "schema/json.h"

#include "base/clock.h"
#include "base/json_text.h"
#include "schema/messages.h"
#include "schema/unpack.h"

static bool write_record(
    const struct record *record, const msgpack_object *object, struct buf *out);

static bool write_data(struct text type, const msgpack_object *object, struct buf *out)
{
    enum message message = message_from_wire(type);
    struct text packed = {object->via.bin.ptr, object->via.bin.size};
    if (object->type != MSGPACK_OBJECT_BIN)
        return false;
    if (message == MESSAGE_UNSET) { /* of a newer service: there, but not readable here */
        buf_str(out, "{}");
        return true;
    }
    /* The objects of the outer frame are gone with this: DATA is the last member that is written.
     */
    return json_write(message_row(message)->carries(), packed, out);
}

static bool write_item(const struct field *field, const msgpack_object *object, struct buf *out)
{
    int64_t value;
    char moment[MOMENT_TEXT_SIZE];
    switch (field->kind) {
    case FIELD_ID:
    case FIELD_TEXT:
    case FIELD_PICK:
    case FIELD_DAY:
    case FIELD_IDS:
        if (object->type != MSGPACK_OBJECT_STR)
            return false;
        json_text_write(out, (struct text){object->via.str.ptr, object->via.str.size});
        return true;
    case FIELD_FLAG:
        if (object->type != MSGPACK_OBJECT_BOOLEAN)
            return false;
        buf_str(out, object->via.boolean ? "true" : "false");
        return true;
    case FIELD_DECIMAL:
    case FIELD_DECIMALS:
        if (!unpack_whole(object, &value))
            return false;
        decimal_write(out, value);
        return true;
    case FIELD_WHOLE:
        if (!unpack_whole(object, &value))
            return false;
        buf_whole(out, value);
        return true;
    case FIELD_MOMENT:
        if (!unpack_whole(object, &value) || value < MOMENT_LEAST || value > MOMENT_MOST)
            return false;
        moment_to_text(value, moment);
        json_text_write(out, text_of(moment));
        return true;
    case FIELD_ONE:
    case FIELD_MANY:
        return write_record(field->record(), object, out);
    default:
        return false;
    }
}

static bool write_value(const struct field *field, const msgpack_object *object, struct buf *out)
{
    bool list =
        field->kind == FIELD_DECIMALS || field->kind == FIELD_IDS || field->kind == FIELD_MANY;
    if (!list)
        return write_item(field, object, out);
    if (object->type != MSGPACK_OBJECT_ARRAY)
        return false;
    buf_char(out, '[');
    for (uint32_t i = 0; i < object->via.array.size; i++) {
        if (i)
            buf_char(out, ',');
        if (!write_item(field, &object->via.array.ptr[i], out))
            return false;
    }
    buf_char(out, ']');
    return true;
}

static bool write_record(const struct record *record, const msgpack_object *object, struct buf *out)
{
    if (object->type != MSGPACK_OBJECT_MAP)
        return false;
    const msgpack_object *data = NULL;
    struct text type = {0};
    size_t hint = 0;
    char before = '{';
    for (uint32_t i = 0; i < object->via.map.size; i++) {
        const msgpack_object_kv *pair = &object->via.map.ptr[i];
        struct text key = {pair->key.via.str.ptr, pair->key.via.str.size};
        const struct slot *slot = record_find(record, key, &hint);
        if (!slot || pair->val.type == MSGPACK_OBJECT_NIL || slot->field->kind == FIELD_BYTES)
            continue;
        if (slot->field->kind == FIELD_DATA) {
            data = &pair->val;
            continue;
        }
        if (slot->field->kind == FIELD_ID && text_is(key, "type") &&
            pair->val.type == MSGPACK_OBJECT_STR)
            type = (struct text){pair->val.via.str.ptr, pair->val.via.str.size};
        buf_char(out, before);
        before = ',';
        json_text_write(out, key);
        buf_char(out, ':');
        if (!write_value(slot->field, &pair->val, out))
            return false;
    }
    if (data) {
        buf_char(out, before);
        before = ',';
        buf_str(out, "\"data\":");
        if (!write_data(type, data, out))
            return false;
    }
    buf_str(out, before == '{' ? "{}" : "}");
    return true;
}

bool json_write(const struct record *record, struct text packed, struct buf *out)
{
    msgpack_object object;
    return unpack_value(packed, &object) && write_record(record, &object, out) && !out->full;
}
