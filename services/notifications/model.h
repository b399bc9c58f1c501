/* What this service remembers: the inboxes of all offices, and of each thing that can be heard
 * about as much as tells who hears and what falls due. Only apply.c and what it calls change what
 * stands here, but for the schedule: it is worked out from the rest and the calendar, and forgotten
 * at will. */
#ifndef MISAQ_NOTIFICATIONS_MODEL_H
#define MISAQ_NOTIFICATIONS_MODEL_H

#include "schedule.h"

#include "facts/bodies.h"
#include "schema/messages.h"

#include <uthash.h>

#define INBOX_PREFIX "inbox." /* of the subject of an inbox, before its office */

/* One line of an inbox: 32 bytes, there can be millions. Its number is its place, from 1. */
struct item {
    int64_t at;
    uint32_t position;
    uint32_t about; /* number of a thing */
    uint32_t words; /* number of a thing that is the line itself; 0: put together by the rule */
    int32_t due;
    uint16_t rule;
};

struct reading {
    uint32_t upto;
    uint32_t person; /* number of a thing */
};

struct letter {
    int64_t at;
    uint32_t position, from, upto, unread;
    int32_t on;
};

struct thing;
struct inbox {
    char office_id[ID_MAX + 1];
    struct office office; /* its texts lie in office_id */
    uint32_t number;      /* from 1, in the order in which offices were created */
    struct item *items;
    size_t count, room;
    struct reading *receipts;
    size_t receipt_count;
    struct letter *letters; /* its digests */
    size_t letter_count;
    int from_hour, to_hour;
    bool weekly, armed;     /* armed: the schedule knows when to think of its digest */
    char *mail;             /* address of its e-mail, owned; NULL: none */
    enum language language; /* ... and what it is written in */
    struct thing *handover; /* the one that is not acknowledged */
    UT_hash_handle hh;
};

struct seats {
    struct inbox **at;
    size_t count;
};

struct body_entry {
    char id[ID_MAX + 1];
    struct seats focal, secretary, minister;
    UT_hash_handle hh;
};

enum kind { KIND_PLAIN, KIND_AGREEMENT, KIND_DEPENDENCY, KIND_ACTION, KIND_HANDOVER };

/* Whatever has an id, or a line of words: known by a number that never changes. */
struct thing {
    UT_hash_handle hh;
    uint32_t number;
    enum kind kind;
    char *detail; /* what people should read beside the id; owned, NULL: nothing */
    union {
        struct {
            const struct body_entry *body;
            uint32_t cycle; /* number of a thing */
            enum agreement_state state;
            int64_t submitted_at, signed_at;
            uint32_t begun, ended; /* bits of periods that were reported on, that are closed */
        } agreement;
        struct {
            const struct body_entry *waiting, *blocking;
            enum court court;
            int32_t promised;
        } dependency;
        struct {
            struct inbox *owner, *verifier, *opener;
            enum action_state state;
            int32_t due;
        } action;
        struct {
            struct inbox *inbox;
            int64_t begun_at; /* 0: nobody has taken over */
        } handover;
    };
    size_t len;
    char id[];
};

/* A reminder that was sent: never again. */
struct sent {
    struct sent_key {
        uint32_t inbox, about;
        int32_t due;
        uint32_t urgency;
    } key;
    UT_hash_handle hh;
};

struct model {
    struct bodies *bodies; /* who acts for whom */
    struct inbox *inbox_table;
    struct inbox **inboxes; /* by number - 1 */
    size_t inbox_room;
    struct body_entry *body_table;
    struct seats centre[ROLE_CLOCK + 1]; /* by role */
    struct thing *thing_table;
    struct thing **things; /* by number - 1 */
    size_t thing_count, thing_room;
    struct sent *sent_table;
    size_t rule_first[MESSAGE_COUNT];
    struct schedule schedule;
};

void *model_new(void);
void model_free(void *model);

/* NULL when there is none. */
struct inbox *model_inbox(const struct model *model, struct text office);
struct body_entry *model_body(const struct model *model, struct text id);
struct thing *model_thing(const struct model *model, struct text id);
/* The same of a kind. */
struct thing *model_of_kind(const struct model *model, struct text id, enum kind kind);
struct text model_id(const struct thing *thing); /* borrowed */
struct thing *model_at(const struct model *model, uint32_t number);
/* Splits "PWR-2021.q3" into an agreement that is there and its period, 1 to 24. */
bool model_report(
    const struct model *model, struct text id, struct thing **ret_agreement, unsigned *ret_period);
bool model_was_sent(const struct model *model, const struct sent_key *key);
/* The number of the last item that was read, or put into a digest; 0: none. */
uint32_t model_read(const struct inbox *inbox);
uint32_t model_digested(const struct inbox *inbox);

#endif
