/* Where people sign in: a house with a Redis of its own for the passwords. The hash is as cheap as
 * the settings allow; the clock of the counters is Redis's own. */
#ifndef MISAQ_TESTS_OFFICES_PORCH_H
#define MISAQ_TESTS_OFFICES_PORCH_H

#include "offices/house.h"
#include "support/redis.h"

#include "tools.h"

#define ONE      "adm.one@administrator.1"
#define TWO      "adm.two@administrator.2"
#define PASSWORD "a sentence of mine"
#define VICTIM   "a.khan"
#define HOME     "10.0.0.1"

struct porch {
    struct redis *redis;
    struct settings settings;
    struct tools *tools;
    struct house house;
};
extern struct porch porch;

/* Around all tests, and around each: with a government, a house and tools of its own, in which
 * VICTIM and b.shah are registered. */
void porch_begin(void);
void porch_end(void);
void porch_open(const struct service *service);
void porch_close(void);

/* Ends the test where the error is another. */
void porch_expect(enum err is, enum err wanted, const char *what);
enum err porch_errand(const char *actor, enum message errand, const void *body);
enum err porch_sign_in(const char *person, const char *password, const char *address,
    const char *device, struct session *ret_session);
enum err porch_code(const char *actor, const char *person, struct code *ret_code);
enum err porch_set(const char *person, const char *code, const char *password);
/* A code, asked for and confirmed by the two. */
void porch_invite(const char *person, char out[48]);
/* PASSWORD, with a code. */
void porch_give(const char *person);

#endif
