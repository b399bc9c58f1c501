/* Received messages. Frames stay where libzmq put them; the object around them goes back to a small
 * pool, so that a busy service allocates nothing per message. */
#include "base/must.h"
#include "bus/socket.h"

#include <errno.h>
#include <stdlib.h>
#include <zmq.h>

#define IDLE_MAX     256
#define FRAMES_FIRST 8
#define DROPS_MAX    16 /* oversized messages dropped in one call: a flood must not hold the loop */

struct message {
    struct bus_message told; /* first: what the caller holds */
    struct bus *bus;
    struct message *next;
    size_t used, room;
    size_t bytes;
    zmq_msg_t *parts;   /* the peer first, on a server */
    struct text *texts; /* as many */
};

static struct message *message_new(struct bus *bus)
{
    struct message *message = bus->idle;
    if (message) {
        bus->idle = message->next;
        bus->idle_count--;
        return message;
    }
    message = calloc(1, sizeof *message);
    must(message);
    message->bus = bus;
    message->room = FRAMES_FIRST;
    message->parts = calloc(message->room, sizeof *message->parts);
    message->texts = calloc(message->room, sizeof *message->texts);
    must(message->parts && message->texts);
    return message;
}

static void message_destroy(struct message *message)
{
    free(message->parts);
    free(message->texts);
    free(message);
}

static void message_empty(struct message *message)
{
    for (size_t i = 0; i < message->used; i++)
        (void)zmq_msg_close(&message->parts[i]);
    message->used = 0;
    message->bytes = 0;
}

void bus_message_free(struct bus_message *told)
{
    struct message *message = (struct message *)(void *)told;
    if (!message)
        return;
    message_empty(message);
    struct bus *bus = message->bus;
    if (bus->idle_count >= IDLE_MAX || message->room > FRAMES_FIRST) {
        message_destroy(message);
        return;
    }
    message->next = bus->idle;
    bus->idle = message;
    bus->idle_count++;
}

void message_pool_free(struct bus *bus)
{
    while (bus->idle) {
        struct message *message = bus->idle;
        bus->idle = message->next;
        message_destroy(message);
    }
}

static void message_grow(struct message *message)
{
    size_t room = message->room * 4;
    zmq_msg_t *parts = calloc(room, sizeof *parts);
    must(parts);
    for (size_t i = 0; i < message->used; i++) {
        must(zmq_msg_init(&parts[i]) == 0);
        must(zmq_msg_move(&parts[i], &message->parts[i]) == 0);
    }
    free(message->parts);
    message->parts = parts;
    message->texts = realloc(message->texts, room * sizeof *message->texts);
    must(message->texts);
    message->room = room;
}

enum received { RECEIVED_NOTHING, RECEIVED_WHOLE, RECEIVED_TOO_MUCH };

/* Reads one message to its end; what is beyond the limits is read and forgotten. */
static enum received receive(void *zmq, struct message *message, size_t peers)
{
    for (bool more = true, too_much = false; more;) {
        if (message->used == message->room)
            message_grow(message);
        zmq_msg_t *part = &message->parts[message->used];
        must(zmq_msg_init(part) == 0);
        int got;
        do
            got = zmq_msg_recv(part, zmq, ZMQ_DONTWAIT);
        while (got < 0 && errno == EINTR);
        if (got < 0) {
            (void)zmq_msg_close(part);
            return RECEIVED_NOTHING;
        }
        if (message->used++ >= peers)
            message->bytes += (size_t)got;
        more = zmq_msg_more(part) != 0;
        too_much =
            too_much || message->used > BUS_FRAMES_MAX + peers || message->bytes > BUS_MESSAGE_MAX;
        if (too_much)
            message_empty(message);
        if (too_much && !more)
            return RECEIVED_TOO_MUCH;
    }
    return RECEIVED_WHOLE;
}

static void tell(struct message *message, bool has_peer)
{
    for (size_t i = 0; i < message->used; i++)
        message->texts[i] =
            (struct text){zmq_msg_data(&message->parts[i]), zmq_msg_size(&message->parts[i])};
    message->told.peer = has_peer ? message->texts[0] : (struct text){0};
    message->told.frames = message->texts + has_peer;
    message->told.count = message->used - has_peer;
}

struct bus_message *bus_receive(struct bus_socket *socket)
{
    struct message *message = message_new(socket->bus);
    bool has_peer = socket->role == BUS_SERVER;
    for (int drops = 0; drops < DROPS_MAX; drops++) {
        enum received received = receive(socket->zmq, message, has_peer);
        if (received == RECEIVED_NOTHING)
            break;
        if (received == RECEIVED_WHOLE && message->used > has_peer) {
            tell(message, has_peer);
            return &message->told;
        }
        message_empty(message);
    }
    bus_message_free(&message->told);
    return NULL;
}
