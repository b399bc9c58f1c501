/* --health: the question that a container asks of the program inside it. */
#include "service/runtime.h"

#include "base/clock.h"
#include "base/random.h"

#include <stdio.h>

#define WITHIN_MS 2000
#define STEP_MS   20

/* An address to bind as one to connect to: any interface becomes this machine. */
static void reachable(const char *list, char out[SETTING_WORD_SIZE])
{
    static const char *const any[] = {"tcp://*:", "tcp://0.0.0.0:", "tcp://[::]:"};
    char address[SETTING_WORD_SIZE];
    if (!settings_next_address(&list, address))
        address[0] = '\0';
    (void)snprintf(out, SETTING_WORD_SIZE, "%s", address);
    for (size_t i = 0; i < sizeof any / sizeof *any; i++)
        if (strncmp(address, any[i], strlen(any[i])) == 0)
            (void)snprintf(out, SETTING_WORD_SIZE, "tcp://127.0.0.1:%s", address + strlen(any[i]));
}

static bool is_ready(const struct bus_message *message, const char *program, struct faults *why)
{
    struct answer answer;
    struct service_status status = {0};
    if (envelope_read_answer(message, &answer, why) != OK || !text_is(answer.status, "ok") ||
        message->count < 2 ||
        pack_read_trusted(service_status_record(), message->frames[1], &status, why) != OK) {
        (void)fprintf(stderr, "%s gave an answer that is none\n", program);
        return false;
    }
    if (status.ready != FLAG_YES)
        (void)fprintf(stderr, "%s is not ready: %.*s\n", program, TEXT_ARG(status.why));
    return status.ready == FLAG_YES;
}

static bool ask(struct bus_socket *client, const char *program, struct faults *why)
{
    BUF_CLEANUP struct buf head = BUF(4096), body = BUF(64);
    char id[RANDOM_ID_LEN + 1];
    random_id(id);
    struct envelope envelope = {.id = text_of(id),
        .message = text_of(message_row(MESSAGE_service_status)->wire),
        .within_ms = {WITHIN_MS, true}};
    pack_write(envelope_record(), &envelope, &head);
    pack_write(nothing_record(), &(struct nothing){0}, &body);
    struct text frames[] = {buf_as_text(&head), buf_as_text(&body)};
    uint64_t until_us = clock_mono_us() + WITHIN_MS * 1000;
    bool sent = false;
    while (clock_mono_us() < until_us) {
        sent = sent || bus_send(client, (struct text){0}, frames, 2);
        bus_wait(&(struct bus_wait){.socket = client}, 1, STEP_MS);
        struct bus_message *message = bus_receive(client);
        if (message) {
            bool ready = is_ready(message, program, why);
            bus_message_free(message);
            return ready;
        }
    }
    (void)fprintf(stderr, "%s does not answer\n", program);
    return false;
}

int probe(const struct service *service, const struct settings *settings)
{
    static struct faults why;
    char address[SETTING_WORD_SIZE];
    const char *program = service_name(service->id);
    struct bus *bus = NULL;
    struct bus_socket *client;
    reachable(runtime_commands(settings, service->id), address);
    bool ready = bus_open(&bus, &why) == OK &&
                 bus_socket_open(bus, BUS_CLIENT, address, 1, &client, &why) == OK &&
                 ask(client, program, &why);
    for (uint32_t i = 0; i < faults_kept(&why); i++)
        (void)fprintf(stderr, "%s: %s\n", program, why.kept[i].detail);
    bus_close(bus);
    return ready ? 0 : 1;
}
