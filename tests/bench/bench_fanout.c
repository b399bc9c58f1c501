/* Many connections that read the same stream: how fast it reaches all of them.
 *
 *   bench_fanout HOST:PORT CONNECTIONS MESSAGES MARK REQUEST
 *
 * Each sends REQUEST and counts MARK in what comes. Says "open"; a line on standard input starts
 * the clock; at the end one line of JSON: deliveries a second, and when 99 of 100 were there. */
#include "base/clock.h"
#include "base/must.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define READY     512
#define PIECE     (64u << 10)
#define STEP_US   1000u
#define STEPS     60000u /* a minute */
#define SILENT_MS 20000

struct reader {
    int fd;
    size_t matched; /* of the mark */
    uint64_t count;
};

static struct {
    struct reader *readers;
    size_t count;
    uint64_t messages, delivered, whole; /* whole: readers that have all */
    const char *mark;
    size_t mark_len;
    uint64_t began_us, ended_us;
    uint64_t steps[STEPS];
} crowd;

static void open_all(const char *address, const char *request, int epoll)
{
    struct sockaddr_in to = {.sin_family = AF_INET};
    char host[64];
    const char *colon = strrchr(address, ':');
    must(colon && (size_t)(colon - address) < sizeof host);
    memcpy(host, address, (size_t)(colon - address));
    host[colon - address] = '\0';
    to.sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10));
    must(inet_pton(AF_INET, host, &to.sin_addr) == 1);
    size_t len = strlen(request);
    for (size_t i = 0; i < crowd.count; i++) {
        struct reader *reader = &crowd.readers[i];
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = reader};
        reader->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        must(reader->fd >= 0);
        must(connect(reader->fd, (const struct sockaddr *)&to, sizeof to) == 0);
        must(send(reader->fd, request, len, MSG_NOSIGNAL) == (ssize_t)len);
        must(epoll_ctl(epoll, EPOLL_CTL_ADD, reader->fd, &event) == 0);
    }
}

/* The mark does not begin again within itself, so that one place in it is all there is to know. */
static void count(struct reader *reader, const char *bytes, size_t len)
{
    uint64_t before = reader->count;
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] != crowd.mark[reader->matched])
            reader->matched = 0;
        if (bytes[i] == crowd.mark[reader->matched] && ++reader->matched == crowd.mark_len) {
            reader->matched = 0;
            reader->count++;
        }
    }
    uint64_t now_us = clock_mono_us(), came = reader->count - before;
    uint64_t step = (now_us - crowd.began_us) / STEP_US;
    if (!came)
        return;
    crowd.steps[step < STEPS ? step : STEPS - 1] += came;
    crowd.delivered += came;
    crowd.whole += before < crowd.messages && reader->count >= crowd.messages;
    crowd.ended_us = now_us;
}

static void serve(int epoll)
{
    static char bytes[PIECE];
    struct epoll_event ready[READY];
    int found = epoll_wait(epoll, ready, READY, SILENT_MS);
    must(found > 0 || (found < 0 && errno == EINTR));
    for (int i = 0; i < found; i++) {
        struct reader *reader = ready[i].data.ptr;
        ssize_t got = recv(reader->fd, bytes, sizeof bytes, MSG_DONTWAIT);
        must(got > 0);
        count(reader, bytes, (size_t)got);
    }
}

static double percentile_ms(double part)
{
    uint64_t wanted = (uint64_t)((double)crowd.delivered * part), sum = 0;
    for (size_t i = 0; i < STEPS; i++)
        if ((sum += crowd.steps[i]) >= wanted)
            return (double)(i + 1) * STEP_US / 1000;
    return 0;
}

int main(int argc, char **argv)
{
    struct rlimit files;
    char line[64];
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    must(argc == 6 && epoll >= 0);
    must(getrlimit(RLIMIT_NOFILE, &files) == 0);
    files.rlim_cur = files.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &files);
    crowd.count = strtoull(argv[2], NULL, 10);
    crowd.messages = strtoull(argv[3], NULL, 10);
    crowd.mark = argv[4];
    crowd.mark_len = strlen(argv[4]);
    must(crowd.count && crowd.messages && crowd.mark_len);
    crowd.readers = calloc(crowd.count, sizeof *crowd.readers);
    must(crowd.readers);
    open_all(argv[1], argv[5], epoll);
    (void)printf("open\n");
    (void)fflush(stdout);
    must(fgets(line, sizeof line, stdin));
    crowd.began_us = clock_mono_us();
    while (crowd.whole < crowd.count)
        serve(epoll);
    double seconds = (double)(crowd.ended_us - crowd.began_us) / 1e6;
    (void)printf("{\"delivered\":%llu,\"per_second\":%.0f,\"p99_ms\":%.0f}\n",
        (unsigned long long)crowd.delivered, (double)crowd.delivered / seconds,
        percentile_ms(0.99));
    for (size_t i = 0; i < crowd.count; i++)
        (void)close(crowd.readers[i].fd);
    free(crowd.readers);
    (void)close(epoll);
    return 0;
}
