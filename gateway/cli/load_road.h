/* A few sample agreements are led all the way into force, each step by the right sample person. */
#ifndef MISAQ_CLI_LOAD_ROAD_H
#define MISAQ_CLI_LOAD_ROAD_H

#include "desk.h"

/* Those that are as this load left them, step by step: a load that was interrupted goes on. The
 * keys that sign are thrown away afterwards. *made counts the agreements that came into force. */
bool load_road(struct desk *desk, uint32_t *made) MUST_CHECK;
/* Their bodies, by index from 0; NULL behind the last. */
const char *load_road_body(size_t index);
/* Freezes the amendment that one of them has under way, and both sign it. */
bool load_road_amended(struct desk *desk, struct text body) MUST_CHECK;

#endif
