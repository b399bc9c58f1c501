/* From a request's path, query and body to the frames that its message carries. */
#ifndef MISAQ_GATEWAY_BODY_H
#define MISAQ_GATEWAY_BODY_H

#include "frames.h"
#include "media.h"
#include "routes.h"

/* The media types (bits) that a route takes as a body; 0: none. */
uint32_t body_media(const struct route *route);

/* `record` is of the route's kind and holds what stands in the path and query already. Appends the
 * carried record and, for a message that has rows, a frame for each; `body` is JSON, MessagePack or
 * CSV as `media` says, MEDIA_NONE when there is none. Everything is validated; faults name members,
 * lines and columns. */
enum err body_read(const struct route *route, enum media media, struct text body, void *record,
    struct frames *out, struct faults *why) MUST_CHECK;

/* A service names faulty rows "rows/<index>/<member>": adds the line of the file and the column
 * that they came from. `csv` is the file, `lines` those of its rows. */
void body_place_faults(
    struct text csv, const uint32_t *lines, size_t row_count, struct faults *why);

#endif
