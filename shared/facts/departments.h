/* The register of departments: which keys are let in, and which topics are opened to them. Folded
 * by the service that decides about it and by whoever lets in. */
#ifndef MISAQ_FACTS_DEPARTMENTS_H
#define MISAQ_FACTS_DEPARTMENTS_H

#include "facts/happened.h"

/* Before the random part of a token: 43 characters of base64url. */
#define DEPARTMENT_TOKEN   "msqd_"
#define DEPARTMENT_SUBJECT "department." /* before the code, in the ledger */

struct department_access {
    char id[ID_MAX + 1];
    struct access facts; /* borrowed from `packed` */
    enum access_state state;
    char proposed_by[ID_MAX + 1], confirmed_by[ID_MAX + 1];
    int64_t granted_ms, ended_ms;
    char *packed, *reason; /* owned; reason NULL: none */
};

struct department_entry {
    char id[ID_MAX + 1]; /* the code */
    struct department facts;
    uint64_t version;
    struct department_access *accesses; /* number 1 first */
    size_t count, room;
    char *packed; /* owned: what facts borrows from */
};

struct departments;
struct departments *departments_new(void);
void departments_free(struct departments *departments);
/* NULL, or why the event cannot be. Events that do not concern it are passed over. */
const char *departments_apply(struct departments *departments, const struct happened *happened);

/* In the order in which they were registered; NULL behind the last. */
const struct department_entry *departments_at(const struct departments *departments, size_t index);
const struct department_entry *departments_find(
    const struct departments *departments, struct text id);
/* An access by its id ("AUDIT-PB.a1"), whatever its state; NULL: none. */
const struct department_access *departments_access(
    const struct departments *departments, struct text id);
/* The access that is granted to a key, or to who has a token; NULL: none. */
const struct department_access *departments_by_key(
    const struct departments *departments, struct text key);
const struct department_access *departments_by_token(
    const struct departments *departments, struct text digest);
/* Whether a topic, or the beginning of one, lies within what is opened to an access: all that is
 * public, and what begins as its topics do. */
bool departments_may(const struct department_access *access, struct text topic);
/* Accesses that were revoked so far: whoever let a key in looks again when this changes. */
uint64_t departments_revoked(const struct departments *departments);

#endif
