/* What a decider has decided, kept so that the runtime can append it. */
#ifndef MISAQ_SERVICE_DECISION_H
#define MISAQ_SERVICE_DECISION_H

#include "service/service.h"

#define DECISION_EVENT_MAX 65536 /* bytes of one event's packed record */

struct decision *decision_new(void);
void decision_free(struct decision *decision);
/* Empties it for the next command. */
void decision_clear(struct decision *decision);

/* The thing that the receipt names; empty when decision_id() was not called. */
struct text decision_thing(const struct decision *decision);

/* Borrowed until the decision changes. */
struct decided {
    enum message event;
    struct text subject, about, data;
};
size_t decision_count(const struct decision *decision);
struct decided decision_event(const struct decision *decision, size_t index);

/* Subjects relied on without a change. */
size_t decision_relied_count(const struct decision *decision);
struct text decision_relied(const struct decision *decision, size_t index);

/* NULL, or why it cannot be appended as it is (larger than the ledger takes). */
const char *decision_complaint(const struct decision *decision);

#endif
