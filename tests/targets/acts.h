/* Every command on an agreement and its targets, done to PWR-2021 in a way that breaks no rule
 * about what is in it. */
#ifndef MISAQ_TESTS_TARGETS_ACTS_H
#define MISAQ_TESTS_TARGETS_ACTS_H

#include "targets/world.h"

/* PWR-2021 in a state, with one target of weight 100 in it. */
void acts_stand(struct world *world, enum agreement_state state);
/* if_match: name the version that it is at, else none. */
enum err acts_do(struct world *world, const char *office, enum message command, bool if_match);

#endif
