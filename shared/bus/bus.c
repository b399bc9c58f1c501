/* Sockets with every limit set, and messages that are used again. libzmq drops without a word
 * unless it is told otherwise: a client does not queue for peers that are not there, and a server
 * learns that an asker has gone. */
#include "bus/bus.h"

#include "base/must.h"
#include "bus/socket.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <zmq.h>

#define HANDSHAKE_MS     5000
#define RECONNECT_MS     50
#define RECONNECT_MAX_MS 1000
#define IPC              "ipc://"

enum err bus_open(struct bus **ret_bus, struct faults *why)
{
    struct bus *bus = calloc(1, sizeof *bus);
    must(bus);
    bus->context = zmq_ctx_new();
    if (!bus->context) {
        free(bus);
        return faults_add(why, ERR_UNAVAILABLE, "",
            "ZeroMQ does not start: %s; raise the limit "
            "of open files (ulimit -n)",
            zmq_strerror(errno));
    }
    *ret_bus = bus;
    return OK;
}

void bus_close(struct bus *bus)
{
    if (!bus)
        return;
    while (bus->sockets) {
        struct bus_socket *socket = bus->sockets;
        bus->sockets = socket->next;
        (void)zmq_close(socket->zmq);
        free(socket);
    }
    while (zmq_ctx_term(bus->context) != 0 && errno == EINTR) {
    }
    message_pool_free(bus);
    free(bus);
}

void bus_socket_linger(struct bus_socket *socket, int wait_ms)
{
    must(zmq_setsockopt(socket->zmq, ZMQ_LINGER, &wait_ms, sizeof wait_ms) == 0);
}

static void set(void *zmq, int option, int value)
{
    must(zmq_setsockopt(zmq, option, &value, sizeof value) == 0);
}

static void set_limits(void *zmq, enum bus_role role, int queue)
{
    int64_t frame_max = BUS_FRAME_MAX;
    must(zmq_setsockopt(zmq, ZMQ_MAXMSGSIZE, &frame_max, sizeof frame_max) == 0);
    set(zmq, ZMQ_LINGER, 0);
    set(zmq, ZMQ_SNDHWM, queue);
    set(zmq, ZMQ_RCVHWM, queue);
    set(zmq, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS);
    set(zmq, ZMQ_RECONNECT_IVL, RECONNECT_MS);
    set(zmq, ZMQ_RECONNECT_IVL_MAX, RECONNECT_MAX_MS);
    /* ZMQ_HEARTBEAT_* stays unset: on a socket that falls behind it aborts the process. */
    set(zmq, ZMQ_TCP_KEEPALIVE, 1);
    set(zmq, ZMQ_TCP_KEEPALIVE_IDLE, 10);
    set(zmq, ZMQ_TCP_KEEPALIVE_INTVL, 5);
    set(zmq, ZMQ_TCP_KEEPALIVE_CNT, 3);
    if (role == BUS_CLIENT)
        set(zmq, ZMQ_IMMEDIATE, 1);
    if (role == BUS_SERVER)
        set(zmq, ZMQ_ROUTER_MANDATORY, 1);
    if (role == BUS_SUBSCRIBER)
        must(zmq_setsockopt(zmq, ZMQ_SUBSCRIBE, "", 0) == 0);
}

/* libzmq takes a local address away from whoever listens there: ask first. */
static bool somebody_listens(const char *address)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    size_t len = strlen(address) - (sizeof IPC - 1);
    if (strncmp(address, IPC, sizeof IPC - 1) != 0 || len >= sizeof name.sun_path)
        return false;
    memcpy(name.sun_path, address + sizeof IPC - 1, len);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    bool listens = connect(fd, (const struct sockaddr *)&name, sizeof name) == 0;
    (void)close(fd);
    return listens;
}

static const char *advice(int error)
{
    switch (error) {
    case ENOENT:
        return "its directory is missing: make it";
    case EACCES:
        return "permission denied: make its directory writable for this user";
    case EADDRINUSE:
        return "somebody listens there already: stop that program or choose another address";
    case ENODEV:
    case EADDRNOTAVAIL:
        return "this machine has no such interface: use an address of its own, or *";
    case ENAMETOOLONG:
        return "the path is longer than 107 bytes: choose a shorter one";
    case EINVAL:
    case EPROTONOSUPPORT:
        return "it is not ipc://path or tcp://host:port";
    default:
        return zmq_strerror(error);
    }
}

