/* Requests in the protocol of Redis: a count of words, then each word with its length. */
#ifndef MISAQ_LEDGER_RESP_H
#define MISAQ_LEDGER_RESP_H

#include "base/buf.h"

/* "FCALL name", 3 ...: a request of `words` words starts with the blank-separated ones given. */
void resp_begin(struct buf *out, size_t words, const char *first_words);
void resp_text(struct buf *out, struct text word);
void resp_whole(struct buf *out, uint64_t value);

#endif
