/* asyncapi.json (AsyncAPI 3.0) from the tables: the stream for departments, a channel for each kind
 * of event and one for control. */
#ifndef MISAQ_GATEWAY_ASYNCAPI_H
#define MISAQ_GATEWAY_ASYNCAPI_H

#include "base/buf.h"

/* address: where departments reach the stream, key: its public CURVE key in Z85; "" while they are
 * not known. */
void asyncapi_write(struct buf *out, const char *address, struct text key);

#endif
