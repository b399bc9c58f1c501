#include "asks.h"

#include "base/must.h"
#include "base/random.h"
#include "schema/pack.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <uthash.h>
#include <utlist.h>

#define ID_SIZE  40
#define AGAIN_US UINT64_C(1000000)
#define PEER_US  UINT64_C(1500000) /* how long a service may be away: it is being started again */
#define LOOK_MS  20

struct ask {
    UT_hash_handle hh;
    struct ask *prev, *next; /* in order of deadline */
    enum service_id service;
    uint64_t due_us, again_us;
    struct ask *again_prev, *again_next; /* of those that may be asked again, in the same order */
    struct text *frames;                 /* of those: what was sent, in one piece of memory */
    bool unsent;                         /* nobody was there to take it */
    size_t frame_count;
    asks_on_answer *done;
    void *owner;
    char id[ID_SIZE];
};

struct asks {
    const struct settings *settings;
    struct bus_socket *sockets[SERVICE_COUNT];
    size_t waiting[SERVICE_COUNT];
    uint64_t timeouts[SERVICE_COUNT];
    struct ask *by_id;
    struct ask *by_due, *by_again, *unsent;
    uint64_t repeats[SERVICE_COUNT];
    uint64_t sent;
    char instance[17]; /* ids name events as their cause: they must not repeat after a restart */
    struct buf envelope;
};

enum err asks_open(
    struct bus *bus, const struct settings *settings, struct asks **ret_asks, struct faults *why)
{
    const char *const addresses[SERVICE_COUNT] = {
#define SERVICE(name, sentence) [SERVICE_##name] = settings->name##_commands,
#include "schema/services.def"
#undef SERVICE
    };
    struct asks *asks = calloc(1, sizeof *asks);
    must(asks);
    asks->settings = settings;
    asks->envelope = BUF(BUS_FRAME_MAX);
    char random[RANDOM_ID_LEN + 1];
    random_id(random);
    memcpy(asks->instance, random, sizeof asks->instance - 1);
    for (enum service_id s = SERVICE_any + 1; s < SERVICE_COUNT; s++) {
        enum err err = bus_socket_open(
            bus, BUS_CLIENT, addresses[s], (int)settings->queue + 16, &asks->sockets[s], why);
        if (err != OK) {
            asks_free(asks);
            return err;
        }
    }
    *ret_asks = asks;
    return OK;
}

static void drop(struct asks *asks, struct ask *ask)
{
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): the macro looks at the head */
    HASH_DEL(asks->by_id, ask);
    DL_DELETE(asks->by_due, ask);
    if (ask->unsent)
        DL_DELETE2(asks->unsent, ask, again_prev, again_next);
    else if (ask->frames)
        DL_DELETE2(asks->by_again, ask, again_prev, again_next);
    asks->waiting[ask->service]--;
    free(ask->frames);
    free(ask);
}

void asks_free(struct asks *asks)
{
    if (!asks)
        return;
    while (asks->by_due)
        drop(asks, asks->by_due);
    buf_free(&asks->envelope);
    free(asks);
}

/* Keeps what is sent, to send it once more. */
static void keep(struct asks *asks, struct ask *ask, const struct text *frames, size_t count)
{
    size_t len = 0;
    for (size_t i = 0; i < count; i++)
        len += frames[i].len;
    ask->frames = malloc(count * sizeof *frames + len);
    must(ask->frames);
    char *at = (char *)(ask->frames + count);
    for (size_t i = 0; i < count; i++) {
        if (frames[i].len)
            memcpy(at, frames[i].at, frames[i].len);
        ask->frames[i] = (struct text){at, frames[i].len};
        at += frames[i].len;
    }
    ask->frame_count = count;
    if (ask->unsent)
        DL_APPEND2(asks->unsent, ask, again_prev, again_next);
    else
        DL_APPEND2(asks->by_again, ask, again_prev, again_next);
}

static bool send_question(struct asks *asks, const struct question *question, struct ask *ask)
{
    struct envelope envelope = {.id = text_of(ask->id),
        .message = text_of(message_row(question->message)->wire),
        .key = question->key,
        .expected = question->expected,
        .least = question->least,
        .within_ms = {(int64_t)asks->settings->request_ms, true},
        .at = question->at,
        .traceparent = question->traceparent};
    if (question->actor) {
        envelope.actor = *question->actor;
        envelope.has_actor = true;
    }
    buf_clear(&asks->envelope);
    pack_write(envelope_record(), &envelope, &asks->envelope);
    must(!asks->envelope.full && question->frame_count < BUS_FRAMES_MAX);
    static struct text frames[BUS_FRAMES_MAX];
    size_t count = question->frame_count + 1;
    frames[0] = buf_as_text(&asks->envelope);
    memcpy(frames + 1, question->frames, question->frame_count * sizeof *frames);
    ask->unsent = !bus_send(asks->sockets[question->service], (struct text){0}, frames, count);
    if (question->again)
        keep(asks, ask, frames, count);
    return !ask->unsent || question->again;
}

