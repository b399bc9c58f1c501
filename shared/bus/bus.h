/* Sockets that carry whole messages of frames. ZeroMQ is the fast path and may lose what it likes:
 * nothing above this room depends on a message arriving. The only door to ZeroMQ.
 * A process has one bus and one thread that uses it. */
#ifndef MISAQ_BUS_BUS_H
#define MISAQ_BUS_BUS_H

#include "base/buf.h"
#include "base/err.h"
#include "base/settings.h"

#define BUS_FRAME_MAX   (256u * 1024u) /* bytes; a larger one from a peer cuts the peer off */
#define BUS_FRAMES_MAX  2048           /* frames of a message; more are dropped with the message */
#define BUS_MESSAGE_MAX (8u * 1024u * 1024u) /* bytes of a message; more are dropped with it */

struct bus;
struct bus_socket;

enum bus_role {
    BUS_SERVER = 1, /* binds; takes requests and answers them (ROUTER) */
    BUS_CLIENT,     /* connects; asks, spread over all addresses that are up (DEALER) */
    BUS_PUBLISHER,  /* binds; tells everyone (PUB) */
    BUS_SUBSCRIBER  /* connects; hears all topics of all addresses (SUB) */
};

enum err bus_open(struct bus **ret_bus, struct faults *why) MUST_CHECK;
/* Closes its sockets too. What is still queued is lost, unless bus_socket_linger() says otherwise.
 */
void bus_close(struct bus *bus);

/* addresses: as in the settings, comma between several. `queue` bounds the messages that wait in
 * either direction. A failure names the address and what to do. */
enum err bus_socket_open(struct bus *bus, enum bus_role role, const char *addresses, int queue,
    struct bus_socket **ret_socket, struct faults *why) MUST_CHECK;
/* Lets bus_close() wait so long at most for what the socket still has to send: for the answers of a
 * program that ends in good order. */
void bus_socket_linger(struct bus_socket *socket, int wait_ms);
/* The address that was really bound ("tcp://127.0.0.1:*" has found a port); borrowed. */
const char *bus_socket_address(const struct bus_socket *socket);

/* A received message. Owns its frames; texts from it are borrowed until it is freed.
 * On a BUS_SERVER `peer` names the asker, and an answer needs it; frames never contain it. */
struct bus_message {
    struct text peer;
    size_t count;
    const struct text *frames;
};
/* The next message that has come, or NULL: never waits. Takes it over: bus_message_free(). */
struct bus_message *bus_receive(struct bus_socket *socket);
void bus_message_free(struct bus_message *message);

/* Sends copies of the frames; false when the queue is full or no peer is there, and then nothing
 * was sent. peer: of a BUS_SERVER, else absent. */
bool bus_send(struct bus_socket *socket, struct text peer, const struct text *frames, size_t count)
    MUST_CHECK;

/* Whether a text is a public CURVE key in Z85. */
bool bus_key_is(struct text key);

/* Waiting for sockets and descriptors together. */
struct bus_wait {
    struct bus_socket *socket; /* or NULL and fd */
    int fd;
    bool want_write; /* of an fd */
    bool ready;      /* set: something to read (or to write) */
};
/* Waits at most wait_ms (-1: for ever); returns early on a signal. */
void bus_wait(struct bus_wait *items, size_t count, int wait_ms);

#endif
