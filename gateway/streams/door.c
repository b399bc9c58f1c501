#include "door.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"
#include "schema/pack.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <utlist.h>

#define ASK_MAX (16u << 10)

struct caller {
    struct watched watched;
    struct caller *prev, *next;
    struct door *door;
};

struct door {
    struct watched watched;
    struct hub *hub;
    int epoll;
    const char *path;
    struct caller *callers;
};

static void hang_up(struct caller *caller)
{
    DL_DELETE(caller->door->callers, caller);
    (void)close(caller->watched.fd);
    free(caller);
}

static void take(struct caller *caller, struct text packed, int fd)
{
    static struct faults why;
    struct stream_ask ask;
    faults_clear(&why);
    if (fd < 0)
        return;
    if (pack_read(stream_ask_record(), packed, PACK_SKIP, &ask, &why) == OK)
        hub_take(caller->door->hub, &ask, fd, clock_mono_us());
    else
        (void)close(fd);
}

/* One request with its descriptor. False when nothing more is there, or the caller has gone. */
static bool receive(struct caller *caller, bool *ret_gone)
{
    static char bytes[ASK_MAX];
    union {
        struct cmsghdr head;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec part = {bytes, sizeof bytes};
    struct msghdr message = {.msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = control.bytes,
        .msg_controllen = sizeof control.bytes};
    ssize_t len = recvmsg(caller->watched.fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    *ret_gone = len == 0 || (len < 0 && errno != EAGAIN && errno != EINTR);
    if (len <= 0)
        return false;
    int fd = -1;
    const struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    if (head && head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS &&
        head->cmsg_len == CMSG_LEN(sizeof fd))
        memcpy(&fd, CMSG_DATA(head), sizeof fd);
    take(caller, (struct text){bytes, (size_t)len}, fd);
    return true;
}

static void on_caller(struct watched *watched, uint32_t events)
{
    struct caller *caller = (struct caller *)(void *)watched;
    bool gone;
    (void)events;
    while (receive(caller, &gone)) {
    }
    if (gone)
        hang_up(caller);
}

static void wait_for(const struct door *door, struct watched *watched)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = watched};
    must(epoll_ctl(door->epoll, EPOLL_CTL_ADD, watched->fd, &event) == 0);
}

static void on_call(struct watched *watched, uint32_t events)
{
    struct door *door = (struct door *)(void *)watched;
    (void)events;
    int fd = accept4(watched->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return;
    struct caller *caller = calloc(1, sizeof *caller);
    must(caller);
    *caller = (struct caller){.watched = {on_caller, fd}, .door = door};
    DL_APPEND(door->callers, caller);
    wait_for(door, &caller->watched);
}

/* A file that is left over from one that died is in the way; one at which somebody listens stays.
 */
static bool clear_way(const struct sockaddr_un *name)
{
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    bool lives = connect(fd, (const struct sockaddr *)name, sizeof *name) == 0;
    (void)close(fd);
    return !lives && (unlink(name->sun_path) == 0 || errno == ENOENT);
}

enum err door_open(const struct settings *settings, struct hub *hub, int epoll,
    struct door **ret_door, struct faults *why)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    size_t len = strlen(settings->streams);
    if (len == 0 || len >= sizeof name.sun_path)
        return faults_add(why, ERR_INVALID, "MISAQ_STREAMS", "is not a path of 1 to %zu bytes",
            sizeof name.sun_path - 1);
    memcpy(name.sun_path, settings->streams, len);
    if (!clear_way(&name))
        return faults_add(why, ERR_UNAVAILABLE, settings->streams,
            "somebody listens there already, or it cannot be removed: stop that program or choose "
            "another path");
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    mode_t before = umask(0077); /* whoever can connect is believed */
    bool fine = fd >= 0 && bind(fd, (const struct sockaddr *)&name, sizeof name) == 0 &&
                listen(fd, 64) == 0;
    (void)umask(before);
    if (!fine) {
        if (fd >= 0)
            (void)close(fd);
        return faults_add(why, ERR_UNAVAILABLE, settings->streams,
            "cannot listen there: make its directory, writable for this user");
    }
    struct door *door = calloc(1, sizeof *door);
    must(door);
    *door = (struct door){
        .watched = {on_call, fd}, .hub = hub, .epoll = epoll, .path = settings->streams};
    wait_for(door, &door->watched);
    *ret_door = door;
    return OK;
}

void door_close(struct door *door)
{
    if (!door)
        return;
    for (struct caller *next, *caller = door->callers; caller; caller = next) {
        next = caller->next;
        hang_up(caller);
    }
    (void)close(door->watched.fd);
    (void)unlink(door->path);
    free(door);
}

void door_tell(struct door *door, const struct stream_status *status)
{
    BUF_CLEANUP struct buf packed = BUF(1024);
    struct caller *next;
    pack_write(stream_status_record(), status, &packed);
    for (struct caller *caller = door->callers; caller; caller = next) {
        next = caller->next;
        (void)send(caller->watched.fd, packed.at, packed.len, MSG_DONTWAIT | MSG_NOSIGNAL);
    }
}
