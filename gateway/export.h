/* All pages of a list as one stream of lines. A page is asked for when the one before has left, so
 * a slow reader holds one page of memory and no more. */
#ifndef MISAQ_GATEWAY_EXPORT_H
#define MISAQ_GATEWAY_EXPORT_H

#include "pages.h"

/* Keeps the record for the pages that follow. */
void export_begin(struct exchange *exchange, const void *record);
/* Writes the page; the first one begins the answer. */
void export_deliver(struct exchange *exchange, const struct page *page);

#endif
