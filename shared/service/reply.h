/* What an answerer has answered, kept so that the runtime can send it. */
#ifndef MISAQ_SERVICE_REPLY_H
#define MISAQ_SERVICE_REPLY_H

#include "service/service.h"

struct reply *reply_open(void);
void reply_close(struct reply *reply);
/* Empties it for the next query. */
void reply_empty(struct reply *reply);

size_t reply_count(const struct reply *reply);
/* Borrowed until the reply changes. */
struct text reply_frame_at(const struct reply *reply, size_t index);
/* Bytes of all frames so far. */
size_t reply_size(const struct reply *reply);
/* False when it is more than one message carries. */
bool reply_fits(const struct reply *reply);
/* Fills in version, subject, next and total where they were given; borrowed likewise. */
void reply_head(const struct reply *reply, struct answer *answer);

#endif
