#include "press.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"
#include "curve.h"
#include "schema/json.h"
#include "schema/pack.h"
#include "topics.h"
#include "watched.h"
#include "zap.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <uthash.h>
#include <zmq.h>

#define HEADS_US      UINT64_C(1000000)
#define REFUSALS      64
#define REFUSAL_TIMES 3
#define JSON_MAX      (1u << 20)
#define CONTROL       '~' /* before the id of an access: its control channel */
#define SOURCE_FORMAT "/misaq/%s"

/* A topic, and the place of its last event. */
struct place {
    UT_hash_handle hh;
    struct place *next_changed;
    bool changed; /* since heads were told */
    uint64_t position;
    char topic[TOPIC_SIZE];
};

/* A refusal is said some times: the control channel may be subscribed to later than what is
 * refused, as sockets send subscriptions in an order of their own. */
struct refusal {
    char access[ID_MAX + 1];
    char topic[100];
    size_t len;
    unsigned times;
};

struct press {
    const struct settings *settings;
    struct ring *ring;
    int epoll;
    void *context, *socket;
    struct zap *zap;
    struct watched zap_watched, socket_watched;
    struct curve curve;
    char address[SETTING_WORD_SIZE]; /* as bound */
    struct place *places, *changed;
    uint64_t position; /* of the last event */
    uint64_t told;     /* up to which heads were told */
    uint64_t heads_us, revoked;
    struct press_counts counts;
    struct refusal refusals[REFUSALS]; /* the latest */
    size_t refusal_next;
};

/* Everything is taken in press_turn(), which every turn of the loop calls: here is only what wakes
 * it. */
static void on_ready(struct watched *watched, uint32_t events)
{
    (void)watched;
    (void)events;
}

static void wait_for(struct press *press, struct watched *watched, void *socket)
{
    size_t size = sizeof watched->fd;
    watched->on_ready = on_ready;
    must(zmq_getsockopt(socket, ZMQ_FD, &watched->fd, &size) == 0);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = watched};
    must(epoll_ctl(press->epoll, EPOLL_CTL_ADD, watched->fd, &event) == 0);
}

static enum err bind_socket(struct press *press, struct faults *why)
{
    const char *address = *press->address ? press->address : press->settings->departments;
    enum err err = curve_bind(press->context, &press->curve, address,
        (int)press->settings->departments_queue, &press->socket, press->address, why);
    if (err == OK)
        wait_for(press, &press->socket_watched, press->socket);
    return err;
}

static void close_socket(struct press *press)
{
    if (!press->socket)
        return;
    (void)epoll_ctl(press->epoll, EPOLL_CTL_DEL, press->socket_watched.fd, NULL);
    (void)zmq_unbind(press->socket, press->address);
    (void)zmq_close(press->socket);
    press->socket = NULL;
}

enum err press_open(const struct settings *settings, struct ring *ring, int epoll,
    struct press **ret_press, struct faults *why)
{
    struct press *press = calloc(1, sizeof *press);
    must(press);
    *press = (struct press){.settings = settings, .ring = ring, .epoll = epoll};
    *ret_press = press;
    if (!*settings->departments)
        return OK;
    enum err err = curve_open(settings->departments_key, &press->curve, why);
    if (err != OK)
        return err;
    press->context = zmq_ctx_new();
    must(press->context);
    press->zap = zap_open(press->context);
    if (!press->zap)
        return faults_add(why, ERR_UNAVAILABLE, "", "nobody can be asked who is let in");
    wait_for(press, &press->zap_watched, zap_socket(press->zap));
    /* Whether it can be bound is known now. It is bound again when the ledger has been read: who is
     * refused before that would not come again. */
    err = bind_socket(press, why);
    close_socket(press);
    return err;
}

void press_close(struct press *press)
{
    if (!press)
        return;
    close_socket(press);
    zap_close(press->zap);
    if (press->context)
        (void)zmq_ctx_term(press->context);
    struct place *next, *place = press->places;
    HASH_CLEAR(hh, press->places);
    for (; place; place = next) {
        next = place->hh.next;
        free(place);
    }
    free(press);
}

/* ---- events ---- */

static struct place *place_of(struct press *press, const char *topic)
{
    struct place *place;
    HASH_FIND_STR(press->places, topic, place);
    if (place)
        return place;
    place = calloc(1, sizeof *place);
    must(place);
    memcpy(place->topic, topic, TOPIC_SIZE);
    HASH_ADD_STR(press->places, topic, place);
    return place;
}

static bool send_frame(struct press *press, struct text frame, bool more)
{
    int flags = ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0);
    return zmq_send(press->socket, frame.at, frame.len, flags) >= 0;
}

