/* A Redis of the test's own: docker/redis.conf, a temporary folder, a unix socket. It dies with the
 * test. Whatever goes wrong here ends the test with a sentence. */
#ifndef MISAQ_TESTS_SUPPORT_REDIS_H
#define MISAQ_TESTS_SUPPORT_REDIS_H

#include "base/settings.h"

struct redis;

/* Starts it and waits until it answers. `more`: further arguments ("--appendfsync", "everysec"),
 * ended by NULL, or NULL for none; borrowed for as long as it lives. */
struct redis *redis_start(const char *const *more);
/* Ends it and removes its folder. */
void redis_stop(struct redis *redis);

/* kill -9, as a crash would; then redis_restart() starts it again on the same data. */
void redis_kill(struct redis *redis);
void redis_restart(struct redis *redis);
/* SIGSTOP and SIGCONT: it is there and says nothing. */
void redis_pause(struct redis *redis);
void redis_continue(struct redis *redis);

/* Path of the socket, which MISAQ_REDIS takes; and the folder, for sockets of the test's own. */
const char *redis_socket(const struct redis *redis);
const char *redis_folder(const struct redis *redis);
/* The defaults of all settings, with `redis` set to the socket. */
void redis_settings(const struct redis *redis, struct settings *ret_settings);
/* Says one line ("CONFIG SET appendfsync everysec") on a connection of its own; the first line of
 * the reply, or the text of a bulk string, lands in `reply`. */
void redis_say(const struct redis *redis, const char *line, char *reply, size_t size);
/* The same where the reply must start with `expected`. */
void redis_expect(const struct redis *redis, const char *line, const char *expected);

#endif
