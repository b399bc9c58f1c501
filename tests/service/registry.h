/* A service small enough to be seen through: bodies with a name, one subject each. It answers some
 * messages of `targets` and refuses to fold a version that does not follow the one before.
 * Its errand is check.get: the first word of the statement says what to do. "echo" answers the
 * statement itself, with the number of bodies behind it; "wait" does so once it got a byte from the
 * pipe at the setting `keys`; "refuse" refuses with a fault, "fail" without one, "unknown" before
 * it is sent, "much" answers more than a message carries.
 * A body that is named "due" gets the name "done" by itself; one that is named "poison" falls due
 * and cannot be decided. It demands a read-only hold as long as there is a file "hold" in the
 * folder `record`. */
#ifndef MISAQ_TESTS_SERVICE_REGISTRY_H
#define MISAQ_TESTS_SERVICE_REGISTRY_H

#include "service/service.h"

#define REGISTRY_HOLD   "the test wants it so"
#define REGISTRY_DUE    "due"
#define REGISTRY_POISON "poison"
#define REGISTRY_DONE   "done"

extern const struct service registry;

#endif
