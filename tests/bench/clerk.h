/* A service's table without a runtime, for benches: what happened is told, questions are timed. */
#ifndef MISAQ_TESTS_BENCH_CLERK_H
#define MISAQ_TESTS_BENCH_CLERK_H

#include "service/reply.h"
#include "service/service.h"
#include "support/chance.h"

#define CLERK_TARGETS 366 /* of each body: 41 bodies have the 15,000 of the design point */
#define CLERK_ROUNDS  20

struct clerk {
    const struct service *service;
    void *state;
    struct calendar *calendar;
    struct roster *roster;
    struct reply *reply;
    uint64_t position;
    int64_t now_ms;
    struct chance chance;
};

/* Bodies B1, B2 ... in two groups of peers, each with a secretary's office and an agreement of 2021
 * in force. It is 25 June 2021. */
void clerk_open(struct clerk *clerk, const struct service *service, uint32_t bodies);
void clerk_close(struct clerk *clerk);
void clerk_move(struct clerk *clerk, int32_t day);
/* An event of whatever service; `record` NULL: an empty one. */
void clerk_tell(struct clerk *clerk, enum message event, const char *subject, const char *about,
    const void *record);
/* An open request of a body for a target of it, raised in July 2021; through: NULL for none. */
void clerk_wait(struct clerk *clerk, const char *id, uint32_t body, const char *target,
    uint32_t other, const char *through);
/* As the PM would send it. */
struct request clerk_request(struct clerk *clerk, enum message message, const void *body);
/* Microseconds of one answer, the mean of CLERK_ROUNDS. */
double clerk_ask(struct clerk *clerk, enum message message, const void *body);

#endif
