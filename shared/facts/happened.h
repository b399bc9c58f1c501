/* One event as those who fold the ledger get it. */
#ifndef MISAQ_FACTS_HAPPENED_H
#define MISAQ_FACTS_HAPPENED_H

#include "schema/messages.h"

/* Texts are borrowed during the call. */
struct happened {
    enum message message;
    uint64_t position;
    uint64_t version; /* of the subject, with this event counted */
    int64_t at_ms;
    struct text subject, about;
    struct actor actor;
    struct text data;   /* the packed record */
    const void *record; /* the same, read: a struct of the event's record */
    struct text entry;  /* the whole entry as it lies in the ledger */
};

#endif
