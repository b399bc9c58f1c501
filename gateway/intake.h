/* A request on its way in, and its answer on its way out: the callbacks of the HTTP library, for
 * http.c alone. */
#ifndef MISAQ_GATEWAY_INTAKE_H
#define MISAQ_GATEWAY_INTAKE_H

#include "exchange.h"
#include "listen.h"

struct http {
    struct gateway *gateway;
    struct MHD_Daemon *daemon;
    http_on_request *on_header, *on_request;
    struct lines *lines;
    struct exchange *pool;
    struct exchange *all; /* under way */
    size_t under_way;
    bool bare; /* the library leaves the bytes of a header where headers_plain() can see them */
    char address[LISTEN_ADDRESS_SIZE];
};

/* A request line has come: makes the exchange that the other two get as *context. */
void *intake_on_target(void *owner, const char *target, struct MHD_Connection *connection);
enum MHD_Result intake_on_request(void *owner, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *bytes, size_t *len, void **context);
void intake_on_completed(void *owner, struct MHD_Connection *connection, void **context,
    enum MHD_RequestTerminationCode code);

#endif
