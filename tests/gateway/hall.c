#include "hall.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"
#include "ledger/turns.h"
#include "proof/token.h"
#include "schema/pack.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
// clang-format on

#define VERSIONS_MAX 32
#define FRAMES_MAX   8
#define ANSWER_MAX   (4u << 20)

struct hall {
    struct redis *redis;
    struct settings settings;
    pid_t gateway;
    in_port_t port;
    struct ledger *ledger;
    struct {
        char subject[ID_MAX + 1];
        uint64_t version;
    } versions[VERSIONS_MAX];
    uint64_t position;
    struct bus *bus;
    struct bus_socket *publisher;
    struct bus_socket *services[SERVICE_COUNT]; /* NULL until hall_serve() */
    enum service_id asked;                      /* the one that `message` came to */
    struct bus_message *message;
    struct envelope envelope;
    int client;
    struct buf answer_bytes, token;
    struct hall_answer answer;
    struct faults why;
};

/* The port that the gateway says in its log that it listens on. */
static in_port_t read_port(const char *path)
{
    char lines[8192];
    static const char mark[] = "\"http\":\"127.0.0.1:";
    for (uint64_t until_us = clock_mono_us() + 20000000;;) {
        FILE *log = fopen(path, "r");
        size_t len = log ? fread(lines, 1, sizeof lines - 1, log) : 0;
        lines[len] = '\0';
        if (log)
            (void)fclose(log);
        const char *at = strstr(lines, mark);
        if (at && strchr(at, '\n'))
            return (in_port_t)strtoul(at + sizeof mark - 1, NULL, 10);
        if (clock_mono_us() > until_us)
            fail_msg("the gateway did not start:\n%s", lines);
        (void)usleep(5000);
    }
}

static void start_gateway(struct hall *hall, int (*run)(const struct settings *settings))
{
    char path[200];
    (void)snprintf(path, sizeof path, "%s/gateway.log", redis_folder(hall->redis));
    hall->gateway = fork();
    assert_true(hall->gateway >= 0);
    if (hall->gateway == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        int log = open(path, O_CREAT | O_WRONLY | O_APPEND, 0600);
        (void)dup2(log, STDERR_FILENO);
        _exit(run(&hall->settings));
    }
    hall->port = read_port(path);
}

static void open_bus(struct hall *hall)
{
    faults_clear(&hall->why);
    assert_int_equal(bus_open(&hall->bus, &hall->why), OK);
    assert_int_equal(bus_socket_open(hall->bus, BUS_PUBLISHER, hall->settings.offices_events, 100,
                         &hall->publisher, &hall->why),
        OK);
}

/* Waits a moment for a message to any of the services. */
static struct bus_message *receive(struct hall *hall)
{
    struct bus_wait waits[SERVICE_COUNT];
    size_t count = 0;
    for (enum service_id s = SERVICE_any + 1; s < SERVICE_COUNT; s++)
        waits[count++] = (struct bus_wait){.socket = hall->services[s]};
    bus_wait(waits, count, 100);
    for (enum service_id s = SERVICE_any + 1; s < SERVICE_COUNT; s++) {
        struct bus_message *message = bus_receive(hall->services[s]);
        hall->asked = s;
        if (message)
            return message;
    }
    return NULL;
}

void hall_serve(struct hall *hall)
{
    const char *const addresses[SERVICE_COUNT] = {
#define SERVICE(name, sentence) [SERVICE_##name] = hall->settings.name##_commands,
#include "schema/services.def"
#undef SERVICE
    };
    for (enum service_id s = SERVICE_any + 1; s < SERVICE_COUNT; s++)
        assert_int_equal(bus_socket_open(hall->bus, BUS_SERVER, addresses[s], 100,
                             &hall->services[s], &hall->why),
            OK);
    /* The gateway asks each of them every second how it is: then it has found it. */
    bool found[SERVICE_COUNT] = {false};
    uint64_t until_us = clock_mono_us() + 20000000;
    for (size_t missing = SERVICE_COUNT - 1; missing;) {
        struct bus_message *message = receive(hall);
        if (clock_mono_us() > until_us)
            fail_msg("the gateway does not look for its services");
        if (!message)
            continue;
        missing -= !found[hall->asked];
        found[hall->asked] = true;
        bus_message_free(message);
    }
}

