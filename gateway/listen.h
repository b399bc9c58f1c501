/* The socket of a listening address. */
#ifndef MISAQ_GATEWAY_LISTEN_H
#define MISAQ_GATEWAY_LISTEN_H

#include "base/err.h"
#include "base/text.h"

#define LISTEN_ADDRESS_SIZE 80
#define LISTEN_BACKLOG      1024

/* host:port or [IPv6]:port. Both parts are terminated. */
struct listen_address {
    char host[64];
    char port[8];
};
bool listen_address_read(const char *address, struct listen_address *ret_address);

/* Binds and listens; `bound` tells the port that was found for port 0. */
enum err listen_open(const char *address, int *ret_fd, char bound[LISTEN_ADDRESS_SIZE],
    struct faults *why) MUST_CHECK;

#endif
