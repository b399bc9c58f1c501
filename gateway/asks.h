/* Questions to the services and the answers that come back, or not: every question has a deadline
 * of its own, and no more than a bounded number waits. */
#ifndef MISAQ_GATEWAY_ASKS_H
#define MISAQ_GATEWAY_ASKS_H

#include "bus/envelope.h"

struct asks;

/* How a question ended. answer and message are NULL unless `err` is OK, and then the answer may
 * still be a refusal; both are borrowed during the call. ERR_DEADLINE: nothing came in time. */
typedef void asks_on_answer(
    void *owner, enum err err, const struct answer *answer, const struct bus_message *message);

struct question {
    enum service_id service;
    enum message message;
    const struct actor *actor; /* NULL: the public */
    struct text key, at, traceparent;
    struct whole expected, least;
    const struct text *frames; /* the carried record and rows */
    size_t frame_count;
    /* Asked once more, of another instance where there is one, when no answer has come for a while:
     * the one that was asked may have died. Only for what is safe to repeat. */
    bool again;
};

/* Connects to every service of the settings, which are borrowed. */
enum err asks_open(struct bus *bus, const struct settings *settings, struct asks **ret_asks,
    struct faults *why) MUST_CHECK;
/* Forgets all questions without calling back; the sockets go with the bus. */
void asks_free(struct asks *asks);

/* Sends; `done` is called once, later, unless asks_forget() comes before. ERR_UNAVAILABLE when the
 * queue is full or the service is not there: then nothing was sent and `done` is never called. */
enum err asks_send(struct asks *asks, const struct question *question, uint64_t now_us,
    asks_on_answer *done, void *owner) MUST_CHECK;
/* The owner is gone: whatever comes for it is dropped. */
void asks_forget(struct asks *asks, const void *owner);
/* Takes what has come and gives up what is late. */
void asks_turn(struct asks *asks, uint64_t now_us);
/* Milliseconds until the next deadline; -1: none. */
int asks_wait_ms(const struct asks *asks, uint64_t now_us);
/* The sockets to wait for, in `items`; returns how many. */
size_t asks_wait_items(const struct asks *asks, struct bus_wait items[SERVICE_COUNT]);

/* How many were asked again. */
uint64_t asks_repeats(const struct asks *asks, enum service_id service);
/* Questions under way, and how many had no answer in time since the start. */
size_t asks_waiting(const struct asks *asks, enum service_id service);
uint64_t asks_timeouts(const struct asks *asks, enum service_id service);

#endif
