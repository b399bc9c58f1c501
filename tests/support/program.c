#include "support/program.h"

#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* Input and output go through files without a name: no pipe can fill up and stop both. */
static int file_of(struct text bytes)
{
    char name[] = "/tmp/misaq-program-XXXXXX";
    int fd = mkstemp(name);
    must(fd >= 0 && unlink(name) == 0);
    must(write(fd, bytes.at ? bytes.at : "", bytes.len) == (ssize_t)bytes.len);
    must(lseek(fd, 0, SEEK_SET) == 0);
    return fd;
}

int program_run(const char *const words[], struct text input, struct buf *ret_output)
{
    int in = file_of(input), out = file_of((struct text){0}), status;
    char chunk[4096];
    pid_t child = fork();
    must(child >= 0);
    if (child == 0) {
        if (dup2(in, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0)
            (void)execvp(words[0], (char *const *)words);
        _exit(127);
    }
    must(waitpid(child, &status, 0) == child && WIFEXITED(status));
    must(lseek(out, 0, SEEK_SET) == 0);
    for (ssize_t got; (got = read(out, chunk, sizeof chunk)) > 0;)
        buf_add(ret_output, chunk, (size_t)got);
    (void)close(in);
    (void)close(out);
    if (WEXITSTATUS(status) != 127)
        return WEXITSTATUS(status);
    printf("%s is not installed: its opinion is not asked\n", words[0]);
    return -1;
}
