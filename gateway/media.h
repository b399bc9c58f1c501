/* Media types: which one an answer gets (RFC 9110, section 12.5.1) and what a body is. Pure. */
#ifndef MISAQ_GATEWAY_MEDIA_H
#define MISAQ_GATEWAY_MEDIA_H

#include "base/text.h"

enum media {
    MEDIA_NONE,
    MEDIA_JSON,
    MEDIA_MSGPACK,
    MEDIA_CSV,
    MEDIA_NDJSON,
    MEDIA_EVENTS, /* a stream of server-sent events */
    MEDIA_COUNT
};

#define MEDIA_BIT(media) (1u << (media))

/* The word that stands in Content-Type. */
const char *media_type(enum media media);
/* The best of `offered` (bits) for an Accept field; absent or empty takes anything. Equal ones go
 * in the order of the enum. MEDIA_NONE when none is accepted, or the field is not well formed. */
enum media media_accept(struct text accept, uint32_t offered);
/* What a Content-Type says, whatever its parameters; only UTF-8 is known as a charset. MEDIA_NONE
 * for all others. */
enum media media_of_content(struct text content_type);
/* "json", "msgpack", "csv", "ndjson", "events": the parameter `format`, and the ending of a file's
 * name. */
enum media media_of_format(struct text format);
const char *media_format(enum media media);

#endif
