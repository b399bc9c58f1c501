/* Offices that changed hands and whose new holder has not acknowledged it yet: the page of a body
 * says so, with the days. */
#ifndef MISAQ_TARGETS_HANDOVERS_H
#define MISAQ_TARGETS_HANDOVERS_H

#include "base/buf.h"
#include "facts/happened.h"

struct handover_open {
    char id[ID_MAX + 1], office[ID_MAX + 1];
    int64_t since_ms; /* when the new holder began, or the vacancy did */
};

struct handovers {
    struct handover_open *at; /* in the order in which they were opened */
    size_t count, room;
};

void handovers_free(struct handovers *handovers);
/* Folds handover.opened, begun and acknowledged. */
void handovers_apply(struct handovers *handovers, const struct happened *happened);
/* Fills in those of a body, the oldest first. Texts are borrowed from the hand-overs. */
void handovers_show(const struct handovers *handovers, struct text body, int64_t now_ms,
    struct body_view *ret_view);
void handovers_digest(const struct handovers *handovers, struct buf *out);

#endif
