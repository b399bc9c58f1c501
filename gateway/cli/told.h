/* Faults told to a person on standard error, and the way a command fails. */
#ifndef MISAQ_CLI_TOLD_H
#define MISAQ_CLI_TOLD_H

#include "base/err.h"

/* "misaq: what: member detail; member detail". Returns COMMAND_FAILED. */
int told_faults(const char *what, const struct faults *why);
/* "misaq: ..."; returns COMMAND_FAILED. */
int told(const char *format, ...) PRINTF(1, 2);

#endif
