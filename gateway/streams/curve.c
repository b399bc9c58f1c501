#include "curve.h"

#include "base/must.h"
#include "zap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#define PATH_SIZE    512
#define SEND_BYTES   262144 /* in the kernel, for one subscriber */
#define TAKEN_MAX    1024   /* bytes of what a subscriber may send: a subscription */
#define HANDSHAKE_MS 5000
#define GOODBYE_MS   200
/* ZMQ_ZAP_ENFORCE_DOMAIN: without a handler nobody comes in. The header hides it as a draft, the
 * library has it. */
#define ENFORCE_DOMAIN 93

static bool write_whole(int fd, const char *text, size_t len)
{
    return write(fd, text, len) == (ssize_t)len && write(fd, "\n", 1) == 1 && fsync(fd) == 0;
}

/* Under another name first: a file that is there is whole. */
static enum err make(const char *path, struct faults *why)
{
    struct curve fresh;
    char draft[PATH_SIZE];
    int len = snprintf(draft, sizeof draft, "%s.new", path);
    if (len < 0 || len >= (int)sizeof draft || zmq_curve_keypair(fresh.public, fresh.secret) != 0)
        return faults_add(why, ERR_UNAVAILABLE, path, "no key can be made");
    (void)unlink(draft);
    int fd = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool fine = fd >= 0 && write_whole(fd, fresh.secret, CURVE_TEXT_SIZE - 1);
    if (fd >= 0)
        (void)close(fd);
    if (!fine || rename(draft, path) != 0)
        return faults_add(
            why, ERR_UNAVAILABLE, path, "cannot be written: %s; make its folder", strerror(errno));
    return OK;
}

enum err curve_open(const char *path, struct curve *ret_curve, struct faults *why)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 && errno == ENOENT) {
        enum err err = make(path, why);
        if (err != OK)
            return err;
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    }
    if (fd < 0)
        return faults_add(why, ERR_UNAVAILABLE, path, "cannot be read: %s", strerror(errno));
    ssize_t len = read(fd, ret_curve->secret, CURVE_TEXT_SIZE - 1);
    (void)close(fd);
    ret_curve->secret[CURVE_TEXT_SIZE - 1] = '\0';
    if (len != CURVE_TEXT_SIZE - 1 || zmq_curve_public(ret_curve->public, ret_curve->secret) != 0)
        return faults_add(why, ERR_INVALID, path, "is no CURVE secret key in Z85");
    return OK;
}

static void set(void *socket, int option, int value)
{
    must(zmq_setsockopt(socket, option, &value, sizeof value) == 0);
}

/* Fails closed: without the domain enforced, a key that nobody knows would come in. */
enum err curve_bind(void *context, const struct curve *curve, const char *address, int queue,
    void **ret_socket, char ret_bound[SETTING_WORD_SIZE], struct faults *why)
{
    int64_t taken_max = TAKEN_MAX;
    void *socket = zmq_socket(context, ZMQ_XPUB);
    must(socket);
    set(socket, ZMQ_LINGER, GOODBYE_MS);
    set(socket, ZMQ_SNDHWM, queue);
    set(socket, ZMQ_SNDBUF, SEND_BYTES);
    set(socket, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS);
    set(socket, ZMQ_TCP_KEEPALIVE, 1);
    set(socket, ZMQ_XPUB_MANUAL, 1);
    set(socket, ZMQ_CURVE_SERVER, 1);
    set(socket, ENFORCE_DOMAIN, 1);
    must(zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &taken_max, sizeof taken_max) == 0);
    must(zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, curve->secret, CURVE_TEXT_SIZE) == 0);
    must(zmq_setsockopt(socket, ZMQ_ZAP_DOMAIN, ZAP_DOMAIN, sizeof ZAP_DOMAIN - 1) == 0);
    if (zmq_bind(socket, address) != 0) {
        int error = zmq_errno();
        (void)zmq_close(socket);
        return faults_add(why, ERR_UNAVAILABLE, "MISAQ_DEPARTMENTS", "cannot bind %s: %s", address,
            zmq_strerror(error));
    }
    size_t size = SETTING_WORD_SIZE;
    must(zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, ret_bound, &size) == 0);
    *ret_socket = socket;
    return OK;
}
