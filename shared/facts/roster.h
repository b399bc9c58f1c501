/* Who is who: people, the offices they hold, and the sessions that were ended. Folded by every
 * service and by the gateway, so that who may act is decided from the ledger everywhere alike. An
 * office changes hands with an event; no clock decides who holds it. */
#ifndef MISAQ_FACTS_ROSTER_H
#define MISAQ_FACTS_ROSTER_H

#include "facts/happened.h"

struct roster;
struct roster *roster_new(void);
void roster_free(struct roster *roster);
/* NULL, or why the event cannot be. Events that do not concern it are passed over. */
const char *roster_apply(struct roster *roster, const struct happened *happened);

/* Whether there is an administrator: until then only ROLE_SETUP can act, afterwards never again. */
bool roster_founded(const struct roster *roster);
bool roster_knows(const struct roster *roster, struct text person);
/* Name for people; text.at is NULL when nobody of that id is registered. Borrowed. */
struct text roster_name(const struct roster *roster, struct text person);
/* Whether somebody holds the office now. "person" is held by everybody who is registered, "setup"
 * by anybody while nothing is founded. */
bool roster_holds(const struct roster *roster, struct text person, struct text office);
/* Whether somebody holds or ever held an office of a body, or comes from it (person.body): who does
 * must not judge it. */
bool roster_belongs(const struct roster *roster, struct text person, struct text body);
/* Who holds an office; text.at is NULL when it is vacant or not there. Borrowed. */
struct text roster_holder(const struct roster *roster, struct text office);
/* The offices of a person, `index` from 0; text.at is NULL behind the last. Borrowed. */
struct text roster_office(const struct roster *roster, struct text person, size_t index);
/* Position of the event with which the present holder got the office; 0 when it is vacant. */
uint64_t roster_since(const struct roster *roster, struct text office);

/* Whether a session of a person was ended: by its id, or with all that began before. began_ms: when
 * the password was given. */
bool roster_session_ended(
    const struct roster *roster, struct text person, struct text session, int64_t began_ms);

#endif