/* The attributes are those of CloudEvents 1.0, with its extension `sequence`. */
static void write_attributes(
    const struct press *press, const struct feed_event *event, uint64_t previous, struct buf *out)
{
    char moment[MOMENT_TEXT_SIZE];
    moment_to_text(event->event->at.ms, moment);
    buf_printf(out,
        "{\"specversion\":\"1.0\",\"id\":\"%" PRIu64 "\",\"source\":\"" SOURCE_FORMAT
        "\",\"type\":\"%.*s\",\"subject\":\"%.*s\",\"time\":\"%s\",\"datacontenttype\":"
        "\"application/json\",\"sequence\":\"%" PRIu64 "\",\"previous\":\"%" PRIu64 "\"}",
        event->position, press->settings->government, TEXT_ARG(event->event->type),
        TEXT_ARG(event->event->subject), moment, event->position, previous);
}

static void publish(
    struct press *press, const struct feed_event *event, const char *topic, uint64_t previous)
{
    struct text json = ring_json(press->ring, event->position);
    BUF_CLEANUP struct buf attributes = BUF(4096);
    write_attributes(press, event, previous, &attributes);
    if (!json.at || !send_frame(press, text_of(topic), true) ||
        !send_frame(press, buf_as_text(&attributes), true) || !send_frame(press, json, false))
        return; /* the place of the topic has moved on: subscribers see that they missed it */
    press->counts.published++;
}

void press_event(struct press *press, const struct facts *facts, const struct feed_event *event)
{
    char topic[TOPIC_SIZE];
    if (!press->context)
        return;
    press->position = event->position;
    if (!topic_of(facts, event->message, event->event->subject, topic))
        return;
    struct place *place = place_of(press, topic);
    uint64_t previous = place->position;
    place->position = event->position;
    if (!event->is_new)
        return;
    if (!place->changed) {
        place->changed = true;
        place->next_changed = press->changed;
        press->changed = place;
    }
    if (press->socket)
        publish(press, event, topic, previous);
}

/* ---- the control channel ---- */

static void say(struct press *press, const char *access, const struct stream_control *control)
{
    BUF_CLEANUP struct buf packed = BUF(JSON_MAX), json = BUF(JSON_MAX);
    char topic[ID_MAX + 2];
    int len = snprintf(topic, sizeof topic, "%c%s", CONTROL, access);
    pack_write(stream_control_record(), control, &packed);
    bool fine = json_write(stream_control_record(), buf_as_text(&packed), &json) && !json.full;
    if (fine && press->socket && send_frame(press, (struct text){topic, (size_t)len}, true))
        (void)send_frame(press, buf_as_text(&json), false);
}

/* One message with all that moved: it is heard as a whole or missed as a whole, and the next one
 * says from where it goes on. */
static void tell_heads(struct press *press, const struct department_access *access)
{
    static struct stream_control control;
    const size_t most = sizeof control.topics.at / sizeof *control.topics.at;
    memset(&control, 0, offsetof(struct stream_control, topics.at));
    control.kind = TEXT_LITERAL("heads");
    control.from = (struct whole){(int64_t)press->told, true};
    control.to = (struct whole){(int64_t)press->position, true};
    control.topic = control.detail = (struct text){0};
    control.topics.head = (struct list_head){0, true};
    for (const struct place *place = press->changed; place; place = place->next_changed) {
        if (!departments_may(access, text_of(place->topic)))
            continue;
        if (control.topics.head.count == most) {
            control.many = FLAG_YES;
            break;
        }
        control.topics.at[control.topics.head.count++] =
            (struct topic_head){text_of(place->topic), {(int64_t)place->position, true}};
    }
    say(press, access->id, &control);
}

static void tell_refusals(struct press *press)
{
    for (size_t i = 0; i < REFUSALS; i++) {
        struct refusal *refusal = &press->refusals[i];
        if (!refusal->times)
            continue;
        refusal->times--;
        say(press, refusal->access,
            &(struct stream_control){.kind = TEXT_LITERAL("refused"),
                .topic = {refusal->topic, refusal->len},
                .detail = TEXT_LITERAL("open to this access is what begins with \"public.\" and "
                                       "with its own topics, and nothing else")});
    }
}

static void heads(struct press *press, const struct facts *facts, uint64_t now_us)
{
    const struct department_entry *entry;
    if (now_us < press->heads_us)
        return;
    press->heads_us = now_us + HEADS_US;
    tell_refusals(press);
    for (size_t i = 0; (entry = departments_at(facts->departments, i)); i++)
        for (size_t a = 0; a < entry->count; a++)
            if (entry->accesses[a].state == ACCESS_GRANTED)
                tell_heads(press, &entry->accesses[a]);
    press->told = press->position;
    for (struct place *place = press->changed; place; place = place->next_changed)
        place->changed = false;
    press->changed = NULL;
}

