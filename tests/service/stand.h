/* A real Redis, real sockets and instances of the registry as processes of their own, to be asked
 * and killed. */
#ifndef MISAQ_TESTS_SERVICE_STAND_H
#define MISAQ_TESTS_SERVICE_STAND_H

#include "bus/envelope.h"
#include "support/redis.h"

#include <sys/types.h>

#define STAND_INSTANCES 2

struct stand {
    struct redis *redis;
    struct settings settings[STAND_INSTANCES]; /* of each instance */
    pid_t pids[STAND_INSTANCES];               /* 0: not running */
    struct bus *bus;
    struct bus_socket *clients[STAND_INSTANCES];
    int gates[STAND_INSTANCES];
    unsigned asked;
};

/* For main(): true when this program was run as an instance, which is over now. */
bool stand_serves(int argc, char **argv, int *ret_code);

/* A ledger of its own in the Redis, of a government that is founded (posts.h); starts no instance
 * yet. */
void stand_open(struct stand *stand, struct redis *redis, const char *government);
void stand_close(struct stand *stand);
void stand_start(struct stand *stand, int instance);
/* The same, and waits until it is ready. */
void stand_start_ready(struct stand *stand, int instance);
void stand_kill(struct stand *stand, int instance);
/* SIGTERM now; its exit code later. */
void stand_end(struct stand *stand, int instance);
int stand_wait(struct stand *stand, int instance);

/* What is sent; members that are NULL or 0 are left out. */
struct question {
    int instance;
    enum message message;
    const char *office; /* "administrator.1"; NULL: the public */
    const char *key, *at;
    int64_t expected, least, within_ms;
    const void *body;   /* NULL: an empty map */
    size_t rows;        /* frames that do not belong there */
    const char *person; /* NULL: a.khan, who is administrator.1 */
};
/* Sends it and returns the number of its id. */
unsigned stand_send(struct stand *stand, const struct question *question);

struct told {
    unsigned number; /* of the question */
    struct bus_message *message;
    struct answer answer;
    enum err status;
    struct faults why;
};
/* The next answer of an instance; false when none came within wait_ms. */
bool stand_hear(struct stand *stand, int instance, int wait_ms, struct told *told);
void told_free(struct told *told);
/* Sends and hears. Ends the test when there is no answer within 20 s. */
void stand_ask(struct stand *stand, const struct question *question, struct told *told);

/* Lets `count` errands go on that wait at the instance (registry.h). */
void stand_release(struct stand *stand, int instance, size_t count);
/* Makes the instance demand a read-only hold, or not any more. */
void stand_hold(struct stand *stand, int instance, bool hold);

/* Shorter for the registry: a body by id and name. Returns the status; *ret_receipt when OK. */
struct did {
    uint64_t version, position, events;
};
enum err stand_put(struct stand *stand, int instance, enum message message, const char *key,
    const char *id, const char *name, struct did *ret_did);
/* The body as known at `least`: its version, and its name in `name`; 0 when there is none. */
uint64_t stand_get(struct stand *stand, int instance, const char *id, uint64_t least,
    const char *at, char name[64]);
struct service_status stand_status(struct stand *stand, int instance, char why[256]);
/* Waits until the instance is ready and has folded `position`. */
void stand_until(struct stand *stand, int instance, uint64_t position);
void stand_digest(struct stand *stand, int instance, char digest[65]);
/* What --digest prints: "<position> <digest>" of a replay. */
void stand_replay(struct stand *stand, char line[96]);

#endif
