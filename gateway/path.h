/* The target of a request taken apart: what arrives is percent-encoded bytes from anybody. Segments
 * are split before they are decoded, so that an encoded slash can never move a border, and what has
 * two readings is refused rather than guessed. Pure. */
#ifndef MISAQ_GATEWAY_PATH_H
#define MISAQ_GATEWAY_PATH_H

#include "base/err.h"
#include "base/text.h"

#define PATH_TARGET_MAX     4096 /* bytes of a raw target */
#define PATH_SEGMENTS_MAX   8
#define PATH_PARAMETERS_MAX 32

struct parameter {
    struct text name;
    struct text value; /* empty without '=' */
};

struct path {
    size_t segment_count;
    size_t parameter_count;
    struct text segments[PATH_SEGMENTS_MAX];
    struct parameter parameters[PATH_PARAMETERS_MAX];
    char bytes[PATH_TARGET_MAX]; /* what the texts are borrowed from */
};

/* Takes apart "/v1/targets?limit=5". Refused: what does not begin with a slash, bytes that belong
 * percent-encoded, bad escapes, %00 and control characters, an encoded slash, invalid UTF-8, empty
 * and dot segments, too much of anything. */
enum err path_read(struct text raw, struct path *ret_path, struct faults *why) MUST_CHECK;

/* Appends text percent-encoded, so that path_read() gives it back from a segment or a value. */
struct buf;
void path_encode(struct buf *out, struct text text);

#endif
