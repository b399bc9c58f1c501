/* Small files and what a person types, read whole. */
#ifndef MISAQ_CLI_FILE_H
#define MISAQ_CLI_FILE_H

#include "base/buf.h"

/* The bytes of a file, "-" for standard input, up to the cap of the buffer. Says on standard error
 * what is wrong. */
bool file_read(const char *path, struct buf *out);
/* Its first line, as a terminated text in `line`, whose cap is the longest. For tokens and
 * passwords. */
bool file_read_line(const char *path, struct buf *line);
/* A password from the terminal, without echo; `again`: asked for twice. */
bool file_ask_password(bool again, struct buf *line);
/* Whether the answer to a question is yes. */
bool file_ask_yes(const char *question);

#endif
