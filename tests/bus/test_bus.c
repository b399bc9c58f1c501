/* Sockets: what arrives, what is refused, and that nothing waits for peers that are not there. */
#include "bus/bus.h"

#include "base/clock.h"
#include "bus/envelope.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
// clang-format on

#define WAIT_US 10000000u
#define LOOSE   "tcp://127.0.0.1:*"

static struct bus *bus;
static struct faults why;
static char folder[] = "/tmp/misaq-bus-XXXXXX";

static int start(void **state)
{
    (void)state;
    return mkdtemp(folder) && bus_open(&bus, &why) == OK ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *at, int kind, struct FTW *walk)
{
    (void)at;
    (void)kind;
    (void)walk;
    return remove(path);
}

static int stop(void **state)
{
    (void)state;
    bus_close(bus);
    return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static struct bus_socket *open_socket(enum bus_role role, const char *address, int queue)
{
    struct bus_socket *socket = NULL;
    assert_int_equal(bus_socket_open(bus, role, address, queue, &socket, &why), OK);
    return socket;
}

static struct bus_message *receive(struct bus_socket *socket)
{
    struct bus_message *message;
    for (uint64_t until = clock_mono_us() + WAIT_US; !(message = bus_receive(socket));) {
        assert_true(clock_mono_us() < until);
        bus_wait(&(struct bus_wait){.socket = socket}, 1, 100);
    }
    return message;
}

static void send_when_connected(struct bus_socket *socket, const struct text *frames, size_t count)
{
    for (uint64_t until = clock_mono_us() + WAIT_US;
         !bus_send(socket, (struct text){0}, frames, count);) {
        assert_true(clock_mono_us() < until);
        bus_wait(NULL, 0, 2);
    }
}

static void a_question_is_answered(void **state)
{
    (void)state;
    struct bus_socket *server = open_socket(BUS_SERVER, LOOSE, 100);
    struct bus_socket *client = open_socket(BUS_CLIENT, bus_socket_address(server), 100);
    struct text question[] = {TEXT_LITERAL("head"), TEXT_LITERAL(""), TEXT_LITERAL("body")};
    send_when_connected(client, question, 3);
    struct bus_message *asked = receive(server);
    assert_true(asked->peer.len > 0);
    assert_int_equal(asked->count, 3);
    assert_true(text_is(asked->frames[0], "head") && text_is(asked->frames[2], "body"));
    assert_int_equal(asked->frames[1].len, 0);
    assert_true(bus_send(server, asked->peer, &TEXT_LITERAL("answer"), 1));
    bus_message_free(asked);
    struct bus_message *told = receive(client);
    assert_int_equal(told->count, 1);
    assert_int_equal(told->peer.len, 0);
    assert_true(text_is(told->frames[0], "answer"));
    bus_message_free(told);
    assert_null(bus_receive(client));
}

static void many_frames_are_one_message(void **state)
{
    (void)state;
    struct bus_socket *server = open_socket(BUS_SERVER, LOOSE, 100);
    struct bus_socket *client = open_socket(BUS_CLIENT, bus_socket_address(server), 100);
    static struct text frames[BUS_FRAMES_MAX + 1];
    for (size_t i = 0; i < BUS_FRAMES_MAX + 1; i++)
        frames[i] =
            i % 2 ? TEXT_LITERAL("odd") : TEXT_LITERAL("even, and too long for a small one");
    send_when_connected(client, frames, BUS_FRAMES_MAX);
    struct bus_message *message = receive(server);
    assert_int_equal(message->count, BUS_FRAMES_MAX);
    for (size_t i = 0; i < message->count; i++)
        assert_true(text_equal(message->frames[i], frames[i]));
    bus_message_free(message);
    send_when_connected(client, frames, BUS_FRAMES_MAX + 1); /* dropped whole */
    send_when_connected(client, &TEXT_LITERAL("next"), 1);
    message = receive(server);
    assert_int_equal(message->count, 1);
    assert_true(text_is(message->frames[0], "next"));
    bus_message_free(message);
}

static void too_many_bytes_are_dropped(void **state)
{
    (void)state;
    struct bus_socket *server = open_socket(BUS_SERVER, LOOSE, 100);
    struct bus_socket *client = open_socket(BUS_CLIENT, bus_socket_address(server), 100);
    char *large = calloc(1, BUS_FRAME_MAX);
    struct text frames[BUS_MESSAGE_MAX / BUS_FRAME_MAX + 1];
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++)
        frames[i] = (struct text){large, BUS_FRAME_MAX};
    send_when_connected(client, frames, sizeof frames / sizeof *frames);
    send_when_connected(client, frames, sizeof frames / sizeof *frames - 1);
    struct bus_message *message = receive(server);
    assert_int_equal(message->count, sizeof frames / sizeof *frames - 1);
    bus_message_free(message);
    free(large);
}

static void nobody_there_is_said_at_once(void **state)
{
    (void)state;
    char address[80];
    (void)snprintf(address, sizeof address, "ipc://%s/nobody", folder);
    struct bus_socket *client = open_socket(BUS_CLIENT, address, 100);
    assert_false(bus_send(client, (struct text){0}, &TEXT_LITERAL("hello"), 1));
    struct bus_socket *server = open_socket(BUS_SERVER, LOOSE, 100);
    assert_false(bus_send(server, TEXT_LITERAL("gone"), &TEXT_LITERAL("answer"), 1));
}

