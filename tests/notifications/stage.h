/* The notifications service's table played without a runtime, with a clock that the test moves: the
 * events of other services are simply told, what is decided and what falls due is packed, read back
 * and folded. All is kept, so that it can be folded again. */
#ifndef MISAQ_TESTS_NOTIFICATIONS_STAGE_H
#define MISAQ_TESTS_NOTIFICATIONS_STAGE_H

#include "base/buf.h"
#include "model.h"
#include "service/decision.h"
#include "service/reply.h"
#include "service/service.h"

#define STAGE_ZONE 300 /* minutes east of UTC, as where the first government is */

struct stage {
    const struct service *service;
    struct model *model;
    struct calendar *calendar;
    struct decision *decision;
    struct reply *reply;
    struct faults why; /* of the last command or query */
    int64_t now_ms;
    char key[512]; /* of the last work that fell due */
    struct stage_told {
        enum message message;
        struct text subject, about, person, office, data;
        int64_t at_ms;
    } * log;
    size_t log_count, log_room;
};

/* Only zeroed memory: the clock stands at noon of 2021-07-01, a Thursday. */
struct stage *stage_new(void);
void stage_free(struct stage *stage);

/* A government: the cycle 2021 of eight quarters; bodies FIN, PWR, WAT with focal.X, secretary.X,
 * minister.X; committee.1, committee.2, secretariat, pmo, pm, auditor, administrator.1 and .2.
 * The agreement PWR-2021 is open for drafting. */
void stage_government(struct stage *stage);
void stage_body(struct stage *stage, const char *id, const char *successor);
void stage_office(struct stage *stage, const char *office);
void stage_agreement(struct stage *stage, const char *id, const char *body);
/* Events of an agreement without a record worth a look. */
void stage_step(struct stage *stage, const char *office, enum message event, const char *agreement);
/* Leads an agreement in draft into force. */
void stage_sign(struct stage *stage, const char *agreement);
void stage_raise(struct stage *stage, const char *id, const char *waiting, const char *blocking);
void stage_promise(struct stage *stage, const char *id, int32_t day);
/* An act on a dependency by the office. */
void stage_act(struct stage *stage, const char *office, enum message event, const char *id);
void stage_holiday(struct stage *stage, int32_t day);

/* Sets the clock: a day and a full hour of the zone. */
void stage_at(struct stage *stage, int32_t day, int hour);
/* An event of whatever service by somebody in that office; `record` NULL: an empty one. */
void stage_tell(struct stage *stage, const char *office, enum message event, const char *subject,
    const char *about, const void *record);
enum err stage_do(struct stage *stage, const char *office, enum message command, const void *body);
enum err stage_ask(struct stage *stage, const char *office, enum message query, const void *body);
/* Decides what is due once, and folds it: the number of events. */
size_t stage_due_once(struct stage *stage);
/* Until nothing is due any more: the number of events. */
size_t stage_due(struct stage *stage);
/* When something falls due next. */
int64_t stage_next(struct stage *stage);

/* Reads a frame of the last answer. */
void stage_read(struct stage *stage, size_t frame, const struct record *record, void *ret);
struct answer stage_head(const struct stage *stage);
/* The reminders from a place of the log on, a line each: office, about, urgency and due. */
void stage_reminders(const struct stage *stage, size_t from, struct buf *out);
/* The same of digests: office, first and last item, how many are unread, the day. */
void stage_digests(const struct stage *stage, size_t from, struct buf *out);
/* Replaces the state by one that has folded the log anew, as after a restart. */
void stage_restart(struct stage *stage);
/* Folds the whole log into a new state and compares the digests. */
bool stage_same_again(const struct stage *stage);
bool stage_says(const struct stage *stage, const char *words);

#endif
