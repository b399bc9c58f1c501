/* misaq witness: add-checkpoint over HTTP, for another organisation to run. One thread, one request
 * a connection, and an absolute deadline for each: a witness that can be kept busy by strangers
 * witnesses nothing. */
#include "base/clock.h"
#include "base/must.h"
#include "commands.h"
#include "listen.h"
#include "options.h"
#include "told.h"
#include "witness_book.h"

#include <microhttpd.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define LINES_MAX   64
#define LINES_EACH  16
#define REQUEST_MAX (64u << 10)
#define MEMORY_EACH (size_t)(16 * 1024)
#define LIFE_US     UINT64_C(10000000) /* longest life of a connection */
#define TURN_MS     1000

struct line {
    int fd; /* -1: free */
    uint64_t began_us;
};

struct witness {
    struct witness_book book;
    struct MHD_Daemon *daemon;
    struct line lines[LINES_MAX];
};

struct visit {
    bool known; /* the path and the method */
    bool too_long;
    struct buf request;
};

static volatile sig_atomic_t stopping;

static void on_signal(int number)
{
    (void)number;
    stopping = 1;
}

static void on_connection(void *owner, struct MHD_Connection *connection, void **context,
    enum MHD_ConnectionNotificationCode code)
{
    struct witness *witness = owner;
    struct line *line = *context;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        if (line)
            line->fd = -1;
        return;
    }
    for (size_t i = 0; i < LINES_MAX && !*context; i++)
        if (witness->lines[i].fd < 0) {
            witness->lines[i] = (struct line){
                MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd,
                clock_mono_us()};
            *context = &witness->lines[i];
        }
}

static enum MHD_Result answer(struct MHD_Connection *connection, int status, struct text body)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        body.len, (void *)(uintptr_t)body.at, MHD_RESPMEM_MUST_COPY);
    must(response);
    const char *type = status == 409 ? "text/x.tlog.size" : "text/plain; charset=utf-8";
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    enum MHD_Result result = MHD_queue_response(connection, (unsigned)status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result judge(
    struct witness *witness, const struct visit *visit, struct MHD_Connection *connection)
{
    BUF_CLEANUP struct buf body = BUF(4096);
    if (!visit->known)
        return answer(connection, 404, TEXT_LITERAL("here is only POST /add-checkpoint\n"));
    if (visit->too_long)
        return answer(connection, 413, TEXT_LITERAL("a request has at most 65536 bytes\n"));
    int status = witness_book_add(
        &witness->book, buf_as_text(&visit->request), (uint64_t)(clock_wall_ms() / 1000), &body);
    (void)printf("%d size %llu\n", status, (unsigned long long)witness->book.size);
    (void)fflush(stdout);
    return answer(connection, status, buf_as_text(&body));
}

static enum MHD_Result on_request(void *owner, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *bytes, size_t *len, void **context)
{
    struct visit *visit = *context;
    (void)version;
    if (!visit) {
        visit = calloc(1, sizeof *visit);
        must(visit);
        visit->known = strcmp(url, "/add-checkpoint") == 0 && strcmp(method, "POST") == 0;
        visit->request = BUF(REQUEST_MAX);
        *context = visit;
        return MHD_YES;
    }
    if (*len == 0)
        return judge(owner, visit, connection);
    if (visit->known)
        buf_add(&visit->request, bytes, *len);
    visit->too_long = visit->request.full;
    *len = 0;
    return MHD_YES;
}

static void on_completed(void *owner, struct MHD_Connection *connection, void **context,
    enum MHD_RequestTerminationCode code)
{
    struct visit *visit = *context;
    (void)owner;
    (void)connection;
    (void)code;
    if (!visit)
        return;
    buf_free(&visit->request);
    free(visit);
    *context = NULL;
}

/* The library's own time-out is one of silence only. */
static void reap(struct witness *witness)
{
    uint64_t now = clock_mono_us();
    for (size_t i = 0; i < LINES_MAX; i++)
        if (witness->lines[i].fd >= 0 && now - witness->lines[i].began_us > LIFE_US)
            (void)shutdown(witness->lines[i].fd, SHUT_RDWR);
}

static void serve(struct witness *witness)
{
    struct pollfd poll_of = {.events = POLLIN,
        .fd = MHD_get_daemon_info(witness->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd};
    while (!stopping) {
        MHD_UNSIGNED_LONG_LONG wait = TURN_MS;
        if (MHD_get_timeout(witness->daemon, &wait) != MHD_YES || wait > TURN_MS)
            wait = TURN_MS;
        (void)poll(&poll_of, 1, (int)wait);
        (void)MHD_run(witness->daemon);
        reap(witness);
    }
}

static int open_daemon(struct witness *witness, const char *address, struct faults *why)
{
    char bound[LISTEN_ADDRESS_SIZE];
    int fd;
    if (listen_open(address, &fd, bound, why) != OK)
        return told_faults("the witness cannot listen", why);
    witness->daemon = MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, on_request, witness,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, (unsigned)LINES_MAX,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)LINES_EACH,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, MEMORY_EACH, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)(LIFE_US / 1000000), MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, witness, MHD_OPTION_END);
    if (!witness->daemon) {
        (void)close(fd);
        return told("the witness cannot serve on %s", bound);
    }
    BUF_CLEANUP struct buf key = BUF(1024);
    note_key_write(&key, &witness->book.key);
    (void)printf("listening on %s\nverifier key %.*s\n"
                 "Set in the environment of the ledger: MISAQ_WITNESSES=\"%.*s http://%s\"\n",
        bound, TEXT_ARG(buf_as_text(&key)), TEXT_ARG(buf_as_text(&key)), bound);
    (void)fflush(stdout);
    return COMMAND_FINE;
}

static int run(struct witness *witness, const char *address, struct faults *why)
{
    struct sigaction action = {.sa_handler = on_signal};
    (void)sigaction(SIGTERM, &action, NULL);
    (void)sigaction(SIGINT, &action, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < LINES_MAX; i++)
        witness->lines[i].fd = -1;
    int code = open_daemon(witness, address, why);
    if (code == COMMAND_FINE) {
        serve(witness);
        MHD_stop_daemon(witness->daemon);
    }
    return code;
}

int command_witness(int argc, char **argv)
{
    static struct witness witness;
    static struct faults why;
    struct note_key log;
    const char *address = NULL, *folder = NULL, *text = NULL, *name = "misaq-witness";
    const struct option options[] = {{.name = "--listen", .value = &address},
        {.name = "--folder", .value = &folder}, {.name = "--log", .value = &text},
        {.name = "--name", .value = &name}};
    if (!options_read(argc, argv, options, OPTIONS_COUNT(options), NULL, 0) || !address ||
        !folder || !text)
        return command_misused("witness");
    const char *complaint = note_name_complaint(text_of(name));
    if (complaint)
        return told("--name %s", complaint);
    if (note_key_read(text_of(text), &log, &why) != OK)
        return told_faults("--log", &why);
    if (log.kind != NOTE_LOG)
        return told("--log is the verifier key of a ledger; GET /v1/record tells it");
    int code = COMMAND_FAILED;
    if (witness_book_open(&witness.book, folder, text_of(name), &log, &why) != OK)
        (void)told_faults("the witness does not start", &why);
    else
        code = run(&witness, address, &why);
    witness_book_close(&witness.book);
    return code;
}
