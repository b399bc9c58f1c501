/* What falls due by itself: reminders before and after a day, and digests; see service_due. */
#ifndef MISAQ_NOTIFICATIONS_DUE_H
#define MISAQ_NOTIFICATIONS_DUE_H

#include "service/service.h"

int64_t due_next(void *state, const struct calendar *calendar, int32_t zone);
enum err due_decide(void *state, const struct request *request, struct decision *ret_decision,
    struct buf *ret_key, struct faults *why) MUST_CHECK;

#endif
