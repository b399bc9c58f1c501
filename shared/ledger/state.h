/* The inside of a ledger, shared by the files of this room only. */
#ifndef MISAQ_LEDGER_STATE_H
#define MISAQ_LEDGER_STATE_H

#include "ledger/ledger.h"
#include "ledger/link.h"
#include "ledger/page.h"
#include "ledger/sentinels.h"

#define LEDGER_QUEUED_MAX ((size_t)64 << 20)
#define LEDGER_NAME_SIZE  64

struct ledger {
    struct link link;
    struct sentinels sentinels;
    bool found; /* a Sentinel has said where the next connection goes */
    char user[SETTING_WORD_SIZE];
    char password[SETTING_WORD_SIZE];
    char stream[LEDGER_NAME_SIZE];   /* misaq:{GOV}:ledger */
    char versions[LEDGER_NAME_SIZE]; /* misaq:{GOV}:versions */
    char keys[LEDGER_NAME_SIZE];     /* misaq:{GOV}:key: */
    uint64_t key_s;
    uint64_t replicas;    /* that must confirm; 0: none is asked */
    struct queue writes;  /* not sent: appends and recalls, held until health is ok */
    struct queue reads;   /* not sent: sent as soon as the connection is set up */
    struct queue refused; /* answered by the next turn */
    struct queue held;    /* replied to, and not yet confirmed by the replicas */
    size_t waits;         /* rounds that are to be confirmed */
    size_t pending;       /* callers' commands without an answer, sent or not */
    size_t pending_bytes;
    struct buf scratch; /* a request while it is written */
    struct page page;
    struct ledger_health health;
    struct ledger_health fresh; /* what the check under way has found so far */
    bool set_up;                /* this connection has passed its first check */
    bool checking;
    bool headed; /* the check under way has found the head */
    uint64_t check_at_us;
    uint64_t now_us; /* of the turn under way */
    bool turning;
};

/* health.c: the room's own commands. Asks a Sentinel where the master is. */
void health_seek(struct ledger *ledger);
/* Ends a round: asks whether the replicas have all that was sent before. */
void health_wait(struct ledger *ledger);
/* Asks all that a new connection must answer first. */
void health_set_up(struct ledger *ledger);
/* Asks once more when a second has passed. */
void health_refresh(struct ledger *ledger);
/* Takes the reply to sent.head; false with link.why when the connection should be dropped. */
bool health_answer(struct ledger *ledger, enum command_kind kind) MUST_CHECK;
/* The connection is gone: says so until a check succeeds. */
void health_lost(struct ledger *ledger);

/* answer.c: the reply to a caller's command, which is no longer in any queue. takes command */
void answer_command(struct ledger *ledger, struct command *command, const struct reply *reply);
/* Tells the caller that it failed. takes command */
void answer_failed(struct ledger *ledger, struct command *command, const char *why);

#endif
