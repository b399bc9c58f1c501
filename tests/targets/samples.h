/* A cycle, and promises that break no rule, to start from. */
#ifndef MISAQ_TESTS_TARGETS_SAMPLES_H
#define MISAQ_TESTS_TARGETS_SAMPLES_H

#include "targets/world.h"

/* Two years of eight quarters from 2021-07-01, with the parameters as they are preset. */
struct cycle samples_cycle(void);
/* Complete enough to submit: up from 100 to 200 in eight even steps, weight 100. */
struct target_promise samples_promise(void);
/* Sets the milestones, given in whole units. */
void samples_milestones(struct target_promise *promise, uint32_t count, const int *units);

/* A cycle, the bodies FIN, PWR and WAT, and an empty agreement of each. */
void samples_government(struct world *world);
/* That government in a world of its own, for the setup of a test, and its teardown. */
struct world *samples_world(const struct service *service);
int samples_close(void **state);
/* A body that has existed since 2001. */
struct body samples_body(const char *id);
/* Drafts a target that must be accepted. */
void samples_draft(
    struct world *world, const char *agreement, const struct target_promise *promise);
/* Whatever may happen to PWR-2021 in one of its states, with a record that says as little as it
 * can: rulings and removals are of its first target. NULL or why it cannot. */
const char *samples_try(struct world *world, enum message event);
/* Takes PWR-2021 from draft to a state, by the events of all services. An amendment under way makes
 * the first target, which must be there, lighter by 1 and say so. */
void samples_reach(struct world *world, enum agreement_state state);
/* The committee rules on the first target of PWR-2021. */
void samples_rule(struct world *world, enum verdict verdict, enum target_class class);
/* The version of an agreement, and of a target, as a reader gets them. */
uint64_t samples_version(struct world *world, const char *agreement);
uint64_t samples_target_version(struct world *world, const char *target);

#endif
