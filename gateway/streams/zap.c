#include "zap.h"

#include "base/log.h"
#include "base/must.h"

#include <stdlib.h>
#include <zmq.h>

#define ENDPOINT   "inproc://zeromq.zap.01"
#define VERSION    "1.0"
#define FRAMES     8 /* version, request, domain, address, identity, mechanism, key; and one more */
#define FRAME_MAX  256
#define KEY_BYTES  32
#define TEXT_BYTES 41

struct zap {
    void *socket;
    struct zap_counts counts;
};

struct asked {
    size_t count;
    struct text frames[FRAMES];
    char bytes[FRAMES][FRAME_MAX];
};

struct zap *zap_open(void *context)
{
    struct zap *zap = calloc(1, sizeof *zap);
    must(zap);
    zap->socket = zmq_socket(context, ZMQ_REP);
    if (zap->socket && zmq_bind(zap->socket, ENDPOINT) == 0)
        return zap;
    zap_close(zap);
    return NULL;
}

void zap_close(struct zap *zap)
{
    if (!zap)
        return;
    if (zap->socket)
        (void)zmq_close(zap->socket);
    free(zap);
}

void *zap_socket(const struct zap *zap)
{
    return zap->socket;
}

/* One question; false when none is there. Frames that are too many or too long are counted, and
 * make it one that is refused. */
static bool receive(struct zap *zap, struct asked *asked)
{
    int more = 1;
    size_t more_size = sizeof more;
    asked->count = 0;
    while (more) {
        char *to = asked->bytes[asked->count < FRAMES ? asked->count : FRAMES - 1];
        int len = zmq_recv(zap->socket, to, FRAME_MAX, ZMQ_DONTWAIT);
        if (len < 0)
            return false;
        if (asked->count < FRAMES)
            asked->frames[asked->count] =
                (struct text){to, (size_t)len < FRAME_MAX ? (size_t)len : FRAME_MAX};
        asked->count++;
        must(zmq_getsockopt(zap->socket, ZMQ_RCVMORE, &more, &more_size) == 0);
    }
    return true;
}

static const struct department_access *judge(
    const struct asked *asked, const struct departments *departments)
{
    char key[TEXT_BYTES];
    if (asked->count != FRAMES - 1 || !text_is(asked->frames[0], VERSION) ||
        !text_is(asked->frames[2], ZAP_DOMAIN) || !text_is(asked->frames[5], "CURVE") ||
        asked->frames[6].len != KEY_BYTES || !departments)
        return NULL;
    if (!zmq_z85_encode(key, (const uint8_t *)asked->frames[6].at, KEY_BYTES))
        return NULL;
    return departments_by_key(departments, text_of(key));
}

static void answer(
    struct zap *zap, const struct asked *asked, const struct department_access *access)
{
    const struct text parts[] = {TEXT_LITERAL(VERSION),
        asked->count > 1 ? asked->frames[1] : TEXT_LITERAL(""),
        access ? TEXT_LITERAL("200") : TEXT_LITERAL("400"),
        access ? TEXT_LITERAL("OK") : TEXT_LITERAL("this key is not let in"),
        access ? text_of(access->id) : TEXT_LITERAL(""), TEXT_LITERAL("")};
    const size_t count = sizeof parts / sizeof *parts;
    for (size_t i = 0; i < count; i++)
        (void)zmq_send(zap->socket, parts[i].at, parts[i].len, i + 1 < count ? ZMQ_SNDMORE : 0);
    zap->counts.let_in += access != NULL;
    zap->counts.refused += access == NULL;
    log_begin(LOG_INFO, access ? "department let in" : "department refused");
    log_str("access", access ? access->id : "none");
    log_text("address", asked->count > 3 ? asked->frames[3] : TEXT_LITERAL(""));
    log_end();
}

void zap_turn(struct zap *zap, const struct departments *departments)
{
    static struct asked asked;
    while (receive(zap, &asked))
        answer(zap, &asked, judge(&asked, departments));
}

const struct zap_counts *zap_counts(const struct zap *zap)
{
    return &zap->counts;
}
