/* What this service remembers: of each agreement whether it is in force and what its targets weigh,
 * the types with their norms, and every dependency with its ball. Only apply.c changes what stands
 * here. */
#ifndef MISAQ_DEPENDENCIES_MODEL_H
#define MISAQ_DEPENDENCIES_MODEL_H

#include "graph.h"

#include "base/catalogue.h"
#include "facts/ball.h"
#include "facts/bodies.h"
#include "schema/schema.h"

#include <uthash.h>

#define DEPENDENCY_EXTERNAL_BODY TEXT_LITERAL("EXTERNAL")
#define RUNGS_KEPT               32 /* as in the record dependency */

struct target_entry {
    uint32_t number; /* the n of "PWR-2021.n" */
    int32_t weight;  /* thousandths */
    int32_t amended; /* as the amendment under way would have it; 0: it does not say */
    uint32_t node;   /* of the graph; 0: none yet, else its number and 1 */
    uint32_t *waits; /* dependencies that it waits for, open and ended, oldest first; owned */
    uint32_t wait_count;
};

struct agreement_entry {
    struct text id;   /* owned */
    struct text body; /* owned */
    enum agreement_state state;
    struct target_entry *targets; /* by number */
    size_t target_count, target_room;
    uint32_t raised; /* dependencies so far */
};

struct norm_entry {
    struct text id;     /* the type; borrowed from `packed`, as is all of `facts` */
    struct text packed; /* owned */
    struct norm facts;
    uint64_t version;
};

struct rung_entry {
    enum rung rung;
    uint32_t round;
    int32_t due;
    uint64_t position;
};

struct dependency_entry {
    uint32_t index;     /* in the order of the ledger */
    struct text packed; /* owned; `facts` is borrowed from it */
    struct dependency_raised facts;
    struct ball ball;
    struct rung_entry *rungs; /* owned */
    size_t rung_count;
    uint64_t version, raised, position; /* raised: position of its first event */
    int32_t due;                        /* day of its next rung; 0: none */
    enum rung due_rung;
    size_t heap_place; /* in due_heap; meaningless while due is 0 */
    UT_hash_handle hh;
};

/* A target on which another one's request waits: which node of the graph it is. */
struct node_entry {
    const struct agreement_entry *agreement;
    uint32_t number;
};

struct model {
    struct calendar *calendar;
    struct bodies *bodies;
    struct catalogue agreements, norms;
    struct dependency_entry **at; /* in the order of the ledger */
    size_t count, room;
    struct dependency_entry *by_id;
    struct graph *graph;
    struct node_entry *nodes;
    size_t node_count;
    struct dependency_entry **due_heap; /* the earliest first */
    size_t due_count, due_room;
    uint64_t due_version; /* of the calendar by which days were computed */
};

void *model_new(void);
void model_free(void *model);

struct agreement_entry *model_agreement(const struct model *model, struct text id);
struct norm_entry *model_norm(const struct model *model, struct text type);
struct dependency_entry *model_dependency(const struct model *model, struct text id);
/* NULL when there is no such number. */
struct target_entry *model_target(const struct agreement_entry *agreement, uint32_t number);
/* The target of an id like "PWR-2021.14"; NULL when it is not there. */
struct target_entry *model_target_of(
    const struct model *model, struct text id, struct agreement_entry **ret_agreement);
/* "PWR-2021.14" of a node, in `out`. */
struct text model_node_id(const struct model *model, uint32_t node, char out[ID_MAX + 1]);
/* Whether it has not ended. */
bool model_is_open(const struct dependency_entry *dependency);

#endif
