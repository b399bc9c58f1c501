/* --health: asks the running gateway on its admin address, as a container's health check does. */
#ifndef MISAQ_GATEWAY_PROBE_H
#define MISAQ_GATEWAY_PROBE_H

#include <stdbool.h>

/* Whether /readyz there answers 200; what it answers goes to standard output. */
bool probe_ready(const char *address);

#endif
