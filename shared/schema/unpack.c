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
