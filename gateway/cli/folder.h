/* The folder of `misaq run`: data, logs, sockets, and a lock so that one ledger never has two
 * masters. */
#ifndef MISAQ_CLI_FOLDER_H
#define MISAQ_CLI_FOLDER_H

#include "base/err.h"

#include <stdbool.h>

#define FOLDER_PATH_SIZE 1024
#define FOLDER_NAME_SIZE (FOLDER_PATH_SIZE + 64)

struct folder {
    char home[FOLDER_PATH_SIZE];    /* absolute */
    char sockets[FOLDER_PATH_SIZE]; /* short enough for the sockets in it */
    bool aside;                     /* the sockets lie outside of home and are removed at the end */
    int lock;                       /* handed on to the children: held until the last one is gone */
};

/* Makes what is missing of `home` and takes the lock. On an error nothing is held. */
enum err folder_open(const char *home, struct folder *ret_folder, struct faults *why) MUST_CHECK;
void folder_close(struct folder *folder);
/* Writes the configuration of Redis, which is part of this program, to home/redis.conf. */
enum err folder_write_redis_conf(const struct folder *folder, struct faults *why) MUST_CHECK;

#endif
