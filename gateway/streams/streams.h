/* misaq-streams: open streams of events, in a process of their own. */
#ifndef MISAQ_STREAMS_STREAMS_H
#define MISAQ_STREAMS_STREAMS_H

#include "base/settings.h"

/* Runs until SIGTERM or SIGINT and drains; returns the exit code. */
int streams_run(const struct settings *settings);
/* --health: whether one is there that folds the ledger; the exit code. */
int streams_health(const struct settings *settings);

#endif
