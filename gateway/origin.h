/* Where a request comes from: which site has sent it, and which address. A browser adds the cookie
 * to whatever any page makes it send, and anybody writes into X-Forwarded-For what he likes: only
 * what our own proxies have added to it is believed. Pure. */
#ifndef MISAQ_GATEWAY_ORIGIN_H
#define MISAQ_GATEWAY_ORIGIN_H

#include "headers.h"

/* Why a request may change nothing on the word of a cookie: another site has sent it. NULL when
 * nothing says so. */
const char *origin_complaint(const struct headers *headers);

#define ORIGIN_ADDRESS_SIZE 46

struct sockaddr;
/* The address of a connection, without the port; "" for none. */
void origin_peer(const struct sockaddr *from, char out[ORIGIN_ADDRESS_SIZE]);
/* The address of the client behind `proxies` proxies of ours: the one that the outermost of them
 * has seen. What is no address counts as none, and then it is the peer's. */
void origin_client(const struct headers *headers, uint64_t proxies, const char *peer,
    char out[ORIGIN_ADDRESS_SIZE]);

#endif
