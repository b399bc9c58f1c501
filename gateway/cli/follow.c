/* misaq follow: the reference subscriber of the stream for departments. Prints every event once, as
 * a line of JSON; says what was lost, and reads it over HTTP; goes on where it was, from a file. */
#include "base/clock.h"
#include "base/must.h"
#include "caller.h"
#include "commands.h"
#include "follow_keys.h"
#include "follow_place.h"
#include "options.h"
#include "proof/digest.h"
#include "schema/json.h"
#include "schema/pack.h"
#include "told.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <zmq.h>

#define TURN_MS   500
#define QUIET_US  UINT64_C(10000000) /* without a word on the control channel */
#define CALL_MS   30000
#define QUEUE     100000
#define FRAME_MAX ((size_t)1 << 20)
#define FRAMES    3
#define JSON_MAX  ((size_t)1 << 20)

struct follow {
    const char *url, *stream, *server_key, *access, *cursor_file;
    struct option_list topics;
    bool once; /* end when everything that is there has been had */
    struct follow_keys keys;
    struct follow_place place;
    struct caller *caller;
    void *context, *socket;
    char control[ID_MAX + 2];
    uint64_t heard_us; /* when the control channel last spoke */
    bool done, failed;
};

static volatile sig_atomic_t stopping;

static void on_signal(int number)
{
    (void)number;
    stopping = 1;
}

static bool is_wanted(const struct follow *follow, struct text type, struct text subject)
{
    struct text rest, body = text_cut(subject, '-', &rest);
    for (size_t i = 0; i < follow->topics.count; i++) {
        char one[2 * ID_MAX + 16];
        struct text topic = text_of(follow->topics.at[i]);
        /* What was not public when it happened may be public now: over HTTP there is one class. */
        struct text end;
        (void)text_cut(topic, '.', &end);
        (void)snprintf(one, sizeof one, "%.*s.%.*s", TEXT_ARG(type), TEXT_ARG(body));
        if (!end.at || text_starts(text_of(one), end))
            return true;
    }
    return false;
}

static void print(struct follow *follow, uint64_t position, struct text json)
{
    follow_place_take(&follow->place, position);
    (void)fwrite(json.at, 1, json.len, stdout);
    (void)fputc('\n', stdout);
}

/* ---- what was missed, over HTTP ---- */

static bool print_page(struct follow *follow, const struct event_page *page, uint64_t *last)
{
    for (uint32_t i = 0; i < page->items.head.count; i++) {
        const struct event_view *view = &page->items.at[i];
        uint64_t position = (uint64_t)view->position.value;
        BUF_CLEANUP struct buf packed = BUF(JSON_MAX), json = BUF(JSON_MAX);
        *last = position;
        if (!is_wanted(follow, view->type, view->subject) ||
            follow_place_has(&follow->place, position))
            continue;
        pack_write(event_view_record(), view, &packed);
        if (!json_write(event_view_record(), buf_as_text(&packed), &json))
            return false;
        print(follow, position, buf_as_text(&json));
    }
    return true;
}

/* Everything behind the cursor that is there. */
static bool read_again(struct follow *follow)
{
    static struct faults why;
    static struct event_page page;
    uint64_t last = follow->place.cursor;
    char path[128], next[32];
    (void)snprintf(next, sizeof next, "%" PRIu64, last);
    for (bool more = true; more;) {
        (void)snprintf(path, sizeof path, "/v1/events?limit=200&after=%s", next);
        struct call call = {.method = "GET",
            .path = path,
            .token = follow->keys.token,
            .accept = "application/vnd.msgpack"};
        struct called called = caller_call(follow->caller, &call);
        faults_clear(&why);
        memset(&page, 0, sizeof page);
        if (called.status != 200 ||
            pack_read_trusted(event_page_record(), called.body, &page, &why) != OK ||
            !print_page(follow, &page, &last)) {
            (void)fprintf(stderr, "cannot read what was missed (%d): %.*s\n", called.status,
                TEXT_ARG(called.body));
            return false;
        }
        more = page.next.at;
        if (more)
            (void)snprintf(next, sizeof next, "%.*s", TEXT_ARG(page.next));
    }
    follow_place_reach(&follow->place, last);
    return true;
}

/* ---- what comes ---- */

/* False when it could not be read: then the place stays, and the next heads find the same hole. */
static bool on_lost(struct follow *follow, const char *how)
{
    (void)fprintf(stderr, "hole: %s; reading again from %" PRIu64 "\n", how, follow->place.cursor);
    if (!read_again(follow))
        return false;
    (void)fprintf(stderr, "hole: closed, at %" PRIu64 "\n", follow->place.cursor);
    return true;
}

