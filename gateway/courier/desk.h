/* The admin address of the courier: /metrics, /healthz and /readyz, by a thread of its own. */
#ifndef MISAQ_COURIER_DESK_H
#define MISAQ_COURIER_DESK_H

#include "base/buf.h"
#include "base/settings.h"
#include "listen.h"

struct desk;

/* ret_bound: where, with the port that was found for port 0. */
enum err desk_open(const struct settings *settings, char ret_bound[LISTEN_ADDRESS_SIZE],
    struct desk **ret_desk, struct faults *why) MUST_CHECK;
void desk_close(struct desk *desk);
/* What it answers from now on: metrics in the text format of Prometheus; copied. */
void desk_tell(struct desk *desk, struct text metrics, bool ready);

#endif
