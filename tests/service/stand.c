/* See stand.h. */
#include "stand.h"

#include "base/clock.h"
#include "base/must.h"
#include "posts.h"
#include "registry.h"
#include "schema/pack.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define WAIT_US         20000000u
#define AGAIN_MS        500 /* a question that was under way to a process that died is lost */
#define ENVIRONMENT_MAX 256
#define SERVE           "serve"

extern char **environ;

void stand_open(struct stand *stand, struct redis *redis, const char *government)
{
    static struct faults why;
    *stand = (struct stand){.redis = redis};
    const char *folder = redis_folder(redis);
    must(bus_open(&stand->bus, &why) == OK);
    for (int i = 0; i < STAND_INSTANCES; i++) {
        struct settings *settings = &stand->settings[i];
        redis_settings(redis, settings);
        (void)snprintf(settings->government, sizeof settings->government, "%s", government);
        settings->redis_timeout_ms = 500;
        /* its own address first, then that of the other */
        (void)snprintf(settings->targets_commands, SETTING_WORD_SIZE,
            "ipc://%s/%s.c%d,ipc://%s/%s.c%d", folder, government, i, folder, government, 1 - i);
        (void)snprintf(settings->targets_events, SETTING_WORD_SIZE,
            "ipc://%s/%s.e%d,ipc://%s/%s.e%d", folder, government, i, folder, government, 1 - i);
        (void)snprintf(settings->keys, SETTING_WORD_SIZE, "%s/%s.g%d", folder, government, i);
        (void)snprintf(settings->record, SETTING_WORD_SIZE, "%s/%s.r%d", folder, government, i);
        must(mkfifo(settings->keys, 0600) == 0 && mkdir(settings->record, 0700) == 0);
        stand->gates[i] = open(settings->keys, O_RDWR | O_CLOEXEC);
        must(stand->gates[i] >= 0);
        char own[SETTING_WORD_SIZE];
        const char *list = settings->targets_commands;
        must(settings_next_address(&list, own));
        must(bus_socket_open(stand->bus, BUS_CLIENT, own, 4096, &stand->clients[i], &why) == OK);
    }
    posts_found(redis, government);
}

void stand_close(struct stand *stand)
{
    for (int i = 0; i < STAND_INSTANCES; i++) {
        stand_kill(stand, i);
        (void)close(stand->gates[i]);
    }
    bus_close(stand->bus);
}

void stand_release(struct stand *stand, int instance, size_t count)
{
    while (count-- > 0)
        must(write(stand->gates[instance], "!", 1) == 1);
}

void stand_hold(struct stand *stand, int instance, bool hold)
{
    char path[SETTING_WORD_SIZE + 8];
    (void)snprintf(path, sizeof path, "%s/hold", stand->settings[instance].record);
    if (!hold)
        must(unlink(path) == 0);
    else {
        int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
        must(fd >= 0 && close(fd) == 0);
    }
}

bool stand_serves(int argc, char **argv, int *ret_code)
{
    if (argc != 2)
        return false;
    bool serve = strcmp(argv[1], SERVE) == 0;
    *ret_code = service_main(serve ? 1 : argc, argv, &registry);
    return true;
}

/* The settings as an environment, lines cut in place, and whatever else this program was given. */
static void write_environment(
    const struct settings *settings, struct buf *lines, char *environment[ENVIRONMENT_MAX])
{
    size_t count = 0;
    settings_write(settings, lines);
    buf_char(lines, '\0');
    for (char *line = lines->at, *end; (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        if (!strstr(line, "(not set)"))
            environment[count++] = line;
    }
    for (char **more = environ; *more && count + 1 < ENVIRONMENT_MAX; more++)
        if (strncmp(*more, "MISAQ_", 6) != 0)
            environment[count++] = *more;
    environment[count] = NULL;
}

/* Runs this program again: a fork alone would share locks with the threads of libzmq. */
static pid_t run(const struct settings *settings, const char *argument, int out)
{
    BUF_CLEANUP struct buf lines = BUF(1u << 16);
    char *environment[ENVIRONMENT_MAX], word[16];
    char *arguments[] = {(char[]){"registry"}, word, NULL};
    (void)snprintf(word, sizeof word, "%s", argument);
    write_environment(settings, &lines, environment);
    pid_t parent = getpid(), pid = fork();
    must(pid >= 0);
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent || (out >= 0 && dup2(out, STDOUT_FILENO) < 0))
            _exit(1);
        execve("/proc/self/exe", arguments, environment);
        _exit(1);
    }
    return pid;
}