static void on_event(struct follow *follow, const struct text frames[FRAMES])
{
    static struct faults why;
    struct stream_attributes attributes = {0};
    JSON_CLEANUP struct json_document document = {0};
    uint64_t position, previous;
    faults_clear(&why);
    if (json_read(stream_attributes_record(), frames[1], &document, &attributes, &why) != OK ||
        !text_whole(attributes.sequence, (uint64_t)WHOLE_MAX, &position) ||
        !text_whole(attributes.previous, (uint64_t)WHOLE_MAX, &previous)) {
        (void)fprintf(stderr, "a message of another form was passed over\n");
        return;
    }
    if (follow_place_lacks(&follow->place, previous))
        (void)on_lost(follow, "an event is missing before this one");
    if (!follow_place_has(&follow->place, position))
        print(follow, position, frames[2]);
}

static void save(struct follow *follow)
{
    if (fflush(stdout) != 0)
        follow->failed = follow->done = true; /* nobody reads any more: what came is not had */
    else if (follow->cursor_file && !follow_place_save(follow->cursor_file, follow->place.cursor))
        perror(follow->cursor_file);
}

/* The first heads only say where to begin: what was published before they came is read. */
static void on_heads(struct follow *follow, const struct stream_control *heads)
{
    bool had = true;
    if (!follow->place.heads)
        had = read_again(follow);
    else if (follow_place_missed(&follow->place, heads, follow->topics.at, follow->topics.count))
        had = on_lost(follow, "what was published has not all come");
    if (!had)
        return;
    follow_place_reach(&follow->place, (uint64_t)heads->to.value);
    follow->place.heads = (uint64_t)heads->to.value;
    save(follow);
    follow->done |= follow->once;
}

static void on_control(struct follow *follow, struct text frame)
{
    static struct faults why;
    static struct stream_control control;
    JSON_CLEANUP struct json_document document = {0};
    faults_clear(&why);
    memset(&control, 0, sizeof control);
    follow->heard_us = clock_mono_us();
    if (json_read(stream_control_record(), frame, &document, &control, &why) != OK)
        return;
    if (text_is(control.kind, "heads")) {
        on_heads(follow, &control);
    } else {
        (void)fprintf(stderr, "%.*s: %.*s %.*s\n", TEXT_ARG(control.kind), TEXT_ARG(control.topic),
            TEXT_ARG(control.detail));
        follow->failed = follow->done = true;
    }
}

/* The frames of one message; false when none is there. */
static bool receive(struct follow *follow, struct text frames[FRAMES], size_t *ret_count)
{
    static char bytes[FRAMES][FRAME_MAX];
    int more = 1;
    size_t size = sizeof more;
    *ret_count = 0;
    while (more) {
        size_t place = *ret_count < FRAMES ? *ret_count : FRAMES - 1;
        int len = zmq_recv(follow->socket, bytes[place], FRAME_MAX, ZMQ_DONTWAIT);
        if (len < 0)
            return false;
        frames[place] = (struct text){bytes[place], (size_t)len < FRAME_MAX ? (size_t)len : 0};
        ++*ret_count;
        must(zmq_getsockopt(follow->socket, ZMQ_RCVMORE, &more, &size) == 0);
    }
    return true;
}

static void turn(struct follow *follow)
{
    zmq_pollitem_t item = {.socket = follow->socket, .events = ZMQ_POLLIN};
    struct text frames[FRAMES];
    size_t count;
    (void)zmq_poll(&item, 1, TURN_MS);
    while (!follow->done && receive(follow, frames, &count)) {
        if (count == 2 && text_is(frames[0], follow->control))
            on_control(follow, frames[1]);
        else if (count == FRAMES)
            on_event(follow, frames);
    }
    if (follow->heard_us + QUIET_US < clock_mono_us()) {
        (void)fprintf(stderr, "nothing is heard from %s: is the key let in, and is it running?\n",
            follow->stream);
        follow->heard_us = clock_mono_us();
    }
}

/* ---- beginning and end ---- */

