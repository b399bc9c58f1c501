/* Three bodies, two of them with an agreement in force of three targets (10, 20 and 30 percent),
 * and one type with a norm of ten days; it is Friday, 2 July 2021. */
#ifndef MISAQ_TESTS_DEPENDENCIES_COURT_H
#define MISAQ_TESTS_DEPENDENCIES_COURT_H

#include "targets/world.h"

extern struct world *court_world;

int court_open(const struct service *service);
int court_close(void **state);
/* Of LAW, for one target. */
struct dependency_raise court_request(const char *target);
enum err court_raise(const char *office, struct dependency_raise raise);
struct dependency court_read(struct text id);
uint64_t court_version(struct text id); /* 0: it is not there */
/* What the runtime does when something falls due; the number of events. */
size_t court_fall_due(void);

#endif
