/* What the gateway hears of the ledger: it follows every event from the first one on, to know who
 * is who, and to forget the answers that became stale. While it cannot be sure to hear everything
 * in time, no kept answer is to be used. */
#ifndef MISAQ_GATEWAY_FEED_H
#define MISAQ_GATEWAY_FEED_H

#include "answers.h"
#include "bus/envelope.h"
#include "facts.h"
#include "ledger/ledger.h"

struct feed;

/* Subscribes to every service of the settings. Borrows the ledger and the answers. */
enum err feed_open(struct bus *bus, const struct settings *settings, struct ledger *ledger,
    struct answers *answers, struct feed **ret_feed, struct faults *why) MUST_CHECK;
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
/* Why nobody may write, as a service tells it every second; NULL when they may. */
const char *feed_hold(const struct feed *feed, uint64_t now_us);
uint64_t feed_position(const struct feed *feed); /* the last event that was heard */
uint64_t feed_head(const struct feed *feed);     /* the last one known of */
uint64_t feed_holes(const struct feed *feed);

#endif