static void subscribe(struct follow *follow)
{
    int zero = 0, queue = QUEUE;
    follow->context = zmq_ctx_new();
    must(follow->context);
    follow->socket = zmq_socket(follow->context, ZMQ_SUB);
    must(follow->socket);
    must(zmq_setsockopt(follow->socket, ZMQ_LINGER, &zero, sizeof zero) == 0);
    must(zmq_setsockopt(follow->socket, ZMQ_RCVHWM, &queue, sizeof queue) == 0);
    must(zmq_setsockopt(
             follow->socket, ZMQ_CURVE_PUBLICKEY, follow->keys.public, FOLLOW_KEY_SIZE) == 0);
    must(zmq_setsockopt(
             follow->socket, ZMQ_CURVE_SECRETKEY, follow->keys.secret, FOLLOW_KEY_SIZE) == 0);
    (void)snprintf(follow->control, sizeof follow->control, "~%s", follow->access);
    /* The control channel first: what is refused is said there. */
    must(zmq_setsockopt(follow->socket, ZMQ_SUBSCRIBE, follow->control, strlen(follow->control)) ==
         0);
    for (size_t i = 0; i < follow->topics.count; i++)
        must(zmq_setsockopt(follow->socket, ZMQ_SUBSCRIBE, follow->topics.at[i],
                 strlen(follow->topics.at[i])) == 0);
}

static bool connect_to(struct follow *follow)
{
    bool fine = zmq_setsockopt(follow->socket, ZMQ_CURVE_SERVERKEY, follow->server_key,
                    strlen(follow->server_key) + 1) == 0;
    if (!fine)
        (void)fprintf(stderr, "--server-key: not a CURVE key in Z85; /asyncapi.json has it\n");
    else if (zmq_connect(follow->socket, follow->stream) != 0)
        (void)fprintf(stderr, "--stream %s: %s\n", follow->stream, zmq_strerror(zmq_errno()));
    else
        return true;
    return false;
}

static int run(struct follow *follow)
{
    struct sigaction stop = {.sa_handler = on_signal};
    (void)sigaction(SIGTERM, &stop, NULL);
    (void)sigaction(SIGINT, &stop, NULL);
    if (follow->cursor_file && !follow_place_load(follow->cursor_file, &follow->place.cursor)) {
        (void)fprintf(stderr, "%s: holds no position\n", follow->cursor_file);
        return COMMAND_FAILED;
    }
    follow->caller = caller_open(follow->url, CALL_MS);
    must(follow->caller);
    subscribe(follow);
    follow->heard_us = clock_mono_us();
    bool fine = connect_to(follow) && read_again(follow);
    while (fine && !stopping && !follow->done)
        turn(follow);
    if (fine)
        save(follow);
    (void)zmq_close(follow->socket);
    (void)zmq_ctx_term(follow->context);
    caller_close(follow->caller);
    follow_place_free(&follow->place);
    return fine && !follow->failed ? COMMAND_FINE : COMMAND_FAILED;
}

static int make_keys(const char *path)
{
    static struct faults why;
    struct follow_keys keys;
    char hex[DIGEST_HEX_SIZE];
    if (follow_keys_make(path, &keys, &why) != OK)
        return told_faults("no key is made", &why);
    struct digest digest = digest_of(text_of(keys.token));
    (void)printf(
        "{\"key\":\"%s\",\"token_digest\":\"%s\"}\n", keys.public, digest_to_hex(&digest, hex));
    (void)fprintf(stderr,
        "The secret key and the token are in %s: keep them. What is printed is for the two\n"
        "administrators: POST /v1/departments/{department}/accesses\n",
        path);
    return COMMAND_FINE;
}

int command_follow(int argc, char **argv)
{
    static struct faults why;
    static struct follow follow;
    const char *keygen = NULL, *keys = NULL;
    follow = (struct follow){0};
    const struct option options[] = {{.name = "--keygen", .value = &keygen},
        {.name = "--keys", .value = &keys}, {.name = "--url", .value = &follow.url},
        {.name = "--stream", .value = &follow.stream},
        {.name = "--server-key", .value = &follow.server_key},
        {.name = "--access", .value = &follow.access},
        {.name = "--cursor", .value = &follow.cursor_file},
        {.name = "--topic", .list = &follow.topics}, {.name = "--once", .flag = &follow.once}};
    if (!options_read(argc, argv, options, OPTIONS_COUNT(options), NULL, 0))
        return command_misused("follow");
    if (keygen)
        return make_keys(keygen);
    bool complete = keys && follow.url && follow.stream && follow.server_key && follow.access &&
                    follow.topics.count && strlen(follow.access) <= ID_MAX;
    if (!complete)
        return command_misused("follow");
    if (follow_keys_read(keys, &follow.keys, &why) != OK)
        return told_faults("nothing is followed", &why);
    return run(&follow);
}
