/* The secret in its file: a line of hexadecimal digits that only its owner reads. Whoever comes
 * second reads what the first has made, so that two who start at once share one secret. */
#include "proof/token.h"

#include "base/must.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEX_SIZE  (2 * TOKEN_SECRET_SIZE)
#define FILE_SIZE (HEX_SIZE + 1) /* and the end of the line */

static enum err refuse(struct faults *why, const char *path, const char *what)
{
    return faults_add(why, ERR_INVALID, "MISAQ_KEYS", "%s %s", path, what);
}

static const char *complain(const struct stat *facts)
{
    if (!S_ISREG(facts->st_mode) || facts->st_size != FILE_SIZE)
        return "is not a key of sessions: 64 hexadecimal digits and the end of the line";
    if (facts->st_uid != geteuid())
        return "belongs to another user than this program runs as";
    if (facts->st_mode & (S_IRWXG | S_IRWXO))
        return "can be read by others: remove it and start again, everybody signs in anew";
    return NULL;
}

static enum err read_secret(
    const char *path, unsigned char ret_secret[TOKEN_SECRET_SIZE], struct faults *why)
{
    struct stat facts;
    char text[FILE_SIZE + 1] = "";
    const char *end = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 && errno == ENOENT)
        return faults_add(
            why, ERR_NOT_FOUND, "MISAQ_KEYS", "%s is not there yet: offices makes it", path);
    if (fd < 0)
        return refuse(why, path, strerror(errno));
    const char *complaint = fstat(fd, &facts) != 0 ? "cannot be looked at" : complain(&facts);
    if (!complaint && read(fd, text, FILE_SIZE) != FILE_SIZE)
        complaint = "cannot be read";
    (void)close(fd);
    size_t len = 0;
    unsigned char secret[TOKEN_SECRET_SIZE];
    if (!complaint && (sodium_hex2bin(secret, sizeof secret, text, HEX_SIZE, NULL, &len, &end) ||
                          len != sizeof secret || text[HEX_SIZE] != '\n'))
        complaint = "is not a key of sessions: 64 hexadecimal digits and the end of the line";
    sodium_memzero(text, sizeof text);
    if (complaint)
        return refuse(why, path, complaint);
    memcpy(ret_secret, secret, sizeof secret);
    sodium_memzero(secret, sizeof secret);
    return OK;
}

static bool sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool fine = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        (void)close(fd);
    return fine;
}

/* Writes it whole under a name of its own, then links it to its place, which fails when somebody
 * was faster. */
static bool put(const char *folder, const char *path, const char *beside)
{
    unsigned char secret[TOKEN_SECRET_SIZE];
    char text[FILE_SIZE + 1];
    randombytes_buf(secret, sizeof secret);
    sodium_bin2hex(text, sizeof text, secret, sizeof secret);
    text[HEX_SIZE] = '\n';
    int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool fine = fd >= 0 && write(fd, text, FILE_SIZE) == FILE_SIZE && fsync(fd) == 0;
    if (fd >= 0)
        fine = close(fd) == 0 && fine;
    fine = fine && (link(beside, path) == 0 || errno == EEXIST);
    int kept = errno;
    (void)unlink(beside);
    errno = kept;
    sodium_memzero(secret, sizeof secret);
    sodium_memzero(text, sizeof text);
    return fine && sync_folder(folder);
}

enum err token_secret(
    const char *folder, bool make, unsigned char ret_secret[TOKEN_SECRET_SIZE], struct faults *why)
{
    char path[PATH_MAX], beside[PATH_MAX];
    must(sodium_init() >= 0);
    if (snprintf(path, sizeof path, "%s/token.key", folder) >= (int)sizeof path ||
        snprintf(beside, sizeof beside, "%s.%08x.part", path, randombytes_random()) >=
            (int)sizeof beside)
        return refuse(why, folder, "is too long a name");
    if (make && access(path, F_OK) != 0) {
        if (mkdir(folder, 0700) != 0 && errno != EEXIST)
            return refuse(why, folder, strerror(errno));
        if (!put(folder, path, beside))
            return refuse(why, path, strerror(errno));
    }
    return read_secret(path, ret_secret, why);
}