static void tell_revoked(struct press *press, const struct facts *facts)
{
    const struct department_entry *entry;
    for (size_t i = 0; (entry = departments_at(facts->departments, i)); i++)
        for (size_t a = 0; a < entry->count; a++)
            if (entry->accesses[a].state == ACCESS_ENDED && entry->accesses[a].granted_ms)
                say(press, entry->accesses[a].id,
                    &(struct stream_control){.kind = TEXT_LITERAL("revoked"),
                        .detail = TEXT_LITERAL("this access has ended")});
}

/* ---- subscriptions ---- */

static bool is_own_channel(const struct department_access *access, struct text topic)
{
    return topic.len && topic.at[0] == CONTROL &&
           text_is((struct text){topic.at + 1, topic.len - 1}, access->id);
}

/* Of the topic only what can be read. */
static void refuse(struct press *press, const struct department_access *access, struct text topic)
{
    struct refusal *refusal = &press->refusals[press->refusal_next++ % REFUSALS];
    *refusal = (struct refusal){.times = REFUSAL_TIMES};
    memcpy(refusal->access, access->id, sizeof refusal->access);
    refusal->len = topic.len < sizeof refusal->topic ? topic.len : sizeof refusal->topic;
    for (size_t i = 0; i < refusal->len; i++)
        refusal->topic[i] = topic.at[i] > ' ' && topic.at[i] < 127 ? topic.at[i] : '?';
}

/* bytes: 1 to subscribe or 0 to end it, then the beginning of topics. `user` is whom the handshake
 * let in. */
static void take(
    struct press *press, const struct facts *facts, const char *user, struct text bytes)
{
    struct text topic = {bytes.at + 1, bytes.len - 1};
    const struct department_access *access =
        user ? departments_access(facts->departments, text_of(user)) : NULL;
    if (!access || bytes.at[0] > 1)
        return;
    if (bytes.at[0] == 0) {
        (void)zmq_setsockopt(press->socket, ZMQ_UNSUBSCRIBE, topic.at, topic.len);
    } else if (is_own_channel(access, topic) ||
               (access->state == ACCESS_GRANTED && departments_may(access, topic))) {
        must(zmq_setsockopt(press->socket, ZMQ_SUBSCRIBE, topic.at, topic.len) == 0);
    } else {
        press->counts.refused_topics++;
        log_begin(LOG_INFO, "subscription refused");
        log_str("access", access->id);
        log_text("topic", topic);
        log_end();
        refuse(press, access, topic);
    }
}

static void take_all(struct press *press, const struct facts *facts)
{
    zmq_msg_t message;
    must(zmq_msg_init(&message) == 0);
    while (zmq_msg_recv(&message, press->socket, ZMQ_DONTWAIT) >= 0) {
        struct text bytes = {zmq_msg_data(&message), zmq_msg_size(&message)};
        if (bytes.len)
            take(press, facts, zmq_msg_gets(&message, "User-Id"), bytes);
    }
    (void)zmq_msg_close(&message);
}

/* Who was let in is not asked again: when a key is shut out, all connections end, and whoever is
 * still welcome comes back by himself. */
static void shut_out(struct press *press, const struct facts *facts)
{
    static struct faults why;
    uint64_t revoked = departments_revoked(facts->departments);
    if (revoked != press->revoked) {
        press->revoked = revoked;
        tell_revoked(press, facts);
        close_socket(press);
    }
    faults_clear(&why);
    if (!press->socket && bind_socket(press, &why) != OK)
        log_line(LOG_DEBUG, "the department stream is not bound yet", "why", why.kept[0].detail);
}

void press_turn(struct press *press, const struct facts *facts, uint64_t now_us)
{
    if (!press->context)
        return;
    zap_turn(press->zap, facts ? facts->departments : NULL);
    if (!facts)
        return;
    shut_out(press, facts);
    if (!press->socket)
        return;
    take_all(press, facts);
    heads(press, facts, now_us);
}

const char *press_key(const struct press *press)
{
    return press->curve.public;
}

const char *press_address(const struct press *press)
{
    return press->address;
}

void press_counted(const struct press *press, struct press_counts *ret_counts)
{
    *ret_counts = press->counts;
    if (!press->zap)
        return;
    ret_counts->let_in = zap_counts(press->zap)->let_in;
    ret_counts->refused_keys = zap_counts(press->zap)->refused;
}
