/* What becomes of streams as time passes: comments, tokens that end, readers that take nothing. */
#ifndef MISAQ_STREAMS_CLOCKS_H
#define MISAQ_STREAMS_CLOCKS_H

#include "hub.h"

/* Looks at everybody's clocks: once a second. */
void clocks_look(struct hub *hub, uint64_t now_us);

#endif
