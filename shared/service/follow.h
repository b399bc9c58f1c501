/* Follows the ledger: every event once, in order. What the bus brings is used when it is the next
 * one; a hole, a head beyond the cursor and the start are read from the ledger, which alone has the
 * truth. Services fold with it, the gateway forgets stale answers with it. */
#ifndef MISAQ_SERVICE_FOLLOW_H
#define MISAQ_SERVICE_FOLLOW_H

#include "ledger/ledger.h"

struct follow;

/* One event, in order of position. `packed` is borrowed during the call. Returns NULL, or why it
 * cannot be folded: then following stops there and follow_stuck() says it. */
typedef const char *follow_on_event(void *owner, uint64_t position, struct text packed);

/* Follows from behind `position` (0: from the beginning). Borrows the ledger. */
struct follow *follow_new(
    struct ledger *ledger, uint64_t position, follow_on_event *event, void *owner);
/* Close the ledger first: a page that is under way would come to nobody. */
void follow_free(struct follow *follow);

/* An event that the bus brought or that was just appended; any order, any number of times. */
void follow_offer(struct follow *follow, uint64_t position, struct text packed);
/* The ledger is known to reach at least this far. */
void follow_head(struct follow *follow, uint64_t head);
/* The ledger has grown, nobody knows how far: read to its end, now. */
void follow_refresh(struct follow *follow);
/* Reads what is missing, when it is time: call it once in every turn of the loop. */
void follow_turn(struct follow *follow, uint64_t now_us);
/* Milliseconds until follow_turn() has something to do; -1: nothing. */
int follow_wait_ms(const struct follow *follow, uint64_t now_us);

uint64_t follow_position(const struct follow *follow);   /* the last one folded */
uint64_t follow_known_head(const struct follow *follow); /* the last one known of */
/* True once everything that was in the ledger at the start has been folded. */
bool follow_caught_up(const struct follow *follow);
/* Why following has stopped: for good (an event that cannot be folded), or until a read succeeds,
 * which is tried every second. NULL while all is well. */
const char *follow_stuck(const struct follow *follow);
uint64_t follow_holes(const struct follow *follow); /* gaps that the ledger had to fill */

#endif
