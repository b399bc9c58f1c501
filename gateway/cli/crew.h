/* All the programs of a system: Redis, the services, the gateway, in the order in which they start;
 * they stop in the other order. */
#ifndef MISAQ_CLI_CREW_H
#define MISAQ_CLI_CREW_H

#include "child.h"
#include "folder.h"
#include "schema/messages.h"

#define CREW_MAX (SERVICE_COUNT + 3) /* without SERVICE_any; with Redis, two doors, the gateway */

struct crew {
    size_t count;
    struct child at[CREW_MAX];
    struct child loader; /* loads the sample, once */
};

/* Plans the programs, which lie beside this one, and puts their addresses into the environment. */
enum err crew_plan(const struct folder *folder, struct crew *ret_crew, struct faults *why)
    MUST_CHECK;
/* Plans the loader for a gateway at `url`. */
void crew_plan_loader(struct crew *crew, const char *url);
/* Starts what is due. False when the system has no process to give. */
bool crew_start_due(struct crew *crew, uint64_t now_us);
/* Waits for none: takes in one child that has ended, or NULL. */
struct child *crew_reap(struct crew *crew, int *ret_status);
/* Ends all, the gateway first and Redis last. Each gets SIGTERM and some seconds; a signal that
 * arrives at `signals` meanwhile cuts the waiting short. */
void crew_stop(struct crew *crew, int signals);

#endif
