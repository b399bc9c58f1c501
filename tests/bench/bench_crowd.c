/* Many readers of streams at once, each with a filter of its own, some of them slow, all of them
 * coming again where they were when they are cut: and then, whether each got exactly the events it
 * may see, once, in order.
 *
 *   bench_crowd HOST:PORT READERS SLOW_PERCENT TOKEN OFFICE AFTER BODIES
 *
 * Reader 0 has no filter: what it hears is what happened. BODIES: codes with commas between. Says
 * "open N" when all are connected; at "end POSITION" on standard input waits until everybody has
 * everything up to there, and says what came of it as one line of JSON. */
#include "base/clock.h"
#include "base/must.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define EVENTS_MAX  (size_t)1000000
#define LINE_BYTES  16384
#define OPENING_MAX 200             /* connections that are begun in one turn */
#define SLOW_BYTES  256             /* what a slow reader takes in one go ... */
#define SLOW_US     UINT64_C(50000) /* ... and how often */
#define IDLE_US     UINT64_C(1000000)
#define IDLE_MS     500
#define PATIENCE_US UINT64_C(60000000)
#define HEADER_MAX  2048
#define BINS        20000 /* of latency, milliseconds */

enum kind { KIND_ALL, KIND_BODY, KIND_TYPE, KIND_BOTH, KINDS };

struct reader {
    int fd; /* -1: to be opened */
    bool slow, headed, refused;
    uint64_t last, hash, count, next_us, opens;
    enum kind kind;
    char body[16];
    size_t len;
    char line[LINE_BYTES];
};

/* What happened, as reader 0 heard it. */
struct happened {
    uint64_t position;
    char body[16];
    bool drafted;
};

static struct {
    struct sockaddr_in address;
    const char *token, *office;
    uint64_t after, end;
    struct reader *readers;
    size_t count, open;
    struct happened *log;
    size_t log_count;
    int epoll;
    uint64_t delivered, cut, refused, bins[BINS];
} crowd;

static const char type[] = "target.drafted";

static uint64_t mixed(uint64_t hash, uint64_t position)
{
    return (hash ^ position) * UINT64_C(0x100000001b3);
}

static bool is_wanted(const struct reader *reader, const struct happened *one)
{
    bool of_body = strcmp(reader->body, one->body) == 0;
    return reader->kind == KIND_ALL || (reader->kind == KIND_BODY && of_body) ||
           (reader->kind == KIND_TYPE && one->drafted) ||
           (reader->kind == KIND_BOTH && of_body && one->drafted);
}

static void open_reader(struct reader *reader)
{
    char text[HEADER_MAX], filter[96] = "";
    int small = 4096;
    size_t used = 0;
    if (reader->kind == KIND_BODY || reader->kind == KIND_BOTH)
        used = (size_t)snprintf(filter, sizeof filter, "&body=%s", reader->body);
    if (reader->kind == KIND_TYPE || reader->kind == KIND_BOTH)
        (void)snprintf(filter + used, sizeof filter - used, "&types=%s", type);
    reader->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(reader->fd >= 0);
    if (reader->slow)
        (void)setsockopt(reader->fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    int len = snprintf(text, sizeof text,
        "GET /v1/events?after=%" PRIu64 "%s HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n"
        "Authorization: Bearer %s\r\nMisaq-Office: %s\r\nLast-Event-ID: %" PRIu64 "\r\n\r\n",
        crowd.after, filter, crowd.token, crowd.office, reader->last);
    bool fine =
        connect(reader->fd, (const struct sockaddr *)&crowd.address, sizeof crowd.address) == 0 &&
        send(reader->fd, text, (size_t)len, MSG_NOSIGNAL) == len;
    reader->len = 0;
    reader->headed = reader->refused = false;
    reader->opens++;
    if (!fine) {
        (void)close(reader->fd);
        reader->fd = -1;
        reader->next_us = clock_mono_us() + 200000;
        return;
    }
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = reader};
    if (!reader->slow)
        must(epoll_ctl(crowd.epoll, EPOLL_CTL_ADD, reader->fd, &event) == 0);
}

static void close_reader(struct reader *reader)
{
    crowd.open -= reader->headed;
    crowd.cut++;
    (void)close(reader->fd);
    reader->fd = -1;
    reader->next_us = clock_mono_us() + 100000;
}

