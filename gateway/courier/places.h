/* Which addresses a webhook may be at. */
#ifndef MISAQ_COURIER_PLACES_H
#define MISAQ_COURIER_PLACES_H

#include <stdbool.h>
#include <sys/socket.h>

/* Whether it is an address of the public internet: not of this machine, of a private or shared
 * network, of a link, of a test network, of many at once, and none that stands for one of those
 * (IANA IPv4 and IPv6 Special-Purpose Address Registries). */
bool place_is_public(const struct sockaddr *address);

#endif
