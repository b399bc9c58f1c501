/* Who is to get what: the webhooks of departments and the mailboxes of offices, as the ledger says,
 * and the positions that each has not been given yet. */
#ifndef MISAQ_COURIER_BOOK_H
#define MISAQ_COURIER_BOOK_H

#include "feed.h"
#include "filter.h"
#include "ledger/outbox.h"

#include <uthash.h>

#define BOOK_ADDRESS_SIZE 255

enum target_kind { TARGET_HOOK = 1, TARGET_MAIL };

/* Deliver these again; 0 and 0: all that is parked. */
struct wish {
    uint64_t position, from, upto;
};

struct target {
    UT_hash_handle hh;
    enum target_kind kind;
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
    struct target *targets;
    bool mail; /* there is a mail server */
};

void book_free(struct book *book);
/* An event, from the first one on, with what was folded up to it. */
void book_event(struct book *book, const struct facts *facts, const struct feed_event *event);
/* Whether a target may have an event now. */
bool book_may(const struct facts *facts, const struct target *target, enum message message,
    const struct event *event);

#endif
