/* The head frames of requests, answers and events, packed and checked. */
#ifndef MISAQ_BUS_ENVELOPE_H
#define MISAQ_BUS_ENVELOPE_H

#include "bus/bus.h"
#include "schema/messages.h"

/* Reads the first frame of a request: well-formed, a known message, in its own words. Texts are
 * borrowed from the message. */
enum err envelope_read(const struct bus_message *message, struct envelope *ret_envelope,
    enum message *ret_message, struct faults *why) MUST_CHECK;
enum err envelope_read_answer(
    const struct bus_message *message, struct answer *ret_answer, struct faults *why) MUST_CHECK;
/* Faults as the frames of a refusal: appends each to `out` and its end to `ends` (FAULTS_KEPT of
 * them at most); returns how many. And back. */
size_t envelope_write_faults(const struct faults *why, struct buf *out, size_t ends[FAULTS_KEPT]);
void envelope_read_faults(
    const struct bus_message *message, enum err status, struct faults *ret_why);

/* What a service publishes: [type][position][event], every second [~head][position], and every
 * second while nobody may write [~hold][reason]. Positions are 8 bytes, big end first. */
#define ENVELOPE_HEAD_TOPIC "~head"
#define ENVELOPE_HOLD_TOPIC "~hold"
#define ENVELOPE_REASON_MAX 200               /* bytes of a reason; what is longer is cut */
#define ENVELOPE_HOLD_US    UINT64_C(3000000) /* a hold is over when it was not told for so long */
struct published {
    bool is_head, is_hold;
    uint64_t position;  /* of the event, or of the head */
    struct text reason; /* of a hold, for people */
    struct text type;
    struct text packed; /* the event, as it lies in the ledger */
};
bool envelope_publish(struct bus_socket *publisher, struct text type, uint64_t position,
    struct text packed) MUST_CHECK;
bool envelope_publish_head(struct bus_socket *publisher, uint64_t head) MUST_CHECK;
bool envelope_publish_hold(struct bus_socket *publisher, struct text reason) MUST_CHECK;
/* False when the message has another form: it is dropped, the ledger has the truth. */
bool envelope_read_published(const struct bus_message *message, struct published *ret_published);

#endif
