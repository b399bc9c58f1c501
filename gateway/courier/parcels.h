/* Tries under way: the event is read from the ledger, what is to be sent is made of it, sent, and
 * the outcome written down. */
#ifndef MISAQ_COURIER_PARCELS_H
#define MISAQ_COURIER_PARCELS_H

#include "asks.h"
#include "book.h"
#include "letters.h"
#include "posts.h"
#include "proof/token.h"

struct parcel;

struct parcels {
    const struct settings *settings;
    struct ledger *ledger;
    struct feed *feed;
    struct asks *asks;
    struct posts *posts;
    struct letters *letters;
    struct outbox *outbox;
    unsigned char secret[TOKEN_SECRET_SIZE];
    uint64_t now_us;
    struct parcel *all;
    size_t count[RECEIVER_MAIL + 1]; /* by kind of receiver */
};

/* Begins a try that was taken from the outbox. */
void parcels_begin(struct parcels *parcels, struct receiver *receiver, struct outbox_try begun);
/* Forgets all: what was begun is tried again later. After the ledger was closed. */
void parcels_free(struct parcels *parcels);

#endif
