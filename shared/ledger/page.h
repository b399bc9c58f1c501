/* From a reply to the entries of a page, with every rule of the ledger checked: nobody folds past
 * a hole. */
#ifndef MISAQ_LEDGER_PAGE_H
#define MISAQ_LEDGER_PAGE_H

#include "ledger/ledger.h"
#include "ledger/reply.h"

#define PAGE_WHY_SIZE 160

/* Reused from page to page; the entries borrow from the reply. {0} to start with. */
struct page {
    struct ledger_entry *entries; /* never NULL after page_read() */
    size_t count;
    size_t room;
};

void page_free(struct page *page);
/* The reply to XRANGE from `first` (1 or more). False when an entry is not what belongs at its
 * position; `why` then names the position. */
bool page_read(struct page *page, const struct reply *reply, uint64_t first,
    char why[PAGE_WHY_SIZE]) MUST_CHECK;

#endif
