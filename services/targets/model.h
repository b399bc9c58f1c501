/* What this service remembers: cycles, bodies, and agreements with their targets. A target keeps
 * the packed bytes of its last event and the few numbers that lists and sums ask for; an answer is
 * put together from the bytes, never encoded again. Only apply.c changes what stands here. */
#ifndef MISAQ_TARGETS_MODEL_H
#define MISAQ_TARGETS_MODEL_H

#include "checker.h"
#include "handovers.h"
#include "ideas.h"
#include "kept.h"
#include "sums.h"

#include "base/catalogue.h"
#include "facts/bodies.h"
#include "schema/schema.h"

#define TARGETS_MAX      2000 /* in one agreement */
#define BODY_ID_MAX      12
#define MODEL_GOVERNMENT TEXT_LITERAL("government") /* the subject of its founding */
#define BODY_EXTERNAL    TEXT_LITERAL("EXTERNAL")   /* stands for courts, lenders, provinces */

/* `facts` and its texts are borrowed from `packed`, the bytes of the last event. */
struct body_entry {
    struct text id;
    uint64_t version;
    struct text packed; /* owned */
    struct body facts;
};

struct cycle_entry {
    struct text id;
    uint64_t version;
    struct text packed; /* owned */
    struct cycle facts;
};

/* Kept small and side by side, so that a filter over all of them stays within the cache. */
struct target_entry {
    uint32_t number;   /* the n of "PWR-2021.n"; never used again */
    uint32_t order;    /* its place in the agreement, from 1 */
    uint64_t version;  /* of the agreement, after the last event about this target */
    uint64_t position; /* of that event */
    int64_t changed_at;
    struct kept *kept;  /* owned */
    int32_t weight;     /* thousandths; 0 when not given */
    uint32_t enables;   /* by the ruling: number of the outcome that it serves; 0: none */
    uint16_t amendment; /* number of the last one in force that changed it; 0: none */
    uint8_t verdict;    /* of the ruling that stands; 0: none */
    uint8_t class;      /* as it counts: by the ruling, else the checker, else the drafter */
    uint8_t direction, phasing_flag, ambition, quality;
};

/* A target as an amendment would have it: a packed target_promised record. */
struct amendment_text {
    uint32_t number;
    struct text packed; /* owned */
};

struct amendment_entry {
    struct text packed; /* owned: the amendment_proposed record */
    uint64_t position;
    int64_t at_ms, in_force_ms;
    int32_t weight;
    bool in_force, dropped;       /* neither: it waits for signatures */
    struct amendment_text *texts; /* owned; only while it waits */
    size_t text_count;
};

struct agreement_entry {
    struct text id;
    struct text packed; /* owned */
    struct agreement_open facts;
    const struct cycle_entry *cycle;
    enum agreement_state state;
    bool was_in_force; /* or is: everybody may read it, for ever */
    uint64_t version, position;
    int64_t changed_at;
    uint64_t shown_version; /* when something last changed that all its targets show */
    uint32_t next_number;
    struct target_entry *targets; /* by number */
    size_t target_count, target_room;
    struct amendment_entry *amendments; /* number n stands at n - 1 */
    size_t amendment_count;
    struct sums sums;
};

struct model {
    struct catalogue bodies, cycles, agreements;
    bool founded;
    struct bodies *succession; /* which bodies act for which */
    struct handovers handovers;
    struct ideas ideas;
    struct checker *checker; /* has learnt from every ruling; NULL while there is no body, and so
                                in what is folded for a question about the past: it is not cheap */
    uint64_t rulings;        /* how many */
};

void *model_new(void);
void model_free(void *model);
/* All that was folded, a line each, in the order of ids. */
void model_digest(const void *model, struct buf *out);

const struct body_entry *model_body(const struct model *model, struct text id);
const struct cycle_entry *model_cycle(const struct model *model, struct text id);
struct agreement_entry *model_agreement(const struct model *model, struct text id);
/* Splits "PWR-2021.14"; false when it has not that form. */
bool model_split_target(struct text id, struct text *ret_agreement, uint32_t *ret_number);
/* NULL when there is no such number. */
struct target_entry *model_target(const struct agreement_entry *agreement, uint32_t number);
/* The version that a target's ETag carries: it moves with everything that the target shows, also
 * with the state of its agreement. */
uint64_t model_target_version(
    const struct agreement_entry *agreement, const struct target_entry *target);

/* The one that waits for signatures; NULL: none. */
struct amendment_entry *model_pending(const struct agreement_entry *agreement);

#define TARGET_ID_SIZE (ID_MAX + 1)
/* "PWR-2021.14", in `out`. */
struct text model_target_id(
    const struct agreement_entry *agreement, uint32_t number, char out[TARGET_ID_SIZE]);
/* "PWR-2021.a1", likewise. */
struct text model_amendment_id(
    const struct agreement_entry *agreement, size_t number, char out[TARGET_ID_SIZE]);

#endif