/* 0, or what is wrong. */
static int attach(struct bus_socket *socket, const char *address)
{
    if (socket->role == BUS_CLIENT || socket->role == BUS_SUBSCRIBER)
        return zmq_connect(socket->zmq, address) == 0 ? 0 : errno;
    if (somebody_listens(address))
        return EADDRINUSE;
    if (zmq_bind(socket->zmq, address) != 0)
        return errno;
    size_t size = sizeof socket->address;
    must(zmq_getsockopt(socket->zmq, ZMQ_LAST_ENDPOINT, socket->address, &size) == 0);
    return 0;
}

static enum err attach_all(struct bus_socket *socket, const char *addresses, struct faults *why)
{
    char address[SETTING_WORD_SIZE];
    size_t count = 0;
    for (; settings_next_address(&addresses, address); count++) {
        int error = attach(socket, address);
        if (error)
            return faults_add(
                why, ERR_INVALID, "", "cannot use the address %s: %s", address, advice(error));
    }
    if (count == 0)
        return faults_add(
            why, ERR_INVALID, "", "no address is given: name one, as in tcp://127.0.0.1:5551");
    return OK;
}

enum err bus_socket_open(struct bus *bus, enum bus_role role, const char *addresses, int queue,
    struct bus_socket **ret_socket, struct faults *why)
{
    static const int types[] = {[BUS_SERVER] = ZMQ_ROUTER,
        [BUS_CLIENT] = ZMQ_DEALER,
        [BUS_PUBLISHER] = ZMQ_PUB,
        [BUS_SUBSCRIBER] = ZMQ_SUB};
    struct bus_socket *socket = calloc(1, sizeof *socket);
    must(socket);
    socket->bus = bus;
    socket->role = role;
    socket->zmq = zmq_socket(bus->context, types[role]);
    if (!socket->zmq) {
        free(socket);
        return faults_add(why, ERR_UNAVAILABLE, "",
            "no socket to be had: %s; raise the limit of "
            "open files (ulimit -n)",
            zmq_strerror(errno));
    }
    set_limits(socket->zmq, role, queue);
    enum err err = attach_all(socket, addresses, why);
    if (err != OK) {
        (void)zmq_close(socket->zmq);
        free(socket);
        return err;
    }
    socket->next = bus->sockets;
    bus->sockets = socket;
    *ret_socket = socket;
    return OK;
}

const char *bus_socket_address(const struct bus_socket *socket)
{
    return socket->address;
}

/* False when it did not go. */
static bool send_frame(void *zmq, struct text frame, bool more)
{
    int flags = ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0);
    while (zmq_send(zmq, frame.at ? frame.at : "", frame.len, flags) < 0)
        if (errno != EINTR)
            return false;
    return true;
}

bool bus_send(struct bus_socket *socket, struct text peer, const struct text *frames, size_t count)
{
    must(count > 0 && (socket->role == BUS_SERVER) == (peer.len > 0));
    if (peer.len && !send_frame(socket->zmq, peer, true))
        return false;
    /* Once the first frame is taken the others are: libzmq counts messages, not frames. */
    for (size_t i = 0; i < count; i++)
        if (!send_frame(socket->zmq, frames[i], i + 1 < count))
            return false;
    return true;
}

bool bus_key_is(struct text key)
{
    char text[41];
    uint8_t bytes[32];
    if (key.len != sizeof text - 1)
        return false;
    memcpy(text, key.at, key.len);
    text[key.len] = '\0';
    return zmq_z85_decode(bytes, text);
}

#define WAIT_ITEMS 64

void bus_wait(struct bus_wait *items, size_t count, int wait_ms)
{
    zmq_pollitem_t polled[WAIT_ITEMS];
    must(count <= WAIT_ITEMS);
    for (size_t i = 0; i < count; i++) {
        items[i].ready = false;
        polled[i] = (zmq_pollitem_t){.socket = items[i].socket ? items[i].socket->zmq : NULL,
            .fd = items[i].fd,
            .events = ZMQ_POLLIN};
        if (!items[i].socket && items[i].want_write)
            polled[i].events |= ZMQ_POLLOUT;
    }
    if (zmq_poll(polled, (int)count, wait_ms) <= 0)
        return;
    for (size_t i = 0; i < count; i++)
        items[i].ready = polled[i].revents != 0;
}
