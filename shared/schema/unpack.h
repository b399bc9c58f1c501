/* Inside shared/schema only: the objects of msgpack-c, for the writers of JSON and CSV, which walk
 * packed bytes out of their order. */
#ifndef MISAQ_SCHEMA_UNPACK_H
#define MISAQ_SCHEMA_UNPACK_H

#include "base/text.h"

#include <msgpack.h>

/* Unpacks bytes that pass pack_complaint(); false for others. The objects hold until the next call:
 * one arena for the process, which has one thread, so that nothing is allocated once it has grown
 * to the largest frame. */
bool unpack_value(struct text packed, msgpack_object *ret_object);
/* A whole number that fits; false for everything else. */
bool unpack_whole(const msgpack_object *object, int64_t *ret_value);

#endif
