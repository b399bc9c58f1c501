/* MessagePack bytes token by token, with no length trusted: what msgpack-c does not check. Records
 * are read straight from the tokens; whatever is handed to the library has been walked here
 * before. */
#ifndef MISAQ_SCHEMA_SCAN_H
#define MISAQ_SCHEMA_SCAN_H

#include "base/text.h"

enum token_kind {
    TOKEN_NIL = 1,
    TOKEN_FLAG,
    TOKEN_WHOLE,
    TOKEN_NUMBER, /* a float, or a whole number beyond int64: no record holds one */
    TOKEN_BYTES,
    TOKEN_STRING, /* not yet known to be UTF-8 */
    TOKEN_ARRAY,
    TOKEN_MAP
};

struct token {
    enum token_kind kind;
    bool flag;
    int64_t whole;
    uint64_t count;   /* items of an array, pairs of a map: their tokens follow */
    struct text text; /* of bytes and strings; borrowed, never absent */
};

/* Starts as {.left = the bytes}. Once `complaint` is set nothing more can be read. */
struct scan {
    struct text left;
    const char *complaint;
};

/* The next token; false with a complaint when there is none: lengths beyond the bytes, ext types.
 */
bool scan_next(struct scan *scan, struct token *ret_token);
/* Passes over what follows a token that opens a container, at most `depth` deep. With `strict`
 * strings must be UTF-8 and map keys strings. */
bool scan_rest(struct scan *scan, const struct token *token, unsigned depth, bool strict);

#endif
