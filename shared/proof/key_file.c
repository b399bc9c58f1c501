/* A key in the file of its owner. A file that is half written, or that a neighbour can read, is
 * worse than none: the first would be taken for the key, the second signs for somebody else. */
#include "proof/key.h"

#include "base/buf.h"
#include "base/descriptor.h"
#include "base/must.h"
#include "base/random.h"
#include "proof/base64.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define BEGIN_LINE "-----BEGIN PRIVATE KEY-----\n"
#define END_LINE   "-----END PRIVATE KEY-----\n"
#define SEED       32

/* RFC 8410: SEQUENCE { version 0, { id-Ed25519 }, OCTET STRING { OCTET STRING of 32 bytes } }; the
 * seed follows. */
static const unsigned char before_seed[16] = {
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20};

#define DER_SIZE (sizeof before_seed + SEED)
#define PEM_MAX  256

static void write_pem(const struct key_secret *secret, struct buf *pem)
{
    unsigned char der[DER_SIZE];
    memcpy(der, before_seed, sizeof before_seed);
    memcpy(der + sizeof before_seed, secret->at, SEED); /* libsodium keeps the seed first */
    buf_str(pem, BEGIN_LINE);
    base64_write(pem, BASE64_PADDED, (struct text){(const char *)der, sizeof der});
    buf_str(pem, "\n" END_LINE);
    sodium_memzero(der, sizeof der);
}

/* NULL with the key, or what is wrong. */
static const char *read_pem(struct text pem, struct key_secret *ret_secret)
{
    unsigned char der[DER_SIZE];
    struct key_public public;
    size_t len = 0, head = sizeof BEGIN_LINE - 1, tail = sizeof "\n" END_LINE - 1;
    if (!text_starts(pem, TEXT_LITERAL(BEGIN_LINE)) || pem.len <= head + tail ||
        memcmp(pem.at + pem.len - tail, "\n" END_LINE, tail) != 0)
        return "is not a private key in PEM (\"-----BEGIN PRIVATE KEY-----\" and one line)";
    struct text line = {pem.at + head, pem.len - head - tail};
    const char *complaint = NULL;
    if (!base64_read(BASE64_PADDED, line, der, sizeof der, &len) || len != sizeof der ||
        memcmp(der, before_seed, sizeof before_seed) != 0)
        complaint = "is not an Ed25519 key in PKCS#8 (RFC 8410, without attributes)";
    else
        must(crypto_sign_seed_keypair(public.at, ret_secret->at, der + sizeof before_seed) == 0);
    sodium_memzero(der, sizeof der);
    return complaint;
}

static enum err refuse(struct faults *why, const char *path, const char *detail)
{
    return faults_add(why, ERR_INVALID, "", "the key file %s %s", path, detail);
}

static enum err refuse_errno(struct faults *why, const char *path, const char *what)
{
    return faults_add(
        why, ERR_INVALID, "", "the key file %s cannot be %s: %s", path, what, strerror(errno));
}

static const char *access_complaint(const struct stat *facts)
{
    if (!S_ISREG(facts->st_mode))
        return "is not a plain file";
    if (facts->st_uid != geteuid())
        return "belongs to another user; a key is its owner's alone";
    if (facts->st_mode & (S_IRWXG | S_IRWXO))
        return "can be read by others; chmod 600 it, and think of a new key";
    if (facts->st_size >= PEM_MAX)
        return "is longer than a key";
    return NULL;
}

/* All bytes that are there, up to `most`; -1 with errno. */
static ssize_t read_all(int fd, char *out, size_t most)
{
    size_t len = 0;
    while (len < most) {
        ssize_t got = read(fd, out + len, most - len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        len += (size_t)got;
    }
    return (ssize_t)len;
}

enum err key_file_read(const char *path, struct key_secret *ret_secret, struct faults *why)
{
    struct stat facts;
    char pem[PEM_MAX];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return refuse_errno(why, path, "opened");
    const char *complaint =
        fstat(fd, &facts) != 0 ? "cannot be looked at" : access_complaint(&facts);
    ssize_t len = complaint ? 0 : read_all(fd, pem, sizeof pem);
    (void)close(fd);
    if (len < 0)
        return refuse_errno(why, path, "read");
    if (!complaint)
        complaint = read_pem((struct text){pem, (size_t)len}, ret_secret);
    sodium_memzero(pem, sizeof pem);
    return complaint ? refuse(why, path, complaint) : OK;
}

static bool sync_folder(const char *path)
{
    char copy[PATH_MAX];
    must(snprintf(copy, sizeof copy, "%s", path) < (int)sizeof copy);
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool fine = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        (void)close(fd);
    return fine;
}

/* Written beside its place and then given its name, which fails when the name is taken. */
static bool put(const char *path, const char *beside, struct text pem)
{
    int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return false;
    bool fine = descriptor_write(fd, pem) && fsync(fd) == 0;
    fine = close(fd) == 0 && fine;
    fine = fine && renameat2(AT_FDCWD, beside, AT_FDCWD, path, RENAME_NOREPLACE) == 0;
    if (!fine) {
        int kept = errno;
        (void)unlink(beside);
        errno = kept;
        return false;
    }
    return sync_folder(path);
}

enum err key_file_write(const char *path, const struct key_secret *secret, struct faults *why)
{
    char id[RANDOM_ID_LEN + 1], beside[PATH_MAX], room[PEM_MAX];
    random_id(id);
    if (snprintf(beside, sizeof beside, "%s.%.8s.part", path, id) >= (int)sizeof beside)
        return refuse(why, path, "has too long a name");
    struct buf pem = {.at = room, .room = sizeof room, .max = sizeof room};
    write_pem(secret, &pem);
    must(!pem.full);
    bool fine = put(path, beside, buf_as_text(&pem));
    sodium_memzero(room, sizeof room);
    if (!fine && errno == EEXIST)
        return faults_add(why, ERR_EXISTS, "",
            "the key file %s is there already; a key is never written over: name another", path);
    return fine ? OK : refuse_errno(why, path, "written");
}
