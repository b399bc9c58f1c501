/* One connection to Redis that never blocks: what was sent on it waits in order for its replies.
 * A connection that is lost, silent for too long or talks nonsense is dropped as a whole; what was
 * in flight stays in `sent` for the owner to send again. */
#ifndef MISAQ_LEDGER_LINK_H
#define MISAQ_LEDGER_LINK_H

#include "ledger/address.h"
#include "ledger/command.h"
#include "ledger/reply.h"

struct redisContext;
struct redisReader;

struct link {
    struct address to; /* whom it is or was connected with */
    uint64_t timeout_us;
    struct redisContext *context; /* NULL while down */
    struct redisReader *reader;
    struct reply reply; /* the one being read */
    char *chunk;        /* where read() puts bytes */
    struct queue sent;
    struct command *unwritten; /* in sent: the first whose bytes have not all left */
    size_t written;            /* bytes of it that have */
    bool stalled;              /* the socket took less than there was */
    uint64_t quiet_since_us;   /* when Redis last said something, or was first asked */
    uint64_t retry_at_us;      /* while down: when to connect again */
    uint64_t pause_us;         /* the next pause before connecting again */
    char why[160];             /* what dropped it */
};

void link_init(struct link *link, uint64_t timeout_ms);
void link_free(struct link *link);

/* Starts to connect; false with link->why when that cannot even start. Names are resolved while
 * the caller waits: give an address where the resolver may be slow. */
bool link_connect(struct link *link, const struct address *to, uint64_t now_us) MUST_CHECK;
int link_fd(const struct link *link);
/* takes command; it leaves with the next link_flush(). */
void link_send(struct link *link, struct command *command, uint64_t now_us);
/* Writes what the socket takes; false with link->why when the connection is lost. */
bool link_flush(struct link *link) MUST_CHECK;
/* Reads one chunk if one is there; false with link->why when the connection is lost. *ret_more
 * tells that the chunk was full. */
bool link_fill(struct link *link, uint64_t now_us, bool *ret_more) MUST_CHECK;
/* Whether link->reply holds the whole reply to sent.head; false with link->why when the bytes are
 * not a reply. */
bool link_parse(struct link *link, bool *ret_whole) MUST_CHECK;
/* Whether Redis owes a reply for longer than it may. */
bool link_is_late(const struct link *link, uint64_t now_us);
/* Closes, keeps `sent`, and sets when to try again: soon after a connection that worked, then in
 * growing pauses. */
void link_drop(struct link *link, uint64_t now_us);
/* The connection proved good: the next pause is short again. */
void link_proved(struct link *link);

#endif
