#include "ledger/image.h"

#include "base/descriptor.h"
#include "base/must.h"
#include "ledger/door.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define SILENCE_S 600 /* while the image is being written Redis says only that it lives */
#define PIECE     (256u << 10)
#define HEAD_SIZE 64

static enum err lost(struct faults *why)
{
    return faults_add(why, ERR_UNAVAILABLE, "MISAQ_REDIS",
        "the image of Redis broke off: is there memory and disk for it? Its log says more");
}

/* "$<bytes>\r\n", after line ends that say that Redis lives. */
static enum err read_head(int fd, uint64_t *ret_bytes, struct faults *why)
{
    char head[HEAD_SIZE];
    size_t len = 0;
    while (len < sizeof head && (len == 0 || head[len - 1] != '\n')) {
        if (read(fd, head + len, 1) != 1)
            return lost(why);
        len += len > 0 || head[0] != '\n';
    }
    if (len < 4 || head[0] != '$' ||
        !text_whole((struct text){head + 1, len - 3}, INT64_MAX, ret_bytes))
        return faults_add(
            why, ERR_UNAVAILABLE, "MISAQ_REDIS", "gives no image: \"%.*s\"", (int)len, head);
    return OK;
}

static enum err copy(
    int from, int to, uint64_t bytes, void (*told)(uint64_t bytes, uint64_t of), struct faults *why)
{
    char *piece = malloc(PIECE);
    must(piece);
    enum err err = OK;
    for (uint64_t done = 0; done < bytes && err == OK;) {
        size_t wanted = bytes - done < PIECE ? (size_t)(bytes - done) : PIECE;
        ssize_t got = read(from, piece, wanted);
        if (got <= 0)
            err = lost(why);
        else if (!descriptor_write(to, (struct text){piece, (size_t)got}))
            err = faults_add(why, ERR_UNAVAILABLE, "", "cannot be written: %s", strerror(errno));
        else
            told(done += (uint64_t)got, bytes);
    }
    free(piece);
    return err;
}

enum err image_copy(const struct settings *settings, int fd,
    void (*told)(uint64_t bytes, uint64_t of), uint64_t *ret_bytes, struct faults *why)
{
    struct door door;
    struct words words;
    const struct timeval silence = {SILENCE_S, 0};
    enum err err = door_open(settings, &door, why);
    if (err != OK)
        return err;
    words_begin(&words, "PING");
    err = door_tell(&door, &words, why);
    if (err == OK) {
        static const char sync[] = "SYNC\r\n";
        int from = door.context->fd;
        (void)setsockopt(from, SOL_SOCKET, SO_RCVTIMEO, &silence, sizeof silence);
        if (!descriptor_write(from, (struct text){sync, sizeof sync - 1}))
            err = lost(why);
        if (err == OK)
            err = read_head(from, ret_bytes, why);
        if (err == OK)
            err = copy(from, fd, *ret_bytes, told, why);
    }
    door_close(&door);
    return err;
}
