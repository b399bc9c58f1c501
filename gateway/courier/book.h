/* Who is to get what: the webhooks of departments and the mailboxes of offices, as the ledger says,
 * and the positions that each has not been given yet. */
#ifndef MISAQ_COURIER_BOOK_H
#define MISAQ_COURIER_BOOK_H

#include "feed.h"
#include "filter.h"
#include "ledger/outbox.h"

#include <uthash.h>

#define BOOK_ADDRESS_SIZE 255

enum receiver_kind { RECEIVER_HOOK = 1, RECEIVER_MAIL };

/* Deliver these again; 0 and 0: all that is parked. */
struct wish {
    uint64_t position, from, upto;
};

struct receiver {
    UT_hash_handle hh;
    enum receiver_kind kind;
    char name[OUTBOX_TARGET_MAX + 1]; /* in the outbox */
    char id[ID_MAX + 1];              /* of the access, or of the office */
    struct filter filter;             /* of a webhook */
    char address[BOOK_ADDRESS_SIZE];  /* of a mailbox; "": none */
    enum language language;
    uint64_t *fresh; /* to be put into the outbox, oldest first */
    size_t fresh_count, fresh_room;
    struct wish *wishes;
    size_t wish_count, wish_room;
    int64_t look_ms; /* when to look into the outbox */
    size_t under_way;
    struct outbox_counts counts; /* as last read */
};

struct book {
    struct receiver *receivers;
    bool mail; /* there is a mail server */
};

void book_free(struct book *book);
/* An event, from the first one on, with what was folded up to it. */
void book_event(struct book *book, const struct facts *facts, const struct feed_event *event);
/* Whether a receiver may have an event now. */
bool book_may(const struct facts *facts, const struct receiver *receiver, enum message message,
    const struct event *event);

#endif