static void copy_member(const char *line, const char *name, char *to, size_t size)
{
    const char *at = strstr(line, name);
    *to = '\0';
    if (at)
        (void)snprintf(to, size, "%.*s", (int)strcspn(at + strlen(name), "\"-"), at + strlen(name));
}

static void note_latency(const char *line)
{
    char moment[MOMENT_TEXT_SIZE] = "";
    int64_t at_ms;
    const char *at = strstr(line, "\"at\":\"");
    if (at)
        (void)snprintf(moment, sizeof moment, "%.24s", at + 6);
    if (!at || !moment_from_text(text_of(moment), &at_ms))
        return;
    int64_t took = clock_wall_ms() - at_ms;
    crowd.bins[took < 0 ? 0 : took >= BINS ? BINS - 1 : took]++;
}

static void on_line(struct reader *reader, const char *line)
{
    if (!reader->headed) {
        if (strncmp(line, "HTTP/1.1 ", 9) == 0 && strncmp(line + 9, "200", 3) != 0)
            reader->refused = true;
        if (strncmp(line, "HTTP/1.1 200", 12) == 0) {
            reader->headed = true;
            crowd.open++;
        }
        return;
    }
    if (strncmp(line, "data: {\"position\"", 17) == 0) {
        uint64_t position = strtoull(line + 18, NULL, 10);
        must(position > reader->last); /* in order, and once */
        reader->last = position;
        reader->hash = mixed(reader->hash, position);
        reader->count++;
        crowd.delivered++;
        if (reader == crowd.readers && crowd.log_count < EVENTS_MAX) {
            struct happened *one = &crowd.log[crowd.log_count++];
            one->position = position;
            copy_member(line, "\"subject\":\"", one->body, sizeof one->body);
            one->drafted = strstr(line, "\"type\":\"target.drafted\"");
        }
        if (!reader->slow)
            note_latency(line);
    }
}

/* False when the stream has ended. */
static bool take(struct reader *reader, size_t most)
{
    size_t room = sizeof reader->line - 1 - reader->len;
    ssize_t got =
        recv(reader->fd, reader->line + reader->len, room < most ? room : most, MSG_DONTWAIT);
    if (got <= 0)
        return got < 0 && (errno == EAGAIN || errno == EINTR);
    reader->len += (size_t)got;
    reader->line[reader->len] = '\0';
    char *from = reader->line, *end;
    while ((end = strchr(from, '\n'))) {
        *end = '\0';
        if (end > from && end[-1] == '\r')
            end[-1] = '\0';
        on_line(reader, from);
        from = end + 1;
    }
    reader->len -= (size_t)(from - reader->line);
    memmove(reader->line, from, reader->len);
    crowd.refused += reader->refused;
    if (reader->refused)
        return false;
    must(reader->len < sizeof reader->line - 1); /* a line is longer than any event here */
    return true;
}

static void plan(struct reader *reader, size_t index, size_t slow_percent, char *const *bodies,
    size_t body_count)
{
    must(body_count);
    reader->fd = -1;
    reader->last = crowd.after;
    reader->slow = index && index % 100 < slow_percent;
    reader->kind = index % 2 ? KIND_BODY : KIND_BOTH;
    if (index % 997 == 0)
        reader->kind = index % 2 ? KIND_TYPE : KIND_ALL;
    (void)snprintf(reader->body, sizeof reader->body, "%s", bodies[index / 2 % body_count]);
}

static void open_due(uint64_t now_us)
{
    size_t opened = 0;
    for (size_t i = 0; i < crowd.count && opened < OPENING_MAX; i++)
        if (crowd.readers[i].fd < 0 && crowd.readers[i].next_us <= now_us) {
            open_reader(&crowd.readers[i]);
            opened++;
        }
}

static void read_slow(uint64_t now_us)
{
    for (size_t i = 0; i < crowd.count; i++) {
        struct reader *reader = &crowd.readers[i];
        if (!reader->slow || reader->fd < 0 || (reader->next_us > now_us && !crowd.end))
            continue;
        reader->next_us = now_us + (crowd.log_count ? SLOW_US : IDLE_US);
        /* Slow only while things happen: afterwards they come to their end. */
        if (!take(reader, crowd.end || !reader->headed ? LINE_BYTES : SLOW_BYTES))
            close_reader(reader);
    }
}

