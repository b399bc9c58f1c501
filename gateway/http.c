#include "http.h"

#include "base/log.h"
#include "base/must.h"
#include "intake.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <unistd.h>

#define MEMORY_EACH (size_t)(32 * 1024) /* of a connection: holds the whole header */
#define TIMEOUT_S   120                 /* without any byte; ours come earlier */

static void on_connection(void *owner, struct MHD_Connection *connection, void **context,
    enum MHD_ConnectionNotificationCode code)
{
    struct http *http = owner;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        line_close(http->lines, *context);
        *context = NULL;
        return;
    }
    const union MHD_ConnectionInfo *fd =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const struct sockaddr *from =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
    const struct in_addr *four = &((const struct sockaddr_in *)(const void *)from)->sin_addr;
    const struct in6_addr *six = &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr;
    bool is_six = from->sa_family == AF_INET6;
    *context = line_open(http->lines, fd->connect_fd, is_six ? (const void *)six : four,
        is_six ? sizeof *six : sizeof *four, http->gateway->now_us);
}

enum err http_open(struct gateway *gateway, const char *address, http_on_request *on_body_header,
    http_on_request *on_whole_request, struct http **ret_http, struct faults *why)
{
    const struct settings *settings = gateway->settings;
    int fd;
    char bound[LISTEN_ADDRESS_SIZE];
    enum err err = listen_open(address, &fd, bound, why);
    if (err != OK)
        return err;
    struct http *http = calloc(1, sizeof *http);
    must(http);
    http->gateway = gateway;
    http->on_header = on_body_header;
    http->on_request = on_whole_request;
    http->lines = lines_new(settings);
    http->bare = strcmp(MHD_get_version(), "0.9.75") == 0;
    if (!http->bare)
        log_line(LOG_WARN, "folded header lines are not seen", "microhttpd", MHD_get_version());
    memcpy(http->address, bound, sizeof bound);
    /* Some more for each address than it may have, so that we can answer 429 instead of hanging
     * up. */
    http->daemon = MHD_start_daemon(MHD_USE_EPOLL_TURBO | MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME,
        0, NULL, NULL, intake_on_request, http, MHD_OPTION_LISTEN_SOCKET, fd,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)settings->connections,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)settings->connections_each + 16,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, MEMORY_EACH, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)TIMEOUT_S, MHD_OPTION_URI_LOG_CALLBACK, intake_on_target, http,
        MHD_OPTION_NOTIFY_COMPLETED, intake_on_completed, http, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, http, MHD_OPTION_END);
    if (!http->daemon) {
        (void)close(fd);
        lines_free(http->lines);
        free(http);
        return faults_add(why, ERR_UNAVAILABLE, address,
            "cannot serve here: raise the limit of open files, or lower MISAQ_CONNECTIONS");
    }
    *ret_http = http;
    return OK;
}

void http_free(struct http *http)
{
    if (!http)
        return;
    MHD_stop_daemon(http->daemon);
    lines_free(http->lines);
    while (http->pool) {
        struct exchange *exchange = http->pool;
        http->pool = exchange->next;
        buf_free(&exchange->body);
        free(exchange);
    }
    free(http);
}

void http_work(struct exchange *exchange)
{
    exchange->http->on_request(exchange);
}

int http_fd(const struct http *http)
{
    return MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

int http_wait_ms(const struct http *http)
{
    MHD_UNSIGNED_LONG_LONG wait_ms;
    if (MHD_get_timeout(http->daemon, &wait_ms) != MHD_YES)
        return -1;
    return wait_ms < 60000 ? (int)wait_ms : 60000;
}

void http_turn(struct http *http)
{
    (void)MHD_run(http->daemon);
}

void http_reap(struct http *http)
{
    lines_reap(http->lines, http->gateway->draining, http->gateway->now_us);
}

void http_abandon(struct http *http)
{
    for (struct exchange *exchange = http->all; exchange; exchange = exchange->next) {
        if (!exchange->suspended)
            continue;
        exchange->aborted = true;
        if (exchange->stage == EXCHANGE_WORKING)
            exchange_refuse_with(exchange, ERR_UNAVAILABLE, "the gateway is stopping");
        exchange_wake(exchange);
    }
}

void http_quiesce(struct http *http)
{
    MHD_socket fd = MHD_quiesce_daemon(http->daemon);
    if (fd != MHD_INVALID_SOCKET)
        (void)close(fd);
}

size_t http_under_way(const struct http *http)
{
    return http->under_way;
}

const struct lines_counts *http_lines(const struct http *http)
{
    return lines_counts(http->lines);
}

const char *http_address(const struct http *http)
{
    return http->address;
}
