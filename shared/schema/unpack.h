/* Inside shared/schema only: the objects of msgpack-c, for the reader of records and the writers
 * that walk packed bytes. */
#ifndef MISAQ_SCHEMA_UNPACK_H
#define MISAQ_SCHEMA_UNPACK_H

#include "base/text.h"

#include <msgpack.h>

/* Unpacks bytes that passed pack_complaint(). The objects hold until the next call. */
bool unpack_value(struct text packed, msgpack_object *ret_object);

#endif
