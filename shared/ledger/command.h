/* A request with the callback that waits for its answer. It keeps its bytes until it is answered,
 * because a lost connection means sending it again. */
#ifndef MISAQ_LEDGER_COMMAND_H
#define MISAQ_LEDGER_COMMAND_H

#include "ledger/ledger.h"
#include "ledger/reply.h"

enum command_kind {
    COMMAND_APPEND = 1,
    COMMAND_RECALL,
    COMMAND_READ,
    /* the room's own; they end with their connection */
    COMMAND_MASTER,
    COMMAND_SIGN_IN,
    COMMAND_LIST,
    COMMAND_LOAD,
    COMMAND_CONFIG,
    COMMAND_INFO,
    COMMAND_HEAD,
    COMMAND_WAIT, /* ends a round: what was answered before it counts */
};

struct command {
    struct command *next;
    enum command_kind kind;
    ledger_on_result *result; /* of an append or a recall */
    ledger_on_page *page;     /* of a read */
    void *owner;
    uint64_t first;      /* of a read: the position that its page must start with */
    uint64_t events;     /* of an append */
    const char *refused; /* why it is not sent at all; static */
    struct reply held;   /* its reply, until the replicas have what it tells of */
    size_t len;
    char bytes[];
};

/* First in, first out; {0} is empty. */
struct queue {
    struct command *head, *last;
};

/* Copies `bytes`. Never NULL: without memory for a request the program stops. */
struct command *command_new(enum command_kind kind, struct text bytes);
static inline bool command_is_ours(const struct command *command)
{
    return command->kind >= COMMAND_MASTER;
}

/* takes command */
void queue_push(struct queue *queue, struct command *command);
/* The caller owns it; NULL when empty. */
struct command *queue_pop(struct queue *queue);
/* With the reply that it holds. takes command */
void command_free(struct command *command);
/* Puts all of `first` before all of `queue`; `first` is empty afterwards. */
void queue_prepend(struct queue *queue, struct queue *first);
void queue_free(struct queue *queue);

#endif
