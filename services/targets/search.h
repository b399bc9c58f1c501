/* Text search whatever the case. Texts are looked through as they lie in the ledger's bytes: 15,000
 * targets take about a millisecond, and nothing has to be kept or kept right for it. */
#ifndef MISAQ_TARGETS_SEARCH_H
#define MISAQ_TARGETS_SEARCH_H

#include "base/text.h"

struct search_needle {
    char *folded; /* owned; NULL in a needle that finds everything */
    size_t len;
};
#define SEARCH_CLEANUP __attribute__((cleanup(search_needle_free)))

/* Absent or empty text makes the needle that finds everything. */
struct search_needle search_needle_of(struct text text);
void search_needle_free(struct search_needle *needle);
/* Whether it is in this text. */
bool search_finds(const struct search_needle *needle, struct text text);

#endif