enum err asks_send(struct asks *asks, const struct question *question, uint64_t now_us,
    asks_on_answer *done, void *owner)
{
    enum service_id service = question->service;
    if (asks->waiting[service] >= asks->settings->queue)
        return ERR_UNAVAILABLE;
    struct ask *ask = calloc(1, sizeof *ask);
    must(ask);
    (void)snprintf(ask->id, sizeof ask->id, "%s-%" PRIx64, asks->instance, ++asks->sent);
    if (!send_question(asks, question, ask)) {
        free(ask);
        return ERR_UNAVAILABLE;
    }
    ask->service = service;
    ask->due_us = now_us + asks->settings->request_ms * 1000;
    ask->again_us = now_us + AGAIN_US;
    ask->done = done;
    ask->owner = owner;
    HASH_ADD_STR(asks->by_id, id, ask);
    DL_APPEND(asks->by_due, ask); /* all wait equally long: the order of sending is that of due */
    asks->waiting[service]++;
    return OK;
}

void asks_forget(struct asks *asks, const void *owner)
{
    for (struct ask *ask = asks->by_due, *next; ask; ask = next) {
        next = ask->next;
        if (ask->owner == owner)
            drop(asks, ask);
    }
}

static void take(struct asks *asks, const struct bus_message *message)
{
    static struct faults why;
    faults_clear(&why);
    struct answer answer;
    if (envelope_read_answer(message, &answer, &why) != OK)
        return;
    struct ask *ask;
    HASH_FIND(hh, asks->by_id, answer.id.at, answer.id.len, ask);
    if (!ask)
        return; /* too late, the asker was told so */
    asks_on_answer *done = ask->done;
    void *owner = ask->owner;
    drop(asks, ask);
    done(owner, OK, &answer, message);
}

/* Whom nobody could take is offered again, for a while. */
static void offer_again(struct asks *asks, uint64_t now_us)
{
    struct ask *next;
    for (struct ask *ask = asks->unsent; ask; ask = next) {
        next = ask->again_next;
        if (bus_send(
                asks->sockets[ask->service], (struct text){0}, ask->frames, ask->frame_count)) {
            DL_DELETE2(asks->unsent, ask, again_prev, again_next);
            ask->unsent = false;
            ask->again_us = now_us + AGAIN_US;
            DL_APPEND2(asks->by_again, ask, again_prev, again_next);
        } else if (ask->again_us + PEER_US - AGAIN_US <= now_us) {
            asks_on_answer *done = ask->done;
            void *owner = ask->owner;
            drop(asks, ask);
            done(owner, ERR_UNAVAILABLE, NULL, NULL);
            return; /* the list may be another one now; the rest comes with the next turn */
        }
    }
}

static void ask_again(struct asks *asks, uint64_t now_us)
{
    while (asks->by_again && asks->by_again->again_us <= now_us) {
        struct ask *ask = asks->by_again;
        (void)!bus_send(
            asks->sockets[ask->service], (struct text){0}, ask->frames, ask->frame_count);
        asks->repeats[ask->service]++;
        DL_DELETE2(asks->by_again, ask, again_prev, again_next);
        free(ask->frames);
        ask->frames = NULL;
    }
}

void asks_turn(struct asks *asks, uint64_t now_us)
{
    for (enum service_id s = SERVICE_any + 1; s < SERVICE_COUNT; s++) {
        struct bus_message *message;
        while ((message = bus_receive(asks->sockets[s]))) {
            take(asks, message);
            bus_message_free(message);
        }
    }
    offer_again(asks, now_us);
    ask_again(asks, now_us);
    while (asks->by_due && asks->by_due->due_us <= now_us) {
        struct ask *ask = asks->by_due;
        asks_on_answer *done = ask->done;
        void *owner = ask->owner;
        asks->timeouts[ask->service]++;
        drop(asks, ask);
        done(owner, ERR_DEADLINE, NULL, NULL);
    }
}

int asks_wait_ms(const struct asks *asks, uint64_t now_us)
{
    if (!asks->by_due)
        return -1;
    if (asks->unsent)
        return LOOK_MS;
    uint64_t due_us = asks->by_due->due_us;
    if (asks->by_again && asks->by_again->again_us < due_us)
        due_us = asks->by_again->again_us;
    return due_us <= now_us ? 0 : (int)((due_us - now_us) / 1000 + 1);
}

size_t asks_wait_items(const struct asks *asks, struct bus_wait items[SERVICE_COUNT])
{
    size_t count = 0;
    for (enum service_id s = SERVICE_any + 1; s < SERVICE_COUNT; s++)
        items[count++] = (struct bus_wait){.socket = asks->sockets[s]};
    return count;
}

size_t asks_waiting(const struct asks *asks, enum service_id service)
{
    return asks->waiting[service];
}

uint64_t asks_timeouts(const struct asks *asks, enum service_id service)
{
    return asks->timeouts[service];
}

uint64_t asks_repeats(const struct asks *asks, enum service_id service)
{
    return asks->repeats[service];
}
