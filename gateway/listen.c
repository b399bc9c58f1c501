#include "listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

bool listen_address_read(const char *address, struct listen_address *ret_address)
{
    const char *colon = strrchr(address, ':');
    size_t len = colon ? (size_t)(colon - address) : 0;
    if (len > 1 && address[0] == '[' && address[len - 1] == ']') {
        address++;
        len -= 2;
    }
    uint64_t port;
    if (len == 0 || len >= sizeof ret_address->host ||
        !text_whole(text_of(colon + 1), 65535, &port))
        return false;
    memcpy(ret_address->host, address, len);
    ret_address->host[len] = '\0';
    (void)snprintf(ret_address->port, sizeof ret_address->port, "%u", (unsigned)port);
    return true;
}

static int bind_and_listen(const struct addrinfo *info)
{
    int yes = 1;
    int fd = socket(info->ai_family, info->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
        bind(fd, info->ai_addr, info->ai_addrlen) == 0 && listen(fd, LISTEN_BACKLOG) == 0)
        return fd;
    int error = errno;
    if (fd >= 0)
        (void)close(fd);
    errno = error;
    return -1;
}

static void tell_bound(int fd, const char *host, char bound[LISTEN_ADDRESS_SIZE])
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } at = {.v6 = {0}};
    socklen_t len = sizeof at;
    in_port_t port = 0;
    if (getsockname(fd, &at.any, &len) == 0)
        port = at.any.sa_family == AF_INET6 ? at.v6.sin6_port : at.v4.sin_port;
    (void)snprintf(bound, LISTEN_ADDRESS_SIZE, strchr(host, ':') ? "[%s]:%u" : "%s:%u", host,
        (unsigned)ntohs(port));
}

enum err listen_open(
    const char *address, int *ret_fd, char bound[LISTEN_ADDRESS_SIZE], struct faults *why)
{
    struct listen_address parts;
    if (!listen_address_read(address, &parts))
        return faults_add(why, ERR_INVALID, address, "is not an address: host:port or [IPv6]:port");
    struct addrinfo wanted = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE}, *info = NULL;
    int failed = getaddrinfo(parts.host, parts.port, &wanted, &info);
    if (failed)
        return faults_add(
            why, ERR_INVALID, address, "cannot be resolved: %s", gai_strerror(failed));
    int fd = bind_and_listen(info);
    freeaddrinfo(info);
    if (fd < 0)
        return faults_add(why, ERR_UNAVAILABLE, address,
            "cannot be listened on: %s; stop what is there or set another address",
            strerror(errno));
    tell_bound(fd, parts.host, bound);
    *ret_fd = fd;
    return OK;
}
