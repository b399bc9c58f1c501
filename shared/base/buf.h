/* A growing buffer with a cap it is born with. Writing past the cap, or out of memory, sets `full`
 * and drops what no longer fits: a writer may write on and look once at the end. */
#ifndef MISAQ_BASE_BUF_H
#define MISAQ_BASE_BUF_H

#include "base/err.h"
#include "base/text.h"

struct buf {
    char *at;
    size_t len;
    size_t room; /* bytes allocated */
    size_t max;  /* cap in bytes */
    bool full;
};

#define BUF(cap)    ((struct buf){.max = (cap)})
#define BUF_CLEANUP __attribute__((cleanup(buf_free)))

void buf_free(struct buf *buf);
/* Empties without giving memory back, and forgets `full`. */
static inline void buf_clear(struct buf *buf)
{
    buf->len = 0;
    buf->full = false;
}
/* Room for `more` bytes at at + len, or NULL with `full` set. The caller adds to len. */
char *buf_reserve(struct buf *buf, size_t more);
void buf_add(struct buf *buf, const void *bytes, size_t len);
void buf_text(struct buf *buf, struct text text);
void buf_str(struct buf *buf, const char *str);
void buf_char(struct buf *buf, char c);
void buf_whole(struct buf *buf, int64_t value);
void buf_printf(struct buf *buf, const char *fmt, ...) PRINTF(2, 3);
/* What was written, borrowed until the next write. */
static inline struct text buf_as_text(const struct buf *buf)
{
    return (struct text){buf->at ? buf->at : "", buf->len};
}
/* Hands the bytes over: the caller frees them with free(); the buffer is empty again. */
char *buf_take(struct buf *buf, size_t *ret_len);

#endif
