/* One question to one service, and waiting for its answer: for command lines and probes, which have
 * no loop. */
#ifndef MISAQ_BUS_ASK_H
#define MISAQ_BUS_ASK_H

#include "bus/envelope.h"

struct ask {
    const char *address; /* of the service's commands, as in the settings: the first of the list */
    enum message message;
    const void *record;        /* what the message carries */
    const struct actor *actor; /* NULL: the public */
    struct text key;           /* idempotency key of a command */
    uint64_t within_ms;
};

/* What came, and what it was read from. */
struct asked {
    struct bus *bus;
    struct bus_message *message;
};

/* Reads the first record of the answer into `ret` (a struct of what the message answers); its texts
 * are borrowed until asked_free(), which the caller owes in every case. ERR_DEADLINE: no answer;
 * else the refusal of the service, with its faults. */
enum err ask_once(const struct ask *ask, void *ret, struct asked *ret_asked, struct faults *why)
    MUST_CHECK;
#define ASKED_CLEANUP __attribute__((cleanup(asked_free)))
void asked_free(struct asked *asked);

#endif
