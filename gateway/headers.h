/* The header of a request, judged before anything is believed. The library below accepts what
 * another hop may read differently (two lengths, a length beside chunks, blanks in names): such a
 * request is refused and its connection closed, because nobody can say where it ends. Pure. */
#ifndef MISAQ_GATEWAY_HEADERS_H
#define MISAQ_GATEWAY_HEADERS_H

#include "base/err.h"
#include "base/text.h"

#define HEADERS_MAX       64
#define HEADERS_BYTES_MAX 16384

#define HEADERS_FORWARDED_MAX 8 /* as many proxies as can be set */

/* Start from {0}. Texts are borrowed from whoever gave them; absent where the field did not come.
 */
struct headers {
    struct text host, content_length, transfer_encoding, content_type, expect;
    struct text accept, if_match, if_none_match, key, traceparent, last_event;
    struct text authorization, cookie, office, origin, fetch_site, digest;
    /* X-Forwarded-For is a list that every proxy may go on with a line of its own: the last lines
     * in their order. */
    struct text forwarded[HEADERS_FORWARDED_MAX];
    size_t forwarded_count;
    size_t count, bytes;
    const char *complaint; /* of the first field that cannot stand */
    struct text culprit;   /* its name */
    uint64_t length;       /* of the body as announced, after headers_judge() */
    bool chunked;
};

/* Takes one field as it came. */
void headers_add(struct headers *headers, struct text name, struct text value);
/* The verdict once all fields are there. `newer` is HTTP/1.1 rather than 1.0. ERR_BAD_INPUT or
 * ERR_HEADERS: answer and close the connection. */
enum err headers_judge(struct headers *headers, bool newer, struct faults *why) MUST_CHECK;

/* Whether `fields`, the bytes behind the version up to the end of the header as libmicrohttpd
 * 0.9.75 leaves them, are `count` plain lines: it puts a NUL in place of the colon and of each byte
 * of a line end, and lets folded lines, bare line feeds and NULs pass, which other hops read
 * otherwise. */
bool headers_plain(struct text fields, size_t count);

#endif
