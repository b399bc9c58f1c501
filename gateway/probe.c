#include "probe.h"

#include "listen.h"

#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define WAIT_S 3

static int connect_to(const struct listen_address *address)
{
    struct addrinfo wanted = {.ai_socktype = SOCK_STREAM}, *info = NULL;
    if (getaddrinfo(address->host, address->port, &wanted, &info) != 0)
        return -1;
    struct timeval wait = {.tv_sec = WAIT_S};
    int fd = socket(info->ai_family, info->ai_socktype | SOCK_CLOEXEC, 0);
    bool fine = fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) == 0 &&
                setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait) == 0 &&
                connect(fd, info->ai_addr, info->ai_addrlen) == 0;
    freeaddrinfo(info);
    if (!fine && fd >= 0)
        (void)close(fd);
    return fine ? fd : -1;
}

bool probe_ready(const char *address)
{
    static const char request[] =
        "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    struct listen_address at;
    int fd = listen_address_read(address, &at) ? connect_to(&at) : -1;
    if (fd < 0) {
        (void)fprintf(stderr, "nobody listens on %s\n", address);
        return false;
    }
    char answer[4096];
    size_t len = 0;
    ssize_t got = send(fd, request, sizeof request - 1, MSG_NOSIGNAL);
    while (got > 0 && len < sizeof answer - 1) {
        got = recv(fd, answer + len, sizeof answer - 1 - len, 0);
        len += got > 0 ? (size_t)got : 0;
    }
    (void)close(fd);
    answer[len] = '\0';
    const char *body = strstr(answer, "\r\n\r\n");
    (void)fputs(body ? body + 4 : "no answer\n", stdout);
    return strncmp(answer, "HTTP/1.1 200 ", 13) == 0;
}
