/* The ceiling of the gateway: the same HTTP library, the same flags and the same loop, with nothing
 * behind it but one ready response.
 *
 *   bench_bare_http FILE ["Name: value"]...   serves the bytes of FILE with these header fields,
 *                                             says its address on standard output */
#include "base/must.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MEMORY_EACH (size_t)(32 * 1024) /* of a connection, as in the gateway */
#define CONNECTIONS 4096u

/* NOLINTBEGIN(readability-non-const-parameter): the library says what it looks like */
static enum MHD_Result on_request(void *owner, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *bytes, size_t *len, void **context)
/* NOLINTEND(readability-non-const-parameter) */
{
    static int header_seen;
    (void)url;
    (void)method;
    (void)version;
    (void)bytes;
    (void)len;
    if (!*context) { /* the header alone: the library calls again */
        *context = &header_seen;
        return MHD_YES;
    }
    *context = NULL;
    return MHD_queue_response(connection, MHD_HTTP_OK, owner);
}

static struct MHD_Response *response_of(const char *path)
{
    FILE *file = fopen(path, "rbe");
    char *bytes = NULL;
    size_t room = 0;
    if (!file) {
        perror(path);
        exit(2);
    }
    ssize_t len = getdelim(&bytes, &room, -1, file);
    (void)fclose(file);
    must(len > 0);
    return MHD_create_response_from_buffer((size_t)len, bytes, MHD_RESPMEM_MUST_FREE);
}

static void add_field(struct MHD_Response *response, char *field)
{
    char *colon = strstr(field, ": ");
    must(colon);
    *colon = '\0';
    must(MHD_add_response_header(response, field, colon + 2) == MHD_YES);
}

static void serve(struct MHD_Daemon *daemon)
{
    int fd = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    for (;;) {
        MHD_UNSIGNED_LONG_LONG wait_ms;
        bool waits = MHD_get_timeout(daemon, &wait_ms) == MHD_YES;
        struct pollfd item = {.fd = fd, .events = POLLIN};
        (void)poll(&item, 1, waits && wait_ms < 60000 ? (int)wait_ms : 60000);
        (void)MHD_run(daemon);
    }
}

int main(int argc, char **argv)
{
    must(argc > 1);
    struct MHD_Response *response = response_of(argv[1]);
    for (int i = 2; i < argc; i++)
        add_field(response, argv[i]);
    struct sockaddr_in here = {
        .sin_family = AF_INET, .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    struct MHD_Daemon *daemon =
        MHD_start_daemon(MHD_USE_EPOLL_TURBO | MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL,
            NULL, on_request, response, MHD_OPTION_SOCK_ADDR, &here, MHD_OPTION_CONNECTION_LIMIT,
            CONNECTIONS, MHD_OPTION_CONNECTION_MEMORY_LIMIT, MEMORY_EACH, MHD_OPTION_END);
    must(daemon);
    (void)printf("127.0.0.1:%u\n", MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    (void)fflush(stdout);
    serve(daemon);
}