void stand_start(struct stand *stand, int instance)
{
    stand->pids[instance] = run(&stand->settings[instance], SERVE, -1);
}

void stand_replay(struct stand *stand, char line[96])
{
    int ends[2], status;
    ssize_t got;
    size_t len = 0;
    must(pipe(ends) == 0);
    pid_t pid = run(&stand->settings[0], "--digest", ends[1]);
    (void)close(ends[1]);
    while (len < 95 && (got = read(ends[0], line + len, 95 - len)) > 0)
        len += (size_t)got;
    (void)close(ends[0]);
    while (len && line[len - 1] == '\n')
        len--;
    line[len] = '\0';
    must(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

void stand_start_ready(struct stand *stand, int instance)
{
    stand_start(stand, instance);
    stand_until(stand, instance, 0);
}

void stand_kill(struct stand *stand, int instance)
{
    if (!stand->pids[instance])
        return;
    (void)kill(stand->pids[instance], SIGKILL);
    (void)stand_wait(stand, instance);
}

void stand_end(struct stand *stand, int instance)
{
    must(kill(stand->pids[instance], SIGTERM) == 0);
}

int stand_wait(struct stand *stand, int instance)
{
    int status = 0;
    while (waitpid(stand->pids[instance], &status, 0) < 0)
        must(errno == EINTR);
    stand->pids[instance] = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static struct whole whole_of(int64_t value)
{
    return (struct whole){value, value != 0};
}

unsigned stand_send(struct stand *stand, const struct question *question)
{
    BUF_CLEANUP struct buf head = BUF(1u << 16), body = BUF(1u << 20);
    char id[24];
    unsigned number = ++stand->asked;
    (void)snprintf(id, sizeof id, "%u", number);
    const struct message_row *row = message_row(question->message);
    struct envelope envelope = {.id = text_of(id),
        .message = text_of(row->wire),
        .has_actor = question->office != NULL,
        .actor = {text_of(question->person ? question->person : "a.khan"),
            text_of(question->office)},
        .key = text_of(question->key),
        .at = text_of(question->at),
        .expected = whole_of(question->expected),
        .least = whole_of(question->least),
        .within_ms = whole_of(question->within_ms)};
    pack_write(envelope_record(), &envelope, &head);
    if (question->body)
        pack_write(row->carries(), question->body, &body);
    else
        pack_map(&body, 0);
    struct text frames[8] = {buf_as_text(&head), buf_as_text(&body)};
    for (size_t i = 0; i < question->rows; i++)
        frames[2 + i] = buf_as_text(&body);
    uint64_t until = clock_mono_us() + WAIT_US;
    while (!bus_send(
        stand->clients[question->instance], (struct text){0}, frames, 2 + question->rows)) {
        must(clock_mono_us() < until);
        bus_wait(NULL, 0, 5); /* until it is connected */
    }
    return number;
}

bool stand_hear(struct stand *stand, int instance, int wait_ms, struct told *told)
{
    struct bus_socket *client = stand->clients[instance];
    uint64_t until = clock_mono_us() + (uint64_t)wait_ms * 1000, number;
    while (!(told->message = bus_receive(client))) {
        uint64_t now = clock_mono_us();
        if (now >= until)
            return false;
        bus_wait(&(struct bus_wait){.socket = client}, 1, (int)((until - now) / 1000) + 1);
    }
    faults_clear(&told->why);
    must(envelope_read_answer(told->message, &told->answer, &told->why) == OK);
    told->status = err_from_word(told->answer.status.at, told->answer.status.len);
    if (told->status != OK)
        envelope_read_faults(told->message, told->status, &told->why);
    must(text_whole(told->answer.id, UINT32_MAX, &number));
    told->number = (unsigned)number;
    return true;
}

void told_free(struct told *told)
{
    bus_message_free(told->message);
    told->message = NULL;
}

void stand_ask(struct stand *stand, const struct question *question, struct told *told)
{
    for (uint64_t until = clock_mono_us() + WAIT_US; clock_mono_us() < until;) {
        unsigned number = stand_send(stand, question);
        while (stand_hear(stand, question->instance, AGAIN_MS, told)) {
            if (told->number == number)
                return;
            told_free(told); /* of a question before */
        }
    }
    must(!"an answer within 20 s");
}

enum err stand_put(struct stand *stand, int instance, enum message message, const char *key,
    const char *id, const char *name, struct did *ret_did)
{
    static struct told told;
    static struct faults why;
    struct body body = {.id = text_of(id),
        .name = text_of(name),
        .kind = TEXT_LITERAL("division"),
        .valid_from = 20210701};
    stand_ask(stand,
        &(struct question){.instance = instance,
            .message = message,
            .office = "administrator.1",
            .key = key,
            .body = &body},
        &told);
    struct receipt receipt = {0};
    if (told.status == OK) {
        must(told.message->count == 2);
        must(pack_read(receipt_record(), told.message->frames[1], PACK_REFUSE, &receipt, &why) ==
             OK);
        must(text_is(receipt.id, id) && text_is(receipt.record, "accepted"));
        must(told.answer.version.value == receipt.version.value);
        must(told.answer.position.value == receipt.position.value);
        *ret_did = (struct did){(uint64_t)receipt.version.value, (uint64_t)receipt.position.value,
            (uint64_t)receipt.events.value};
    }
    enum err status = told.status;
    told_free(&told);
    return status;
}

uint64_t stand_get(struct stand *stand, int instance, const char *id, uint64_t least,
    const char *at, char name[64])
{
    static struct told told;
    static struct faults why;
    struct body_one one = {.body = text_of(id)};
    stand_ask(stand,
        &(struct question){.instance = instance,
            .message = MESSAGE_body_get,
            .body = &one,
            .least = (int64_t)least,
            .at = at},
        &told);
    struct body_view view = {0};
    if (told.status == OK) {
        must(
            pack_read(body_view_record(), told.message->frames[1], PACK_REFUSE, &view, &why) == OK);
        must(told.answer.version.value == view.version.value);
        (void)snprintf(name, 64, "%.*s", TEXT_ARG(view.body.name));
    }
    told_free(&told);
    return (uint64_t)view.version.value;
}

struct service_status stand_status(struct stand *stand, int instance, char why[256])
{
    static struct told told;
    struct service_status status = {0};
    stand_ask(
        stand, &(struct question){.instance = instance, .message = MESSAGE_service_status}, &told);
    must(told.status == OK);
    must(pack_read_trusted(service_status_record(), told.message->frames[1], &status, &told.why) ==
         OK);
    (void)snprintf(why, 256, "%.*s", TEXT_ARG(status.why));
    told_free(&told);
    return status;
}

void stand_until(struct stand *stand, int instance, uint64_t position)
{
    char why[256];
    for (uint64_t until = clock_mono_us() + WAIT_US;; must(clock_mono_us() < until)) {
        struct service_status status = stand_status(stand, instance, why);
        if (status.ready == FLAG_YES && (uint64_t)status.position.value >= position)
            return;
        bus_wait(NULL, 0, 5);
    }
}

void stand_digest(struct stand *stand, int instance, char digest[65])
{
    static struct told told;
    struct service_digest line = {0};
    stand_ask(
        stand, &(struct question){.instance = instance, .message = MESSAGE_service_digest}, &told);
    must(told.status == OK);
    must(pack_read_trusted(service_digest_record(), told.message->frames[1], &line, &told.why) ==
         OK);
    (void)snprintf(digest, 65, "%.*s", TEXT_ARG(line.digest));
    told_free(&told);
}
