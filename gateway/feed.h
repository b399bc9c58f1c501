/* What is heard of the ledger: every event from the first one on, to know who is who, and to hand
 * on what is new: to those who keep answers, and to those who stream. */
#ifndef MISAQ_GATEWAY_FEED_H
#define MISAQ_GATEWAY_FEED_H

#include "bus/envelope.h"
#include "facts.h"
#include "ledger/ledger.h"

struct feed;

/* Who wants to hear. `began`, once: where the ledger ended when following began. `event`, in order:
 * every event from the first one on, after it was folded; all borrowed during the call. */
struct feed_event {
    uint64_t position;
    bool is_new;          /* it was not in the ledger yet when following began */
    enum message message; /* MESSAGE_UNSET: of a kind that is not known here */
    const struct event *event;
    struct text packed; /* the entry */
};
struct feed_listener {
    void (*began)(void *owner, uint64_t position); /* or NULL */
    void (*event)(void *owner, const struct feed_event *event);
    void *owner;
};

/* Subscribes to every service of the settings. Borrows the ledger. */
enum err feed_open(struct bus *bus, const struct settings *settings, struct ledger *ledger,
    const struct feed_listener *listener, struct feed **ret_feed, struct faults *why) MUST_CHECK;
void feed_free(struct feed *feed);

/* Takes what has come and reads what is missing; the ledger's own turn belongs before it. */
void feed_turn(struct feed *feed, uint64_t now_us);
int feed_wait_ms(const struct feed *feed, uint64_t now_us);
size_t feed_wait_items(const struct feed *feed, struct bus_wait items[SERVICE_COUNT]);

/* Whether everything that was published until a moment ago has been heard. */
bool feed_trusted(const struct feed *feed, uint64_t now_us);
/* Why not, or NULL. */
const char *feed_complaint(const struct feed *feed, uint64_t now_us);
/* What has been folded so far; NULL while the ledger that was there at the start is still being
 * read, or when it cannot be folded: then nobody knows who is who. */
const struct facts *feed_facts(const struct feed *feed);
/* The same whatever is missing: for listeners, about the event they are told of. */
const struct facts *feed_folded(const struct feed *feed);
/* Why nobody may write, as a service tells it every second; NULL when they may. */
const char *feed_hold(const struct feed *feed, uint64_t now_us);
uint64_t feed_position(const struct feed *feed); /* the last event that was heard */
uint64_t feed_head(const struct feed *feed);     /* the last one known of */
uint64_t feed_holes(const struct feed *feed);

#endif
