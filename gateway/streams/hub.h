/* All open streams. An event goes to everybody who wants and may see it; who is behind reads the
 * past from the ledger; who takes nothing for too long is cut, and comes again where it was. */
#ifndef MISAQ_STREAMS_HUB_H
#define MISAQ_STREAMS_HUB_H

#include "ledger/ledger.h"
#include "reader.h"
#include "ring.h"

/* An address, and how many streams come from it. */
struct origin {
    UT_hash_handle hh;
    size_t count;
    char address[64];
};

struct hub_counts {
    uint64_t open, taken, refused, cut, delivered;
};

struct hub {
    const struct settings *settings;
    struct ledger *ledger;
    struct feed *feed;
    struct ring *ring;
    struct channel *channels;
    struct origin *origins;
    int epoll;
    uint64_t seen;     /* the last event that was handed round */
    bool restless;     /* a page of the past has come */
    uint64_t sweep_us; /* when to look at everybody's clocks */
    bool who_changed;  /* somebody lost an office or a session */
    bool bodies_changed;
    size_t fetches; /* reads of the ledger under way */
    struct hub_counts counts;
};

/* Borrows all. `epoll`: where readers are waited for, by `watched`. */
struct hub *hub_new(const struct settings *settings, struct ledger *ledger, struct feed *feed,
    struct ring *ring, int epoll);
/* Close the ledger first: a page that is under way would come to nobody. */
void hub_free(struct hub *hub);

/* Takes a connection over, with its descriptor; it may be refused there. */
void hub_take(struct hub *hub, const struct stream_ask *ask, int fd, uint64_t now_us);
/* An event was added to the ring. */
void hub_event(struct hub *hub, const struct feed_event *event);
/* Hands round what is new, and looks at clocks. */
void hub_turn(struct hub *hub, uint64_t now_us);
/* Milliseconds until it has something to do. */
int hub_wait_ms(const struct hub *hub, uint64_t now_us);
/* Ends all streams, with the reason. */
void hub_end_all(struct hub *hub, uint64_t now_us);
const struct hub_counts *hub_counts(const struct hub *hub);
/* How many read the past, and how many take nothing now. */
void hub_waiting(const struct hub *hub, uint64_t *ret_behind, uint64_t *ret_blocked);

/* ---- for the other files of this room ---- */
/* Says it to the reader. False when the reader has gone. */
bool hub_say(struct hub *hub, struct reader *reader, struct text text, uint64_t now_us);
/* Gives the reader everything that is at hand; it may be gone afterwards. */
void hub_deliver(struct hub *hub, struct reader *reader, uint64_t now_us);
/* Of every reader: what its socket says. */
void hub_on_ready(struct watched *watched, uint32_t events);
/* operation: as in epoll_ctl(2). */
void hub_watch(struct hub *hub, struct reader *reader, int operation);
/* Tells the reader why, and closes when that is sent. */
void hub_end(struct hub *hub, struct reader *reader, const char *reason, const char *detail,
    uint64_t now_us);
void hub_close(struct hub *hub, struct reader *reader);

#endif
