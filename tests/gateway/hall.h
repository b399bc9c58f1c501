/* A gateway at work between its clients and a ledger, with a stand-in for the services: the test
 * says what is in the ledger, sends bytes over a socket, and answers as a service would. Whatever
 * goes wrong here ends the test with a sentence. */
#ifndef MISAQ_TESTS_GATEWAY_HALL_H
#define MISAQ_TESTS_GATEWAY_HALL_H

#include "bus/envelope.h"
#include "support/redis.h"

struct hall;

/* Starts Redis and the gateway (gateway_run, in a process of its own). `proxies`: the setting. */
struct hall *hall_open(int (*run)(const struct settings *settings), uint64_t proxies);
/* Begins to stand in for all services: until then the gateway finds none of them. */
void hall_serve(struct hall *hall);
/* Ends both; the gateway must leave in good order. */
void hall_close(struct hall *hall);

/* Appends an event; returns its position. `packed`, where given, gets the entry. */
uint64_t hall_event(struct hall *hall, enum message message, const char *subject, const char *about,
    const void *record, struct buf *packed);
/* Tells the gateway of it as a service does, with the highest position. */
void hall_publish(struct hall *hall, enum message message, uint64_t position, struct text packed);
void hall_hold(struct hall *hall, const char *reason);
/* A token of this hall, terminated, until the next call. */
const char *hall_token(struct hall *hall, const char *person, const char *session, int64_t expires);
/* Makes the key that tokens are sealed with. */
void hall_key(struct hall *hall);

/* What came back; borrowed until the next request. */
struct hall_answer {
    int status;
    const char *head; /* terminated, with the status line */
    const char *body; /* terminated */
};
/* Sends a request of which "Host" and "Connection: close" are added to the lines of `head`
 * ("GET /v1/me\nA: b\n"); body may be NULL. Then take it with hall_take(). */
void hall_send(struct hall *hall, const char *head, const char *body);
const struct hall_answer *hall_take(struct hall *hall);
/* Both. */
const struct hall_answer *hall_ask(struct hall *hall, const char *head, const char *body);

/* The next question that the gateway asks a service; its record is read into `record`.
 * The envelope is borrowed until it is answered. */
const struct envelope *hall_question(struct hall *hall, enum message *ret_message, void *record);
/* Answers it with a record. */
void hall_answer(
    struct hall *hall, const struct answer *answer, const struct record *record, const void *value);
/* Answers it with frames as they are. */
void hall_answer_frames(
    struct hall *hall, const struct answer *answer, const struct text *frames, size_t count);
/* Refuses it. */
void hall_refuse(struct hall *hall, enum err err, const char *detail);

#endif