struct hall *hall_open(int (*run)(const struct settings *settings), uint64_t proxies)
{
    struct hall *hall = calloc(1, sizeof *hall);
    must(hall);
    hall->client = -1;
    hall->answer_bytes = BUF(ANSWER_MAX);
    hall->token = BUF(TOKEN_MAX + 1);
    hall->redis = redis_start(NULL);
    redis_settings(hall->redis, &hall->settings);
    struct settings *settings = &hall->settings;
    const char *folder = redis_folder(hall->redis);
    char *const addresses[] = {settings->targets_commands, settings->targets_events,
        settings->offices_commands, settings->offices_events, settings->reviews_commands,
        settings->reviews_events, settings->signatures_commands, settings->signatures_events};
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++)
        (void)snprintf(addresses[i], SETTING_WORD_SIZE, "ipc://%s/socket-%zu", folder, i);
    (void)snprintf(settings->http, SETTING_WORD_SIZE, "127.0.0.1:0");
    (void)snprintf(settings->admin, SETTING_WORD_SIZE, "127.0.0.1:0");
    (void)snprintf(settings->keys, SETTING_WORD_SIZE, "%s", folder);
    (void)snprintf(settings->evidence, SETTING_WORD_SIZE, "%.200s/evidence", folder);
    settings->proxies = proxies;
    start_gateway(hall, run);
    hall->ledger = turns_open(hall->redis, settings->government);
    open_bus(hall);
    return hall;
}

void hall_close(struct hall *hall)
{
    int status;
    assert_int_equal(kill(hall->gateway, SIGTERM), 0);
    assert_int_equal(waitpid(hall->gateway, &status, 0), hall->gateway);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    if (hall->message)
        bus_message_free(hall->message);
    bus_close(hall->bus);
    ledger_close(hall->ledger);
    redis_stop(hall->redis);
    buf_free(&hall->answer_bytes);
    buf_free(&hall->token);
    free(hall);
}

static uint64_t *version_of(struct hall *hall, const char *subject)
{
    size_t i = 0;
    while (i < VERSIONS_MAX - 1 && *hall->versions[i].subject &&
           strcmp(hall->versions[i].subject, subject) != 0)
        i++;
    (void)snprintf(hall->versions[i].subject, ID_MAX + 1, "%s", subject);
    return &hall->versions[i].version;
}

uint64_t hall_event(struct hall *hall, enum message message, const char *subject, const char *about,
    const void *record, struct buf *packed)
{
    BUF_CLEANUP struct buf data = BUF(65536);
    BUF_CLEANUP struct buf entry = BUF(131072);
    pack_write(message_row(message)->carries(), record, &data);
    struct event event = {.type = text_of(message_row(message)->wire),
        .subject = text_of(subject),
        .about = text_of(about),
        .at = {clock_wall_ms(), true},
        .actor = {TEXT_LITERAL("adm.one"), TEXT_LITERAL("administrator.1")},
        .has_actor = true,
        .cause = TEXT_LITERAL("cause"),
        .data = buf_as_text(&data)};
    pack_write(event_record(), &event, &entry);
    char key[24];
    (void)snprintf(key, sizeof key, "%llu", (unsigned long long)hall->position);
    struct ledger_expectation expected = {event.subject, *version_of(hall, subject)};
    struct ledger_event written = {event.subject, buf_as_text(&entry)};
    struct ledger_append append = {
        text_of(key), TEXT_LITERAL("f"), TEXT_LITERAL("a"), &expected, 1, &written, 1};
    struct heard heard = {0};
    ledger_append(hall->ledger, &append, turns_hear, &heard);
    turns_settle(hall->ledger);
    assert_int_equal(heard.outcome, LEDGER_APPENDED);
    ++*version_of(hall, subject);
    hall->position = heard.first;
    if (packed)
        buf_text(packed, buf_as_text(&entry));
    return heard.first;
}

void hall_publish(struct hall *hall, enum message message, uint64_t position, struct text packed)
{
    assert_true(
        envelope_publish(hall->publisher, text_of(message_row(message)->wire), position, packed));
}

void hall_hold(struct hall *hall, const char *reason)
{
    assert_true(envelope_publish_hold(hall->publisher, text_of(reason)));
}

void hall_key(struct hall *hall)
{
    unsigned char secret[TOKEN_SECRET_SIZE];
    faults_clear(&hall->why);
    assert_int_equal(token_secret(hall->settings.keys, true, secret, &hall->why), OK);
}

const char *hall_token(struct hall *hall, const char *person, const char *session, int64_t expires)
{
    unsigned char secret[TOKEN_SECRET_SIZE];
    faults_clear(&hall->why);
    assert_int_equal(token_secret(hall->settings.keys, false, secret, &hall->why), OK);
    int64_t began = clock_wall_ms() / 1000 - 60;
    struct token token = {text_of(hall->settings.government), text_of(person), text_of(session),
        began, began, expires};
    buf_clear(&hall->token);
    token_write(&token, secret, &hall->token);
    buf_char(&hall->token, '\0');
    return hall->token.at;
}

