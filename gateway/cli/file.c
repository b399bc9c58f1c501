/* The terminal is opened by its own name, so that a password can be asked for while standard input
 * is something else. */
#include "file.h"

#include <errno.h>
#include <stdio.h>
#include <termios.h>

#define STEP (size_t)(64 * 1024)

static bool complain(const char *path)
{
    (void)fprintf(stderr, "misaq: %s: %s\n", path, strerror(errno));
    return false;
}

bool file_read(const char *path, struct buf *out)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    size_t got = 1;
    if (!file)
        return complain(path);
    while (got && !out->full) {
        char bytes[STEP];
        got = fread(bytes, 1, sizeof bytes, file);
        buf_add(out, bytes, got);
    }
    bool failed = ferror(file);
    if (file != stdin)
        (void)fclose(file);
    if (failed)
        return complain(path);
    if (out->full)
        (void)fprintf(stderr, "misaq: %s is longer than %zu bytes\n", path, out->max);
    return !out->full;
}

bool file_read_line(const char *path, struct buf *line)
{
    if (!file_read(path, line))
        return false;
    line->len = text_find(buf_as_text(line), '\n');
    buf_char(line, '\0');
    if (!line->full && line->len > 1)
        return true;
    (void)fprintf(
        stderr, "misaq: the first line of %s is %s\n", path, line->full ? "too long" : "empty");
    return false;
}

static bool read_hidden(FILE *terminal, const char *prompt, struct buf *line)
{
    struct termios before, hidden;
    char typed[512];
    int fd = fileno(terminal);
    if (tcgetattr(fd, &before) != 0)
        return false;
    hidden = before;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    if (tcsetattr(fd, TCSAFLUSH, &hidden) != 0)
        return false;
    (void)dprintf(fd, "%s", prompt);
    bool fine = fgets(typed, sizeof typed, terminal) != NULL;
    (void)tcsetattr(fd, TCSANOW, &before);
    (void)dprintf(fd, "\n");
    buf_clear(line);
    if (fine)
        buf_add(line, typed, strcspn(typed, "\n"));
    buf_char(line, '\0');
    explicit_bzero(typed, sizeof typed);
    return fine && !line->full;
}

bool file_ask_password(bool again, struct buf *line)
{
    FILE *terminal = fopen("/dev/tty", "r+");
    BUF_CLEANUP struct buf second = BUF(line->max);
    if (!terminal) {
        (void)fprintf(stderr, "misaq: there is no terminal to ask for the password; "
                              "give it in a file with --password-file\n");
        return false;
    }
    bool fine = read_hidden(terminal, "Password: ", line) &&
                (!again || read_hidden(terminal, "Again: ", &second));
    (void)fclose(terminal);
    bool same = !again || text_equal(buf_as_text(line), buf_as_text(&second));
    if (fine && !same)
        (void)fprintf(stderr, "misaq: the two are not the same; nothing was sent\n");
    return fine && same;
}

bool file_ask_yes(const char *question)
{
    char typed[16];
    (void)printf("%s [y/n] ", question);
    (void)fflush(stdout);
    return fgets(typed, sizeof typed, stdin) && (typed[0] == 'y' || typed[0] == 'Y');
}
