/* The table of messages, and who may send them. */
#ifndef MISAQ_SCHEMA_MESSAGES_H
#define MISAQ_SCHEMA_MESSAGES_H

#include "schema/schema.h"

enum service_id {
    SERVICE_any,
#define SERVICE(name, sentence) SERVICE_##name,
#include "schema/services.def"
#undef SERVICE
    SERVICE_COUNT
};

const char *service_name(enum service_id service);

enum message {
    MESSAGE_UNSET,
#define COMMAND(name, wire, service, carries, rows, may, sentence)        MESSAGE_##name,
#define QUERY(name, wire, service, carries, answers, many, may, sentence) MESSAGE_##name,
#define EVENT(name, wire, service, carries, shown, sentence)              MESSAGE_##name,
#include "schema/messages.def"
#undef COMMAND
#undef QUERY
#undef EVENT
    MESSAGE_COUNT
};

enum message_kind { MESSAGE_COMMAND = 1, MESSAGE_QUERY, MESSAGE_EVENT };

/* Who may see an event besides those who may see drafts. */
enum shown {
    SHOWN_PUBLIC = 1, /* anybody */
    SHOWN_SIGNED,     /* anybody, once the agreement that is its subject is or was in force */
    SHOWN_RELEASED,   /* anybody, once the period at the end of its subject was released */
    SHOWN_INNER       /* nobody */
};

struct message_row {
    const char *wire; /* "target.draft" */
    enum message_kind kind;
    enum service_id service;
    const struct record *(*carries)(void);
    const struct record *(*rows)(void);    /* of the frames that follow a command; NULL: none */
    const struct record *(*answers)(void); /* receipt for a command, NULL for an event */
    bool many;                             /* a query that answers a list */
    bool raw;                              /* a query that answers the bytes of a document */
    enum shown shown;                      /* of an event */
    uint32_t may;                          /* bits 1 << role; all bits for everyone */
    const char *sentence;
};

/* For every message but MESSAGE_UNSET. */
const struct message_row *message_row(enum message message);
enum message message_from_wire(struct text wire); /* MESSAGE_UNSET when there is none */

/* An office is a role, with the body where the role has one, and with the number of the seat where
 * several people do the same work: "focal.PWR", "focal.PWR.2", "auditor", "committee.3". */
struct office {
    enum role role;   /* role_UNSET: not an office, or the public */
    struct text body; /* absent for roles at the centre; borrowed from the id */
};
/* The focal person, secretary and minister have a body, nobody else has. A seat is a whole number
 * from 1 without leading zeros; minister, secretary and PM have one seat only. */
struct office office_read(struct text id);
/* Whether an office may send a message; role_UNSET is the public. */
bool message_allowed(enum message message, enum role role);

#endif
