/* A blocking connection to Redis for one thread: one request at a time. One that was idle may have
 * died unseen, so a request that fails on a connection that had worked before is sent once more on
 * a new one: only what may be done twice is asked here. For the other files of this room. */
#ifndef MISAQ_LEDGER_DOOR_H
#define MISAQ_LEDGER_DOOR_H

#include "ledger/dial.h"

#define DOOR_WORDS_MAX 240

struct door {
    const struct settings *settings;
    struct sentinels sentinels;
    redisContext *context; /* NULL while down */
    bool used;             /* it has answered before */
};

/* Connects with the first request. */
enum err door_open(const struct settings *settings, struct door *ret_door, struct faults *why)
    MUST_CHECK;
void door_close(struct door *door);

/* A request; the words are borrowed until it is asked. */
struct words {
    size_t count;
    const char *at[DOOR_WORDS_MAX];
    size_t len[DOOR_WORDS_MAX];
};
void words_begin(struct words *words, const char *first);
void words_add(struct words *words, struct text word);

/* Where replicas are asked for, they have what it answered. ERR_UNAVAILABLE: Redis did not answer
 * or refuses; whether a change was made is then unknown. *ret_reply is never an error; the caller
 * frees it. */
enum err door_ask(struct door *door, const struct words *words, redisReply **ret_reply,
    struct faults *why) MUST_CHECK;
/* Where the answer does not matter. */
enum err door_tell(struct door *door, const struct words *words, struct faults *why) MUST_CHECK;

#endif
