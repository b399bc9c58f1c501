#include "desk.h"

#include "base/must.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#define PAGE_MAX    (4u << 20)
#define CONNECTIONS 16u
#define TIMEOUT_S   5u

struct desk {
    struct MHD_Daemon *daemon;
    pthread_mutex_t lock;
    struct buf page;
    bool ready;
};

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status, struct text body)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        body.len, (void *)(uintptr_t)body.at, MHD_RESPMEM_MUST_COPY);
    must(response);
    (void)MHD_add_response_header(
        response, "Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result on_request(void *owner, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *upload, size_t *upload_size, void **begun)
{
    struct desk *desk = owner;
    static int seen;
    (void)version;
    (void)upload;
    if (!*begun) {
        *begun = &seen;
        return MHD_YES;
    }
    if (*upload_size) { /* nothing here takes a body */
        *upload_size = 0;
        return MHD_YES;
    }
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        return MHD_NO;
    must(pthread_mutex_lock(&desk->lock) == 0);
    enum MHD_Result result;
    if (strcmp(url, "/metrics") == 0)
        result = answer(connection, MHD_HTTP_OK, buf_as_text(&desk->page));
    else if (strcmp(url, "/healthz") == 0)
        result = answer(connection, MHD_HTTP_OK, TEXT_LITERAL("alive\n"));
    else if (strcmp(url, "/readyz") == 0)
        result = desk->ready ? answer(connection, MHD_HTTP_OK, TEXT_LITERAL("ready\n"))
                             : answer(connection, MHD_HTTP_SERVICE_UNAVAILABLE,
                                   TEXT_LITERAL("the ledger or the outbox cannot be read\n"));
    else
        result = answer(connection, MHD_HTTP_NOT_FOUND,
            TEXT_LITERAL("there are /healthz, /readyz and /metrics\n"));
    must(pthread_mutex_unlock(&desk->lock) == 0);
    return result;
}

enum err desk_open(const struct settings *settings, char ret_bound[LISTEN_ADDRESS_SIZE],
    struct desk **ret_desk, struct faults *why)
{
    int fd;
    enum err err = listen_open(settings->courier_admin, &fd, ret_bound, why);
    if (err != OK)
        return err;
    struct desk *desk = calloc(1, sizeof *desk);
    must(desk);
    desk->page = BUF(PAGE_MAX);
    must(pthread_mutex_init(&desk->lock, NULL) == 0);
    desk->daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, on_request,
        desk, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS,
        MHD_OPTION_CONNECTION_TIMEOUT, TIMEOUT_S, MHD_OPTION_END);
    *ret_desk = desk;
    if (desk->daemon)
        return OK;
    (void)close(fd);
    return faults_add(why, ERR_UNAVAILABLE, settings->courier_admin, "cannot serve here");
}

void desk_close(struct desk *desk)
{
    if (!desk)
        return;
    if (desk->daemon)
        MHD_stop_daemon(desk->daemon);
    must(pthread_mutex_destroy(&desk->lock) == 0);
    buf_free(&desk->page);
    free(desk);
}

void desk_tell(struct desk *desk, struct text metrics, bool ready)
{
    must(pthread_mutex_lock(&desk->lock) == 0);
    buf_clear(&desk->page);
    buf_text(&desk->page, metrics);
    desk->ready = ready;
    must(pthread_mutex_unlock(&desk->lock) == 0);
}
