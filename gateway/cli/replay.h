/* The ledger read again from the entries that anybody may have: each entry against its leaf, all
 * leaves into the tree, what is public into the facts, and every signature to the judge. */
#ifndef MISAQ_CLI_REPLAY_H
#define MISAQ_CLI_REPLAY_H

#include "judge.h"

#define REPLAY_REASONS 16

struct replay {
    struct roster *roster;
    struct keys *keys;
    struct bodies *bodies;
    struct merkle *tree;
    struct judge judge;
    struct {
        char why[128];
        uint64_t count;
    } withheld[REPLAY_REASONS];
    uint64_t withheld_all;
    struct buf bytes; /* of the entry that is read */
    void *record;     /* scratch */
    size_t record_size;
};

/* The judge's origin is set by the caller before the first line; borrowed. */
void replay_open(struct replay *replay, int32_t zone_minutes);
void replay_close(struct replay *replay);
/* The next entry, as a line of JSON (record_entry). A fault names the position. */
enum err replay_line(struct replay *replay, struct text line, struct faults *why) MUST_CHECK;

#endif