static void turn(void)
{
    struct epoll_event ready[512];
    bool idle = !crowd.log_count && crowd.open == crowd.count; /* take no time from others */
    int count = epoll_wait(crowd.epoll, ready, 512, idle ? IDLE_MS : 5);
    for (int i = 0; i < count; i++)
        if (!take(ready[i].data.ptr, LINE_BYTES))
            close_reader(ready[i].data.ptr);
    open_due(clock_mono_us());
    read_slow(clock_mono_us());
}

/* How many readers have not got what they should have. */
static size_t missing(bool tell)
{
    size_t wrong = 0;
    for (size_t i = 0; i < crowd.count; i++) {
        const struct reader *reader = &crowd.readers[i];
        uint64_t hash = 0, wanted = 0;
        for (size_t e = 0; e < crowd.log_count; e++)
            if (is_wanted(reader, &crowd.log[e])) {
                hash = mixed(hash, crowd.log[e].position);
                wanted++;
            }
        if (hash == reader->hash && wanted == reader->count)
            continue;
        if (tell && wrong < 5)
            (void)fprintf(stderr,
                "reader %zu kind %d body %s: %" PRIu64 " of %" PRIu64 " at %" PRIu64
                " slow %d fd %d\n",
                i, (int)reader->kind, reader->body, reader->count, wanted, reader->last,
                reader->slow, reader->fd);
        wrong++;
    }
    return wrong;
}

static uint64_t percentile(double share)
{
    uint64_t all = 0, below = 0;
    for (size_t i = 0; i < BINS; i++)
        all += crowd.bins[i];
    for (size_t i = 0; i < BINS; i++)
        if ((double)(below += crowd.bins[i]) >= share * (double)all)
            return i;
    return BINS;
}

static void finish(void)
{
    uint64_t until = clock_mono_us() + PATIENCE_US, look_us = 0;
    size_t wrong = crowd.count;
    while (clock_mono_us() < until && wrong) {
        turn();
        if (crowd.readers[0].last < crowd.end || clock_mono_us() < look_us)
            continue;
        wrong = missing(false);
        look_us = clock_mono_us() + 500000;
    }
    wrong = missing(true);
    (void)printf("{\"readers\":%zu,\"wrong\":%zu,\"happened\":%zu,\"delivered\":%" PRIu64
                 ",\"cut\":%" PRIu64 ",\"refused\":%" PRIu64 ",\"p50_ms\":%" PRIu64
                 ",\"p99_ms\":%" PRIu64 "}\n",
        crowd.count, wrong, crowd.log_count, crowd.delivered, crowd.cut, crowd.refused,
        percentile(0.5), percentile(0.99));
}

int main(int argc, char **argv)
{
    struct rlimit files;
    char *bodies[64], said[64];
    size_t body_count = 0;
    must(argc == 8);
    must(getrlimit(RLIMIT_NOFILE, &files) == 0);
    files.rlim_cur = files.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &files);
    char *colon = strchr(argv[1], ':');
    must(colon);
    *colon = '\0';
    crowd.address = (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10))};
    must(inet_pton(AF_INET, argv[1], &crowd.address.sin_addr) == 1);
    crowd.count = strtoull(argv[2], NULL, 10);
    crowd.token = argv[4];
    crowd.office = argv[5];
    crowd.after = strtoull(argv[6], NULL, 10);
    for (char *at = strtok_r(argv[7], ",", &colon); at && body_count < 64;
         at = strtok_r(NULL, ",", &colon))
        bodies[body_count++] = at;
    crowd.epoll = epoll_create1(EPOLL_CLOEXEC);
    crowd.readers = calloc(crowd.count, sizeof *crowd.readers);
    crowd.log = calloc(EVENTS_MAX, sizeof *crowd.log);
    must(crowd.readers && crowd.log && crowd.epoll >= 0);
    for (size_t i = 0; i < crowd.count; i++)
        plan(&crowd.readers[i], i, strtoull(argv[3], NULL, 10), bodies, body_count);
    while (crowd.open < crowd.count)
        turn();
    (void)printf("open %zu\n", crowd.open);
    (void)fflush(stdout);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    int own = epoll_create1(EPOLL_CLOEXEC);
    must(own >= 0 && epoll_ctl(own, EPOLL_CTL_ADD, STDIN_FILENO, &event) == 0);
    while (epoll_wait(own, &event, 1, 0) == 0)
        turn();
    must(fgets(said, sizeof said, stdin) && strncmp(said, "end ", 4) == 0);
    crowd.end = strtoull(said + 4, NULL, 10);
    finish();
    return 0;
}
