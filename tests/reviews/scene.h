/* A government with people in it, and what happens there before the committee gets it. */
#ifndef MISAQ_TESTS_REVIEWS_SCENE_H
#define MISAQ_TESTS_REVIEWS_SCENE_H

#include "reviews/play.h"

/* A government: the cycle 2021 with the gates at 60 and 10, the bodies FIN, PWR and WAT with an
 * agreement each, focal.BODY held by f.<body> and secretary.BODY by s.<body>, committee.1 and .2 by
 * c.one and c.two, secretariat by d.unit, pmo by p.mo, auditor by a.udit. */
void scene_government(struct play *play);

void scene_person(struct play *play, const char *person, const char *body);
/* Creates the office where it is new, and posts the person there. */
void scene_post(struct play *play, const char *person, const char *office);
void scene_unpost(struct play *play, const char *office);
/* Registers a body, or changes it: with up to one successor. */
void scene_body(struct play *play, const char *id, const char *successor);
void scene_open(struct play *play, const char *body);
/* Drafts a target, or changes it when the number is there: agreed is what both opinions of the
 * checker say, unset where they do not agree. weight in thousandths. */
void scene_target(struct play *play, const char *agreement, unsigned number, const char *statement,
    int64_t weight, enum target_class drafted, enum target_class agreed);
/* A ruling told by c.one without being decided. */
void scene_rule(struct play *play, const char *agreement, unsigned number, enum verdict verdict,
    enum target_class class, const char *serves);
/* Leads an agreement in draft to a state, by telling. */
void scene_lead(struct play *play, const char *agreement, enum agreement_state state);

#endif
