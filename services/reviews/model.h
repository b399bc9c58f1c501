/* What this service remembers: where each agreement stands, of each target what rulings and reports
 * are about, every ruling and feedback thread, and what the quarters leave behind (quarter.h).
 * Rulings are kept for ever, also of targets that were removed: each is a precedent. Only apply.c
 * and what it calls change what stands here. */
#ifndef MISAQ_REVIEWS_MODEL_H
#define MISAQ_REVIEWS_MODEL_H

#include "likeness.h"

#include "base/catalogue.h"
#include "facts/bodies.h"
#include "facts/calendar.h"
#include "schema/pack.h"
#include "schema/schema.h"

#include <uthash.h>

#define TARGET_ID_SIZE (ID_MAX + 1)
#define THREAD_WORDS   40     /* as in the record thread_view */
#define PERIODS_MOST   24     /* as in the record cycle */
#define THREAD_BYTES   163840 /* of all words together: a thread must fit into one frame */

struct body_entry {
    char id[ID_MAX + 1];
    size_t index; /* in the order in which they were registered */
    char (*successors)[ID_MAX + 1];
    size_t successor_count;
    char (*offices)[ID_MAX + 1]; /* all that were ever created for it */
    size_t office_count;
    char peers[ID_MAX + 1];   /* empty: compared with nobody */
    struct account *accounts; /* what others lost by waiting on it, cycle by cycle */
    UT_hash_handle hh;
};

struct cycle_entry {
    char id[ID_MAX + 1];
    int64_t outcome_least, process_most; /* thousandths of a percent */
    int32_t appeal_days;
    uint32_t released; /* bits 1 << period */
    UT_hash_handle hh;
};

/* How a target is measured: what a report is held against. */
struct measure {
    int64_t baseline;
    int64_t *milestones; /* owned; one a period */
    uint8_t periods;
    uint8_t direction;
    bool in_season;      /* a declared season moves its results */
    bool is_share;       /* its values lie between 0 and 100 */
    bool never_negative; /* its values count or last */
};

struct target_entry {
    uint32_t number; /* the n of "PWR-2021.n" */
    int32_t weight;  /* thousandths */
    char *statement; /* owned, not terminated */
    size_t statement_len;
    size_t ruling;   /* number of the ruling that stands on it, from 1; 0: none */
    uint8_t class;   /* as the drafter sees it */
    uint8_t checked; /* where both opinions of the checker agree: what they say */
    struct measure measure;
    uint32_t *needs; /* owned; what it waits for, open and ended: places in model.needs */
    uint32_t need_count;
};

struct agreement_entry {
    char id[ID_MAX + 1];
    size_t index; /* in the order in which they were opened */
    const struct body_entry *body;
    const struct cycle_entry *cycle;
    enum agreement_state state;
    bool was_in_force;
    int64_t in_force_at; /* when it first was */
    uint64_t version;
    uint64_t submitted; /* position of its last submission, and when that was */
    int64_t submitted_at;
    struct target_entry *targets; /* by number */
    size_t target_count, target_room;
    struct target_entry *amended; /* what the amendment under way changes */
    size_t amended_count;
    uint32_t threads;                           /* opened so far */
    struct report_entry *reports[PERIODS_MOST]; /* by period, from 0 */
    UT_hash_handle hh;
};

/* `facts` and its texts are borrowed from `packed`, the bytes of its event. */
struct ruling_entry {
    const struct agreement_entry *agreement;
    uint32_t target;
    uint64_t position;
    int64_t at;
    bool was_signed;                    /* the text that it is about is or was in force */
    bool replaced;                      /* by a later ruling on the same text */
    struct text person, office, packed; /* owned */
    struct ruling facts;
};

struct thread_said {
    struct text person, office, text; /* owned */
    int64_t at;
};

struct thread_entry {
    char id[ID_MAX + 1];
    const struct agreement_entry *agreement;
    uint64_t position;
    struct thread_said opened;   /* by whom, when, with which words */
    char target[TARGET_ID_SIZE]; /* empty: about the whole */
    enum thread_outcome outcome;
    struct thread_said *words;
    size_t word_count, bytes;
    UT_hash_handle hh;
};

/* A post of somebody who judges, verifies or has to act. */
struct post_entry {
    struct text id; /* owned */
    struct office office;
};

struct model {
    struct bodies *bodies; /* who acts for whom */
    struct calendar *calendar;
    struct catalogue posts; /* every office that was ever created */
    struct body_entry *body_table;
    struct cycle_entry *cycle_table;
    struct agreement_entry *agreement_table;
    struct thread_entry *thread_table;
    struct ruling_entry *rulings; /* in the order of the ledger: ruling n is rulings[n - 1] */
    size_t ruling_count, ruling_room;
    struct likeness *likeness;     /* of their statements, in the same order */
    struct report_entry **reports; /* in the order of the ledger */
    size_t report_count, report_room;
    struct report_entry *report_table;
    struct evidence_entry *evidence_table;
    struct need_entry **needs; /* in the order of the ledger */
    size_t need_count, need_room;
    struct need_entry *need_table;
    struct action_entry **actions; /* in the order of the ledger: action-1 is the first */
    size_t action_count, action_room;
    struct draw_entry *draw_table;
    int32_t *orders; /* days of orders from outside the plan, in the order of the ledger */
    size_t order_count, order_room;
    bool due_is_old; /* what falls due next has to be looked for again */
    uint64_t due_calendar;
    int64_t due_next;
};

void *model_new(void);
void model_free(void *model);

/* NULL when there is none. */
struct body_entry *model_body(const struct model *model, struct text id);
struct cycle_entry *model_cycle(const struct model *model, struct text id);
struct agreement_entry *model_agreement(const struct model *model, struct text id);
struct thread_entry *model_thread(const struct model *model, struct text id);
struct post_entry *model_post(const struct model *model, struct text office);
/* NULL when there is no such number. */
struct target_entry *model_target(const struct agreement_entry *agreement, uint32_t number);
/* Splits "PWR-2021.14"; false when it has not that form. */
bool model_split_target(struct text id, struct text *ret_agreement, uint32_t *ret_number);
/* The target of an id; NULL when it is not there. */
struct target_entry *model_target_of(
    const struct model *model, struct text id, struct agreement_entry **ret_agreement);
/* "PWR-2021.14", in `out`. */
struct text model_target_id(
    const struct agreement_entry *agreement, uint32_t number, char out[TARGET_ID_SIZE]);
/* The ruling that stands on a target; NULL when none does. */
const struct ruling_entry *model_standing(
    const struct model *model, const struct target_entry *target);
/* Whether it is the one that stands. */
bool model_stands(const struct model *model, const struct ruling_entry *ruling);
/* What a target counts as: by its ruling, else by the checker where both opinions agree, else by
 * the drafter. */
enum target_class model_class(const struct model *model, const struct target_entry *target);

#endif
