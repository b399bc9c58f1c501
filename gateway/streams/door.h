/* Where gateways hand connections over: a local socket that only this user can open. */
#ifndef MISAQ_STREAMS_DOOR_H
#define MISAQ_STREAMS_DOOR_H

#include "hub.h"

struct door;

/* Listens at the path of the settings, in the place of one that nobody listens at any more. */
enum err door_open(const struct settings *settings, struct hub *hub, int epoll,
    struct door **ret_door, struct faults *why) MUST_CHECK;
/* Takes nobody any more. */
void door_close(struct door *door);
/* Tells all gateways how it goes here. */
void door_tell(struct door *door, const struct stream_status *status);

#endif
