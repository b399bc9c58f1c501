/* A service small enough to be seen through: bodies with a name, one subject each. It answers some
 * messages of `targets` and refuses to fold a version that does not follow the one before. */
#ifndef MISAQ_TESTS_SERVICE_REGISTRY_H
#define MISAQ_TESTS_SERVICE_REGISTRY_H

#include "service/service.h"

extern const struct service registry;

#endif
