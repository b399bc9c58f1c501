#include "bus/ask.h"

#include "base/clock.h"
#include "base/random.h"
#include "schema/pack.h"

#include <stdio.h>

#define STEP_MS     20
#define REQUEST_MAX (64u * 1024u)

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

/* The answer, or NULL when none comes in time. A socket that has no peer yet is tried again. */
static struct bus_message *exchange(
    struct bus_socket *client, const struct text frames[2], uint64_t until_us)
{
    bool sent = false;
    while (clock_mono_us() < until_us) {
        sent = sent || bus_send(client, (struct text){0}, frames, 2);
        bus_wait(&(struct bus_wait){.socket = client}, 1, STEP_MS);
        struct bus_message *message = bus_receive(client);
        if (message)
            return message;
    }
    return NULL;
}

static enum err read_answer(
    const struct ask *ask, const struct bus_message *message, void *ret, struct faults *why)
{
    struct answer answer;
    enum err err = envelope_read_answer(message, &answer, why);
    if (err != OK)
        return err;
    enum err status = err_from_word(answer.status.at, answer.status.len);
    if (status != OK) {
        envelope_read_faults(message, status, why);
        return status;
    }
    const struct record *answers = message_row(ask->message)->answers();
    memset(ret, 0, answers->size);
    if (message->count < 2)
        return faults_add(why, ERR_INTERNAL, "", "the answer holds nothing");
    return pack_read_trusted(answers, message->frames[1], ret, why);
}

void asked_free(struct asked *asked)
{
    bus_message_free(asked->message);
    bus_close(asked->bus);
    *asked = (struct asked){0};
}

enum err ask_once(const struct ask *ask, void *ret, struct asked *ret_asked, struct faults *why)
{
    BUF_CLEANUP struct buf head = BUF(4096), body = BUF(REQUEST_MAX);
    const struct message_row *row = message_row(ask->message);
    char id[RANDOM_ID_LEN + 1], address[SETTING_WORD_SIZE];
    struct bus_socket *client;
    *ret_asked = (struct asked){0};
    reachable(ask->address, address);
    random_id(id);
    struct envelope envelope = {.id = text_of(id),
        .message = text_of(row->wire),
        .key = ask->key,
        .within_ms = {(int64_t)ask->within_ms, true}};
    if (ask->actor) {
        envelope.actor = *ask->actor;
        envelope.has_actor = true;
    }
    pack_write(envelope_record(), &envelope, &head);
    pack_write(row->carries(), ask->record, &body);
    enum err err = bus_open(&ret_asked->bus, why);
    if (err == OK)
        err = bus_socket_open(ret_asked->bus, BUS_CLIENT, address, 1, &client, why);
    if (err != OK)
        return err;
    struct text frames[] = {buf_as_text(&head), buf_as_text(&body)};
    ret_asked->message = exchange(client, frames, clock_mono_us() + ask->within_ms * 1000);
    return ret_asked->message ? read_answer(ask, ret_asked->message, ret, why)
                              : faults_add(why, ERR_DEADLINE, address, "does not answer");
}