static void a_queue_has_an_end(void **state)
{
    (void)state;
    struct bus_socket *server = open_socket(BUS_SERVER, LOOSE, 10);
    struct bus_socket *client = open_socket(BUS_CLIENT, bus_socket_address(server), 10);
    char *large = calloc(1, BUS_FRAME_MAX); /* so that the kernel does not hold them all */
    struct text frame = {large, BUS_FRAME_MAX};
    send_when_connected(client, &frame, 1);
    int sent = 1;
    while (sent < 1000 && bus_send(client, (struct text){0}, &frame, 1))
        sent++;
    assert_true(sent < 1000);
    free(large);
}

static void events_reach_every_subscriber(void **state)
{
    (void)state;
    struct bus_socket *publisher = open_socket(BUS_PUBLISHER, LOOSE, 100);
    struct bus_socket *hearers[2];
    for (int i = 0; i < 2; i++)
        hearers[i] = open_socket(BUS_SUBSCRIBER, bus_socket_address(publisher), 100);
    for (int i = 0; i < 2; i++) {
        struct bus_message *message;
        uint64_t until = clock_mono_us() + WAIT_US;
        while (!(message = bus_receive(hearers[i]))) { /* what comes before it has joined is lost */
            assert_true(clock_mono_us() < until);
            assert_true(bus_send(publisher, (struct text){0},
                (struct text[]){TEXT_LITERAL("type"), TEXT_LITERAL("event")}, 2));
            bus_wait(&(struct bus_wait){.socket = hearers[i]}, 1, 5);
        }
        assert_int_equal(message->count, 2);
        bus_message_free(message);
    }
}

/* A reason that is too long is cut at a character: else no hearer would believe the message. */
static void a_long_reason_is_cut_and_heard(void **state)
{
    (void)state;
    char reason[2 * ENVELOPE_REASON_MAX + 1];
    reason[0] = 'x';
    for (size_t i = 1; i < sizeof reason; i++)
        reason[i] = i % 2 ? '\xd8' : '\xa7'; /* two bytes a letter */
    struct bus_socket *publisher = open_socket(BUS_PUBLISHER, LOOSE, 100);
    struct bus_socket *hearer = open_socket(BUS_SUBSCRIBER, bus_socket_address(publisher), 100);
    struct bus_message *message;
    struct published published;
    uint64_t until = clock_mono_us() + WAIT_US;
    while (!(message = bus_receive(hearer))) {
        assert_true(clock_mono_us() < until);
        assert_true(envelope_publish_hold(publisher, (struct text){reason, sizeof reason}));
        bus_wait(&(struct bus_wait){.socket = hearer}, 1, 5);
    }
    assert_true(envelope_read_published(message, &published));
    assert_true(published.is_hold);
    assert_int_equal(published.reason.len, ENVELOPE_REASON_MAX - 1);
    assert_memory_equal(published.reason.at, reason, published.reason.len);
    bus_message_free(message);
}

static void descriptors_are_waited_for(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    struct bus_wait items[] = {{.fd = ends[0]}, {.fd = ends[1], .want_write = true}};
    bus_wait(items, 2, 1000);
    assert_false(items[0].ready);
    assert_true(items[1].ready);
    assert_int_equal(write(ends[1], "x", 1), 1);
    bus_wait(items, 1, 1000);
    assert_true(items[0].ready);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

static void bad_addresses_say_what_to_do(void **state)
{
    (void)state;
    char taken[80], missing[80];
    (void)snprintf(taken, sizeof taken, "ipc://%s/taken", folder);
    (void)snprintf(missing, sizeof missing, "ipc://%s/none/such", folder);
    (void)open_socket(BUS_SERVER, taken, 10);
    const struct {
        const char *address, *advice;
    } cases[] = {{taken, "somebody listens there"}, {missing, "directory is missing"},
        {"carrier pigeon", "is not ipc://path or tcp://host:port"}, {"", "no address is given"},
        {"tcp://192.0.2.1:0", "no such interface"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bus_socket *socket = NULL;
        faults_clear(&why);
        assert_int_equal(
            bus_socket_open(bus, BUS_SERVER, cases[i].address, 10, &socket, &why), ERR_INVALID);
        assert_null(socket);
        if (!strstr(why.kept[0].detail, cases[i].advice))
            fail_msg("%s: %s", cases[i].address, why.kept[0].detail);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_question_is_answered),
        cmocka_unit_test(many_frames_are_one_message),
        cmocka_unit_test(too_many_bytes_are_dropped),
        cmocka_unit_test(nobody_there_is_said_at_once),
        cmocka_unit_test(a_queue_has_an_end),
        cmocka_unit_test(events_reach_every_subscriber),
        cmocka_unit_test(a_long_reason_is_cut_and_heard),
        cmocka_unit_test(descriptors_are_waited_for),
        cmocka_unit_test(bad_addresses_say_what_to_do),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
