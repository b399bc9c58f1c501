/* The state machine of agreements as a table (life.def), and where every agreement stands. Every
 * service decides by this table and folds by it, so that no two can disagree about what may follow
 * what. */
#ifndef MISAQ_FACTS_LIFE_H
#define MISAQ_FACTS_LIFE_H

#include "base/err.h"
#include "facts/happened.h"

/* The state after an event; agreement_state_UNSET when the event cannot happen in that state. From
 * agreement_state_UNSET only agreement.opened leads anywhere. */
enum agreement_state life_after(enum message event, enum agreement_state state);
/* Whether an event is one of the table: its subject is then an agreement. */
bool life_concerns(enum message event);
/* OK when it can happen; else ERR_STATE under the member "agreement", naming the agreement, its
 * state, what was wanted, and in which states that can be done. */
enum err life_check(enum message event, struct text agreement, enum agreement_state state,
    struct faults *why) MUST_CHECK;
/* Signed by minister and PM, now or once: public for ever. Lapsed alone does not tell. */
bool life_is_in_force(enum agreement_state state); /* in force or being amended */

/* Where all agreements stand, for those who keep nothing else of them. */
struct lives;
struct lives *lives_new(void);
void lives_free(struct lives *lives);
/* NULL, or why the event cannot be: it is not in the table for the state. Others are passed over.
 */
const char *lives_apply(struct lives *lives, const struct happened *happened);
/* agreement_state_UNSET: there is none of that id. */
enum agreement_state lives_state(const struct lives *lives, struct text agreement);
/* Whether it is or ever was in force. */
bool lives_public(const struct lives *lives, struct text agreement);

#endif
