/* What is remembered of ideas, and of orders from outside the plan: everything that was said, for
 * ever and in order. Only ideas_apply() changes what stands here. */
#ifndef MISAQ_TARGETS_IDEAS_H
#define MISAQ_TARGETS_IDEAS_H

#include "base/buf.h"
#include "base/catalogue.h"
#include "facts/happened.h"

#define IDEAS_GATES_MAX 24 /* as in the record idea_view */

/* Copies of what happened; texts are owned. */
struct idea_said {
    uint64_t position;
    int64_t at_ms;
    struct text person, office, words; /* words: the remark, or the reason */
    enum idea_state to;                /* of a gate */
};

struct idea_entry {
    struct text id; /* borrowed from `packed`, as is all of `facts` */
    struct text packed;
    struct idea_proposed facts;
    struct idea_said proposed;
    enum idea_state state;
    uint64_t version;
    struct idea_said gates[IDEAS_GATES_MAX];
    size_t gate_count;
    struct idea_said *endorsements;
    size_t endorsement_count;
    char sponsor[ID_MAX + 1], slows[ID_MAX + 1], amendment[ID_MAX + 1]; /* "": none */
    int64_t slows_weight;                                               /* thousandths */
};

struct order_entry {
    struct text packed; /* owned; `facts` is borrowed from it */
    struct order_logged facts;
    struct idea_said logged;
};

struct ideas {
    struct catalogue by_id;
    struct idea_entry **at; /* in the order in which they were proposed */
    size_t count;
    struct order_entry *orders;
    size_t order_count, order_room;
};

void ideas_free(struct ideas *ideas);
/* Folds idea.* and order.logged; NULL, or why it cannot be. */
const char *ideas_apply(struct ideas *ideas, const struct happened *happened);
struct idea_entry *ideas_find(const struct ideas *ideas, struct text id); /* NULL: none */
void ideas_digest(const struct ideas *ideas, struct buf *out);

#endif
