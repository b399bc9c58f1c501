/* A socket's path may have 107 bytes, so a folder that lies deep gets its sockets under /tmp. */
#include "folder.h"

#include "schema/messages.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define SOCKET_PATH_MAX (sizeof((struct sockaddr_un *)0)->sun_path - 1)
#define LOCK_TRIES      20 /* programs of a run that was killed need a moment to go */
#define LOCK_PAUSE_NS   (100 * 1000 * 1000)

__asm__(".section .rodata\n.globl misaq_redis_conf\nmisaq_redis_conf:\n"
        ".incbin \"docker/redis.conf\"\n.byte 0\n.previous\n");
extern const char misaq_redis_conf[];

static enum err failed(struct faults *why, const char *path, const char *what)
{
    return faults_add(why, ERR_UNAVAILABLE, path, "%s: %s", what, strerror(errno));
}

static enum err make_folder(const char *path, struct faults *why)
{
    if (mkdir(path, 0700) == 0 || errno == EEXIST)
        return OK;
    return failed(why, path, "the folder cannot be made");
}

static enum err make_inside(const struct folder *folder, const char *name, struct faults *why)
{
    char path[FOLDER_NAME_SIZE];
    (void)snprintf(path, sizeof path, "%s/%s", folder->home, name);
    return make_folder(path, why);
}

static bool try_lock(int fd)
{
    struct timespec pause = {.tv_nsec = LOCK_PAUSE_NS};
    for (int i = 0; i < LOCK_TRIES; i++) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0)
            return true;
        (void)nanosleep(&pause, NULL);
    }
    return false;
}

static enum err take_lock(struct folder *folder, struct faults *why)
{
    char path[FOLDER_NAME_SIZE], holder[24] = "";
    (void)snprintf(path, sizeof path, "%s/lock", folder->home);
    folder->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (folder->lock < 0)
        return failed(why, path, "the lock cannot be opened");
    if (!try_lock(folder->lock)) {
        ssize_t len = read(folder->lock, holder, sizeof holder - 1);
        holder[len > 0 ? len : 0] = '\0';
        (void)close(folder->lock);
        return faults_add(why, ERR_UNAVAILABLE, folder->home,
            "is in use by another misaq run (process %s): stop that one, or set MISAQ_HOME to "
            "another folder",
            holder);
    }
    int len = snprintf(holder, sizeof holder, "%ld", (long)getpid());
    if (ftruncate(folder->lock, 0) != 0 || pwrite(folder->lock, holder, (size_t)len, 0) != len)
        return failed(why, path, "the lock cannot be written");
    return OK;
}

static size_t longest_socket(void)
{
    size_t longest = sizeof "redis" - 1;
    for (enum service_id service = SERVICE_any + 1; service < SERVICE_COUNT; service++) {
        size_t len = strlen(service_name(service)) + sizeof "-commands" - 1;
        longest = len > longest ? len : longest;
    }
    return longest;
}

static enum err place_sockets(struct folder *folder, struct faults *why)
{
    if (strlen(folder->home) + sizeof "/sockets/" - 1 + longest_socket() <= SOCKET_PATH_MAX) {
        (void)snprintf(folder->sockets, sizeof folder->sockets, "%.*s/sockets",
            (int)SOCKET_PATH_MAX, folder->home);
        return make_folder(folder->sockets, why);
    }
    (void)snprintf(folder->sockets, sizeof folder->sockets, "/tmp/misaq-XXXXXX");
    folder->aside = true;
    return mkdtemp(folder->sockets) ? OK : failed(why, "/tmp", "no folder can be made");
}

enum err folder_open(const char *home, struct folder *ret_folder, struct faults *why)
{
    struct folder folder = {.lock = -1};
    if (make_folder(home, why) != OK)
        return faults_err(why);
    char *absolute = realpath(home, NULL);
    bool fits = absolute && strlen(absolute) < sizeof folder.home;
    if (fits)
        memcpy(folder.home, absolute, strlen(absolute) + 1);
    free(absolute);
    if (!fits)
        return faults_add(why, ERR_INVALID, home, "is not a folder that can be used");
    if (take_lock(&folder, why) != OK)
        return faults_err(why);
    if (make_inside(&folder, "redis", why) != OK || make_inside(&folder, "log", why) != OK ||
        make_inside(&folder, "keys", why) != OK || make_inside(&folder, "record", why) != OK ||
        make_inside(&folder, "evidence", why) != OK || place_sockets(&folder, why) != OK) {
        (void)close(folder.lock);
        return faults_err(why);
    }
    *ret_folder = folder;
    return OK;
}

void folder_close(struct folder *folder)
{
    DIR *sockets = folder->aside ? opendir(folder->sockets) : NULL;
    if (sockets) {
        for (const struct dirent *entry = readdir(sockets); entry; entry = readdir(sockets))
            (void)unlinkat(dirfd(sockets), entry->d_name, 0);
        (void)closedir(sockets);
        (void)rmdir(folder->sockets);
    }
    (void)close(folder->lock);
}

enum err folder_write_redis_conf(const struct folder *folder, struct faults *why)
{
    char path[FOLDER_NAME_SIZE];
    (void)snprintf(path, sizeof path, "%s/redis.conf", folder->home);
    size_t len = strlen(misaq_redis_conf);
    FILE *file = fopen(path, "we");
    if (!file)
        return failed(why, path, "the file cannot be made");
    bool written = fwrite(misaq_redis_conf, 1, len, file) == len;
    if (fclose(file) != 0 || !written)
        return failed(why, path, "the file cannot be written");
    return OK;
}
