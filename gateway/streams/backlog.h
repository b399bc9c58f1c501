/* The past, for readers that are further behind than the ring reaches: pages of the ledger, a few
 * at a time for all of them. */
#ifndef MISAQ_STREAMS_BACKLOG_H
#define MISAQ_STREAMS_BACKLOG_H

#include "hub.h"

/* Asks for the next page of a reader, unless too many are under way. */
void backlog_fetch(struct hub *hub, struct reader *reader);
/* The reader is about to go. */
void backlog_forget(const struct reader *reader);

#endif
