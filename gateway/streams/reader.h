/* One open stream: a socket that is written to and never read from. What its socket does not take
 * at once is kept and sent when it does; how far it has come is one position. */
#ifndef MISAQ_STREAMS_READER_H
#define MISAQ_STREAMS_READER_H

#include "channel.h"
#include "watched.h"

#include <sys/uio.h>

struct hub;
struct origin;

struct reader {
    struct watched watched;
    struct reader *prev, *next; /* of its channel */
    struct channel *channel;
    struct hub *hub;
    struct origin *origin; /* where it comes from */
    uint64_t position;     /* the last event that was looked at for it */
    uint64_t told;         /* the last position that it was told */
    uint64_t wrote_us;     /* when something was last taken */
    uint64_t waits_us;     /* since when it takes nothing; 0: it does */
    uint64_t began_us;
    char *rest; /* what its socket has not taken yet */
    size_t rest_len, rest_at;
    int64_t began, expires; /* of the token, seconds since 1970 */
    bool live;              /* it has once kept up */
    bool fetching;          /* the ledger is asked for its past */
    bool ending;            /* what rests is the last */
    char *person, *session; /* of the token; NULL: the public */
};

/* Sends, or keeps what is not taken. False when the reader has gone: it is to be closed. */
bool reader_send(struct reader *reader, const struct iovec *parts, size_t count, uint64_t now_us)
    MUST_CHECK;
bool reader_say(struct reader *reader, struct text text, uint64_t now_us) MUST_CHECK;
/* Sends what was kept. */
bool reader_flush(struct reader *reader, uint64_t now_us) MUST_CHECK;
static inline bool reader_is_blocked(const struct reader *reader)
{
    return reader->rest_len > reader->rest_at;
}

#endif
