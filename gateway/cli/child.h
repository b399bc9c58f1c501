/* A program that `misaq run` keeps running: started again when it ends, later each time it does so
 * soon. The kernel kills it when this process dies. */
#ifndef MISAQ_CLI_CHILD_H
#define MISAQ_CLI_CHILD_H

#include "base/text.h"

#include <sys/types.h>

#define CHILD_PATH_SIZE 1200
#define CHILD_ARGUMENTS 10

struct child {
    char name[64];
    char program[CHILD_PATH_SIZE]; /* a path, or a name that is looked for in PATH */
    char arguments[CHILD_ARGUMENTS][CHILD_PATH_SIZE];
    size_t argument_count;
    char log[CHILD_PATH_SIZE]; /* where its output goes; empty: to ours */
    int kept_open;             /* a descriptor that it inherits; -1: none */
    pid_t pid;                 /* 0: it does not run */
    uint64_t started_us;
    uint64_t again_us; /* when to start it again; 0: not planned */
    uint32_t pause_ms; /* before it is started again */
    uint32_t ends;     /* how often it has ended by itself */
    off_t log_begin;   /* where its log began when it was last started */
    off_t log_read;    /* how far its log has been looked through */
};

void child_argument(struct child *child, const char *argument);
/* False when the system has no process to give; errno is set. */
bool child_start(struct child *child, uint64_t now_us);
/* Notes that it has ended and plans the next start. */
void child_ended(struct child *child, uint64_t now_us);
/* "ended with 1", "was killed by signal 9 (Killed)". */
void child_tell_end(int status, char *out, size_t size);
/* The last lines that it has logged since it was started, on standard error. */
void child_show_tail(struct child *child);
/* The errors that were added to its log since the last call, on standard error. */
void child_show_errors(struct child *child);

#endif