void hall_send(struct hall *hall, const char *head, const char *body)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
        .sin_port = htons(hall->port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    BUF_CLEANUP struct buf request = BUF(1u << 20);
    struct text rest, first = text_cut(text_of(head), '\n', &rest);
    buf_text(&request, first);
    buf_str(&request, " HTTP/1.1\r\nHost: hall\r\nConnection: close\r\n");
    while (rest.len) {
        buf_text(&request, text_cut(rest, '\n', &rest));
        buf_str(&request, "\r\n");
    }
    if (body)
        buf_printf(
            &request, "Content-Type: application/json\r\nContent-Length: %zu\r\n", strlen(body));
    buf_printf(&request, "\r\n%s", body ? body : "");
    if (hall->client >= 0)
        (void)close(hall->client);
    hall->client = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(hall->client >= 0);
    assert_int_equal(connect(hall->client, (struct sockaddr *)&to, sizeof to), 0);
    assert_int_equal(write(hall->client, request.at, request.len), (ssize_t)request.len);
}

const struct hall_answer *hall_take(struct hall *hall)
{
    struct buf *bytes = &hall->answer_bytes;
    struct pollfd fd = {.fd = hall->client, .events = POLLIN};
    ssize_t got = 1;
    buf_clear(bytes);
    while (got > 0) {
        char *to = buf_reserve(bytes, 65536);
        must(to);
        if (poll(&fd, 1, 20000) != 1)
            fail_msg("no answer in 20 s");
        got = read(hall->client, to, 65536);
        bytes->len += got > 0 ? (size_t)got : 0;
    }
    buf_char(bytes, '\0');
    char *body = strstr(bytes->at, "\r\n\r\n");
    if (!body || strncmp(bytes->at, "HTTP/1.1 ", 9) != 0)
        fail_msg("no answer: %s", bytes->at);
    must(body);
    body[2] = '\0';
    hall->answer = (struct hall_answer){(int)strtol(bytes->at + 9, NULL, 10), bytes->at, body + 4};
    return &hall->answer;
}

const struct hall_answer *hall_ask(struct hall *hall, const char *head, const char *body)
{
    hall_send(hall, head, body);
    return hall_take(hall);
}

const struct envelope *hall_question(struct hall *hall, enum message *ret_message, void *record)
{
    uint64_t until_us = clock_mono_us() + 20000000;
    for (;;) {
        if (hall->message)
            bus_message_free(hall->message);
        hall->message = receive(hall);
        if (clock_mono_us() > until_us)
            fail_msg("no question in 20 s");
        faults_clear(&hall->why);
        if (!hall->message)
            continue;
        assert_int_equal(
            envelope_read(hall->message, &hall->envelope, ret_message, &hall->why), OK);
        if (message_row(*ret_message)->service == SERVICE_any)
            continue; /* how we are: the gateway asks all the time */
        if (pack_read(message_row(*ret_message)->carries(), hall->message->frames[1], PACK_REFUSE,
                record, &hall->why) != OK)
            fail_msg("%s: %s", hall->why.kept[0].member, hall->why.kept[0].detail);
        return &hall->envelope;
    }
}

void hall_answer_frames(
    struct hall *hall, const struct answer *answer, const struct text *frames, size_t count)
{
    BUF_CLEANUP struct buf head = BUF(BUS_FRAME_MAX);
    struct answer said = *answer;
    struct text all[FRAMES_MAX + 1];
    assert_true(count <= FRAMES_MAX);
    said.id = hall->envelope.id;
    pack_write(answer_record(), &said, &head);
    all[0] = buf_as_text(&head);
    memcpy(all + 1, frames, count * sizeof *frames);
    assert_true(bus_send(hall->services[hall->asked], hall->message->peer, all, count + 1));
}

void hall_answer(
    struct hall *hall, const struct answer *answer, const struct record *record, const void *value)
{
    BUF_CLEANUP struct buf frame = BUF(BUS_FRAME_MAX);
    pack_write(record, value, &frame);
    struct text packed = buf_as_text(&frame);
    hall_answer_frames(hall, answer, &packed, 1);
}

void hall_refuse(struct hall *hall, enum err err, const char *detail)
{
    BUF_CLEANUP struct buf frame = BUF(BUS_FRAME_MAX);
    size_t ends[FAULTS_KEPT];
    struct answer answer = {.status = text_of(err_word(err))};
    faults_clear(&hall->why);
    faults_add(&hall->why, err, "", "%s", detail);
    assert_int_equal(envelope_write_faults(&hall->why, &frame, ends), 1);
    struct text packed = buf_as_text(&frame);
    hall_answer_frames(hall, &answer, &packed, 1);
}
