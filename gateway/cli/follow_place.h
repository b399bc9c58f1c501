/* How far a subscriber has come, and what it has missed: the rules of the stream for departments,
 * as anybody who writes a subscriber has to keep them. Pure but for the file of the cursor.
 *   - everything at or before the cursor has been had; `had` are positions behind it
 *   - a message whose `previous` lies behind the cursor and was not had: something is lost
 *   - heads that do not go on where the heads before ended, or name a position that was not had:
 *     something is lost
 *   - heads that fit move the cursor: nothing before them is missing */
#ifndef MISAQ_CLI_FOLLOW_PLACE_H
#define MISAQ_CLI_FOLLOW_PLACE_H

#include "schema/messages.h"

struct follow_place {
    uint64_t cursor;
    uint64_t heads; /* where the last heads ended; 0: none were heard yet */
    uint64_t *had;  /* in the order in which they came */
    size_t count, room;
};

void follow_place_free(struct follow_place *place);
/* Whether an event has been had already. */
bool follow_place_has(const struct follow_place *place, uint64_t position);
void follow_place_take(struct follow_place *place, uint64_t position);
/* Whether something before this event is lost. */
bool follow_place_lacks(const struct follow_place *place, uint64_t previous);
/* Everything up to here has been had. */
void follow_place_reach(struct follow_place *place, uint64_t position);
/* Whether heads say that something is lost. `topics`: beginnings that are subscribed to. */
bool follow_place_missed(const struct follow_place *place, const struct stream_control *heads,
    const char *const *topics, size_t count);

/* The cursor of a file; 0 where there is none. False when it cannot be read as one. */
bool follow_place_load(const char *path, uint64_t *ret_cursor);
/* On disk when it returns true. */
bool follow_place_save(const char *path, uint64_t cursor);

#endif
