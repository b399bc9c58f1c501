/* One inbox: what is new in it, and how its lines read. A line is put together when it is asked
 * for: half a million events make far more lines than anybody reads. */
#ifndef MISAQ_NOTIFICATIONS_INBOX_H
#define MISAQ_NOTIFICATIONS_INBOX_H

#include "base/buf.h"
#include "model.h"
#include "service/service.h"

/* "inbox.secretary.PWR", in `out`: the subject of its events. */
struct text inbox_subject(const struct inbox *inbox, char out[ID_MAX + 1]);
/* The number of the first item that was neither read nor put into a digest; 0: none. */
uint32_t inbox_undigested(const struct inbox *inbox);
/* The inbox of the office that asks; faults when it has none. */
enum err inbox_of(const struct model *model, const struct request *request,
    struct inbox **ret_inbox, struct faults *why) MUST_CHECK;
/* Appends a line to `out`, and where it is read in full: nothing where that is nowhere. */
void inbox_words(const struct model *model, const struct item *item, struct buf *out);
void inbox_path(const struct model *model, const struct item *item, struct buf *out);

#endif
