#include "schema/unpack.h"

#include "schema/pack.h"

bool unpack_value(struct text packed, msgpack_object *ret_object)
{
    static msgpack_zone *zone;
    if (pack_complaint(packed))
        return false;
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

bool unpack_whole(const msgpack_object *object, int64_t *ret_value)
{
    if (object->type == MSGPACK_OBJECT_POSITIVE_INTEGER && object->via.u64 <= INT64_MAX)
        *ret_value = (int64_t)object->via.u64;
    else if (object->type == MSGPACK_OBJECT_NEGATIVE_INTEGER)
        *ret_value = object->via.i64;
    else
        return false;
    return true;
}
