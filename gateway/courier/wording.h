/* What stands in e-mail, in English and in Urdu. */
#ifndef MISAQ_COURIER_WORDING_H
#define MISAQ_COURIER_WORDING_H

#include "base/buf.h"
#include "schema/messages.h"

void wording_reminder(
    enum language language, const struct reminder *reminder, struct buf *subject, struct buf *body);
void wording_digest(
    enum language language, const struct digest_made *made, struct buf *subject, struct buf *body);
/* A line of a digest. */
void wording_item(const struct inbox_item *item, const char *link, struct buf *body);
/* What stands at the end. */
void wording_end(enum language language, const char *link, struct buf *body);

#endif
