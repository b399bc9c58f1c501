/* What the files of this room share: a bus, its sockets and its messages for further use. */
#ifndef MISAQ_BUS_SOCKET_H
#define MISAQ_BUS_SOCKET_H

#include "bus/bus.h"

struct message;

struct bus {
    void *context;
    struct bus_socket *sockets;
    struct message *idle; /* messages to be used again */
    size_t idle_count;
};

struct bus_socket {
    struct bus *bus;
    struct bus_socket *next;
    void *zmq;
    enum bus_role role;
    char address[SETTING_WORD_SIZE];
};

void message_pool_free(struct bus *bus);

#endif
