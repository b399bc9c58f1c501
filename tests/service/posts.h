/* People and offices for tests below the offices service: the events that it would write, appended
 * past every program. */
#ifndef MISAQ_TESTS_SERVICE_POSTS_H
#define MISAQ_TESTS_SERVICE_POSTS_H

#include "support/redis.h"

/* One event, at position 1: a.khan is administrator.1, b.malik administrator.2. */
#define POSTS_FOUNDED 1
void posts_found(const struct redis *redis, const char *government);
/* The person holds the vacant office from now on; both are made known if they are not. Returns the
 * position of the event, so does the next. */
uint64_t posts_give(
    const struct redis *redis, const char *government, const char *person, const char *office);
/* The office is vacant from now on. */
uint64_t posts_take(const struct redis *redis, const char *government, const char *office);

#endif
