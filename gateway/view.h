/* An event as readers get it: one form for pages, streams and departments. */
#ifndef MISAQ_GATEWAY_VIEW_H
#define MISAQ_GATEWAY_VIEW_H

#include "base/buf.h"
#include "schema/messages.h"

/* Appends the packed event_view. */
void view_pack(uint64_t position, const struct event *event, struct buf *out);
/* Appends it as a JSON object of one line; false when its data cannot be read. */
bool view_json(uint64_t position, const struct event *event, struct buf *out) MUST_CHECK;

#endif
