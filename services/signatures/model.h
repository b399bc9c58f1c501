/* What this service remembers: the register of keys, what every agreement says now, the documents
 * that were frozen of it, byte for byte, and the signatures on them. Only apply.c and the files
 * that it calls change what stands here. */
#ifndef MISAQ_SIGNATURES_MODEL_H
#define MISAQ_SIGNATURES_MODEL_H

#include "draws.h"
#include "sealed.h"

#include "facts/bodies.h"
#include "facts/keys.h"
#include "facts/life.h"
#include "proof/merkle.h"

#include <uthash.h>

/* The last record about a body or a cycle. */
struct notion {
    char id[ID_MAX + 1];
    struct text packed; /* owned */
    UT_hash_handle hh;
};

struct seat {
    char id[ID_MAX + 1]; /* of an office */
    uint64_t version;
    int64_t taken_ms; /* when the present holder, or the last one, took it */
    UT_hash_handle hh;
};

/* In the order of the agreement. */
struct target_entry {
    uint32_t number;              /* the n of "PWR-2021.n" */
    uint32_t enables;             /* of an enabler: the number of the outcome; 0: none */
    uint8_t verdict, ruled_class; /* the last ruling on it; 0: none */
    struct text packed;           /* owned: its target_promised record */
};

struct signature_entry {
    enum message event;
    struct agreement_entry *agreement;
    struct document_entry *document;
    struct text packed; /* owned */
    struct signature facts;
    uint64_t position;
    int64_t at_ms;
    bool withdrawn;
};

struct document_entry {
    struct agreement_entry *agreement;
    struct text packed; /* owned */
    struct document_frozen facts;
    uint64_t position;
    int64_t at_ms;
    char *bytes; /* facts.bytes of them when all parts have come */
    size_t len;
    int64_t parts; /* that have come */
    bool amends, voided, in_force;
    const struct document_entry *superseded_by;
    /* The last of each side that stands: what the next signer signs over. */
    struct signature_entry *minister, *pm;
};

struct amendment_entry {
    struct text packed; /* owned; at == NULL: none is under way */
    struct amendment_proposed facts;
    struct text *changes; /* owned: their amendment_changed records */
    size_t count, room;
};

struct agreement_entry {
    char id[ID_MAX + 1];
    struct text packed; /* owned */
    struct agreement_open facts;
    enum agreement_state state;
    bool public; /* it is or was in force */
    uint64_t version, position;
    struct target_entry *targets;
    size_t target_count, target_room;
    uint32_t threads, threads_accepted, threads_answered;
    struct amendment_entry amendment;
    uint32_t document_count, signature_count;
    struct document_entry *current; /* frozen, to be signed; NULL: none */
    struct document_entry *in_force;
    UT_hash_handle hh;
};

struct model {
    struct keys *keys;
    struct bodies *bodies;
    struct merkle *tree; /* over every entry of the ledger */
    struct notion *body_notions, *cycle_notions;
    struct seat *seats;
    struct agreement_entry *agreements;
    struct document_entry **documents; /* in the order of the ledger, as are the signatures */
    size_t document_count, document_room;
    struct signature_entry **signatures;
    size_t signature_count, signature_room;
    struct draws draws;
    uint64_t position; /* of the last event that was folded */
    struct sealed sealed;
};

void *model_new(void);
void model_free(void *model);

struct agreement_entry *model_agreement(const struct model *model, struct text id);
struct document_entry *model_document(const struct model *model, struct text id);
const struct seat *model_seat(const struct model *model, struct text office);
/* What is known of a body or cycle, its texts borrowed from the model; false: it is not there. */
bool model_body(const struct model *model, struct text id, struct body *ret_body);
bool model_cycle(const struct model *model, struct text id, struct cycle *ret_cycle);
/* The n of "PWR-2021.n"; 0 when the id has not that form. */
uint32_t model_number(struct text target);
/* NULL when there is no such number. */
struct target_entry *model_target(const struct agreement_entry *agreement, uint32_t number);

/* "PWR-2021.d1" and the like: agreement, kind and number, in `out`. */
struct text model_name(
    const struct agreement_entry *agreement, char kind, uint64_t number, char out[ID_MAX + 1]);

/* An owned copy of bytes. */
struct text model_copy(struct text bytes);
void model_drop(struct text *owned);
/* Makes room for one more item of `size` bytes behind `count`. */
void *model_room(void *items, size_t count, size_t *room, size_t size);

#endif
