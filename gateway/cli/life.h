/* What the files that play the sample's history share: whose turn it is, and how an act is sent. */
#ifndef MISAQ_CLI_LIFE_H
#define MISAQ_CLI_LIFE_H

#include "desk.h"
#include "dice.h"

#define LIFE_QUARTERS 3
#define LIFE_PATH     192
#define LIFE_KEY      192
#define LIFE_INVENTED TEXT_LITERAL("Sample, invented")

struct life {
    struct desk *desk;
    struct seat unit; /* the delivery unit */
    int quarter;      /* from 1 */
    int32_t today;
    struct text body; /* whose turn it is */
};

/* POST under a key made of `what`; tag, record and ret_receipt may be NULL. */
bool life_post(struct life *life, const struct seat *seat, const char *path, const char *what,
    const char *tag, const struct record *record, const void *value,
    struct desk_receipt *ret_receipt) MUST_CHECK;
/* Whether it is the turn of the first body: for what happens once a quarter. */
bool life_is_first(const struct life *life);
/* Chance for this body in this quarter. */
struct dice life_dice(const struct life *life, const char *what);

/* load_needs.c: what one body asks of others, and what these answer. */
bool life_raise(struct life *life) MUST_CHECK;
bool life_acknowledge(struct life *life) MUST_CHECK;
bool life_grant(struct life *life) MUST_CHECK;
bool life_grant_late(struct life *life) MUST_CHECK;
/* load_reports.c */
bool life_report(struct life *life) MUST_CHECK;
bool life_certify(struct life *life) MUST_CHECK;
bool life_grade(struct life *life) MUST_CHECK;
bool life_score(struct life *life) MUST_CHECK;

/* load_ideas.c: ideas in every state; one stands in an amendment in the end. */
bool life_ideas(struct life *life) MUST_CHECK;
bool life_adopt(struct life *life) MUST_CHECK;

/* load_centre.c: what comes from above: orders from outside the plan, a circle of waiting, the PM's
 * decisions and what becomes of them, a returned draft, a reshuffle. */
bool life_order(struct life *life) MUST_CHECK;
bool life_circle(struct life *life) MUST_CHECK;
bool life_decide(struct life *life) MUST_CHECK;
bool life_close(struct life *life) MUST_CHECK;
bool life_return(struct life *life) MUST_CHECK;
bool life_reshuffle(struct life *life) MUST_CHECK;

#endif
