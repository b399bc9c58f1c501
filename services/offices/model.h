/* What this service remembers: people, offices with their postings and hand-overs, and of every
 * agreement the lines that a hand-over pack shows. Only the apply files change what stands here. */
#ifndef MISAQ_OFFICES_MODEL_H
#define MISAQ_OFFICES_MODEL_H

#include "base/catalogue.h"
#include "facts/bodies.h"
#include "facts/calendar.h"
#include "facts/departments.h"
#include "facts/keys.h"

#include <uthash.h>

#define FIRST_SEAT  "administrator.1"
#define SECOND_SEAT "administrator.2"

/* A one-time code is derived from these; only the last number counts. */
struct person_code {
    uint64_t number; /* 0: none */
    char proposed_by[ID_MAX + 1], confirmed_by[ID_MAX + 1];
    int64_t confirmed_ms; /* 0: not confirmed */
};

/* `facts` are borrowed from `packed`, the bytes of the last event; likewise below. */
struct person_entry {
    struct text id;     /* owned */
    struct text packed; /* owned */
    struct person facts;
    struct text folded; /* owned: id and name as they are searched */
    uint64_t version;
    bool founder;
    struct person_code code;
};

struct posting_entry {
    char id[ID_MAX + 1];
    struct text packed; /* owned */
    struct posting facts;
    enum posting_state state;
    char proposed_by[ID_MAX + 1], confirmed_by[ID_MAX + 1];
    uint64_t began, ended; /* positions; 0: not yet */
    int64_t began_ms, ended_ms;
    struct text reason; /* owned */
};

struct handover_entry {
    char id[ID_MAX + 1], outgoing[ID_MAX + 1], incoming[ID_MAX + 1]; /* incoming "": nobody yet */
    uint64_t position;
    int64_t left_ms, came_ms, acknowledged_ms; /* 0: not yet */
    struct text note;                          /* owned */
};

struct office_entry {
    struct text id;     /* owned */
    struct text packed; /* owned */
    struct office_new facts;
    struct office is; /* its body is borrowed from id */
    uint64_t version;
    int64_t vacant_ms;              /* since when nobody holds it */
    struct posting_entry *postings; /* number 1 first */
    size_t posting_count, posting_room;
    size_t held;                      /* number of the posting that is held; 0: vacant */
    struct handover_entry *handovers; /* number 1 first */
    size_t handover_count, handover_room;
};

enum line_kind {
    LINE_TARGET = 1,
    LINE_RULING,
    LINE_THREAD,
    LINE_DOCUMENT,
    LINE_SIGNATURE,
    LINE_AMENDED, /* the new text of a target, until the amendment is signed; not shown */
    LINE_AMENDMENT,
    LINE_REPORT,
    LINE_RESULT,     /* the values of a target so far */
    LINE_DEPENDENCY, /* what the body waits for */
    LINE_REQUEST,    /* what others wait for from it */
    LINE_COMMITMENT, /* the day that was promised to them */
    LINE_ACTION,
    LINE_IDEA,
    LINE_ORDER
};

/* One thing of an agreement, or of a body, as a pack shows it. */
struct line {
    enum line_kind kind;
    uint32_t number; /* among its kind; of a target and what is about it: the target's */
    char id[ID_MAX + 1];
    struct text what;  /* owned */
    const char *state; /* static; "": none */
    int32_t weight;    /* thousandths; 0: none */
    int32_t due;       /* day; 0: none */
    uint64_t position; /* of its last event */
    uint64_t made;     /* of its first */
};

struct lines {
    struct line *at; /* by kind and number */
    size_t count, room;
};

struct pact_entry {              /* an agreement */
    struct text id, body, cycle; /* owned */
    enum agreement_state state;
    bool was_in_force;
    uint64_t position;
    struct lines lines;
};

/* What a body owes beside its agreements. */
struct duty_entry {
    struct text id; /* owned: the body */
    struct lines lines;
};

/* In whose lines a dependency, action or idea stands, found by its id. */
struct thing_entry {
    char id[ID_MAX + 1];
    char body[2][ID_MAX + 1]; /* that waits or owns, that has to act or verifies; may be empty */
    uint32_t number;          /* of its lines */
    UT_hash_handle hh;
};

struct model {
    struct catalogue people, offices, pacts, duties;
    struct thing_entry *things;
    struct calendar *calendar;
    int64_t last_ms; /* business time of the last event that was folded */
    struct bodies *bodies;
    struct keys *keys;
    struct departments *departments;
    bool founded;
};

void *model_new(void);
void model_free(void *model);
void model_digest(const void *model, struct buf *out);

struct person_entry *model_person(const struct model *model, struct text id);
struct office_entry *model_office(const struct model *model, struct text id);
struct pact_entry *model_pact(const struct model *model, struct text id);
struct duty_entry *model_duty(const struct model *model, struct text body);
struct thing_entry *model_thing(const struct model *model, struct text id);
/* "secretary.PWR.p3" and "secretary.PWR.h2": the office, and the thing in it. NULL when there is
 * none of that id. */
struct posting_entry *model_posting(
    const struct model *model, struct text id, struct office_entry **ret_office);
struct handover_entry *model_handover(
    const struct model *model, struct text id, struct office_entry **ret_office);
/* Cuts such an id apart; false when it has not that form. */
bool model_split(struct text id, char letter, struct text *ret_office, uint64_t *ret_number);
/* The posting that is held; NULL when the office is vacant. */
const struct posting_entry *model_held(const struct office_entry *office);
/* The last hand-over of an office, while nobody has taken over from it or acknowledged it. */
struct handover_entry *model_open_handover(const struct office_entry *office);
/* How many people would be administrators if `office` (absent: none) were held by `person` (absent:
 * by nobody). */
size_t model_administrators(const struct model *model, struct text office, struct text person);

/* ---- keeping, for the apply files ---- */
struct text model_keep(struct text text); /* a copy that the model owns; absent stays absent */
void model_drop(struct text *kept);

#endif
