/* misaq-courier: a process of its own, so that no mail server and no webhook can hold anybody. */
#ifndef MISAQ_COURIER_COURIER_H
#define MISAQ_COURIER_COURIER_H

#include "base/settings.h"

/* Runs until SIGTERM or SIGINT; returns the exit code. */
int courier_run(const struct settings *settings);

#endif
