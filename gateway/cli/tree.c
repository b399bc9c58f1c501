#include "tree.h"

#include "base/descriptor.h"
#include "base/must.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE    (256u << 10)
#define HEX_SIZE (2 * crypto_hash_sha256_BYTES + 1)
#define SUMS_MAX (64u << 20)

static enum err fail(struct faults *why, const char *path)
{
    return faults_add(why, ERR_UNAVAILABLE, path, "%s", strerror(errno));
}

static bool join(char out[TREE_PATH_SIZE], const char *folder, const char *name)
{
    int len = snprintf(out, TREE_PATH_SIZE, "%s/%s", folder, name);
    return len > 0 && len < TREE_PATH_SIZE;
}

bool tree_sync(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool fine = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        (void)close(fd);
    return fine;
}

enum err tree_make(const char *top, const char *name, struct faults *why)
{
    char path[TREE_PATH_SIZE];
    if (!join(path, top, name))
        return faults_add(why, ERR_INVALID, top, "is too long a path");
    return mkdir(path, 0700) == 0 || errno == EEXIST ? OK : fail(why, path);
}

/* Reads `from` to its end; writes what it reads to `to` unless that is -1. */
static bool digest(int from, int to, char hex[HEX_SIZE], uint64_t *ret_bytes)
{
    crypto_hash_sha256_state state;
    unsigned char sum[crypto_hash_sha256_BYTES];
    unsigned char *piece = malloc(PIECE);
    ssize_t got;
    must(piece);
    *ret_bytes = 0;
    crypto_hash_sha256_init(&state);
    while ((got = read(from, piece, PIECE)) > 0) {
        crypto_hash_sha256_update(&state, piece, (unsigned long long)got);
        *ret_bytes += (uint64_t)got;
        if (to >= 0 && !descriptor_write(to, (struct text){(const char *)piece, (size_t)got})) {
            got = -1;
            break;
        }
    }
    crypto_hash_sha256_final(&state, sum);
    (void)sodium_bin2hex(hex, HEX_SIZE, sum, sizeof sum);
    free(piece);
    return got == 0;
}

static void note(struct tree *tree, const char *hex, const char *name, uint64_t bytes)
{
    buf_printf(tree->sums, "%s  %s\n", hex, name);
    tree->files++;
    tree->bytes += bytes;
}

enum err tree_copy_file(struct tree *tree, const char *from, const char *name, struct faults *why)
{
    struct stat facts;
    char path[TREE_PATH_SIZE], hex[HEX_SIZE];
    uint64_t bytes;
    int in = open(from, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (in < 0)
        return errno == ENOENT ? OK : fail(why, from);
    if (fstat(in, &facts) != 0 || !join(path, tree->top, name)) {
        (void)close(in);
        return faults_add(why, ERR_INVALID, name, "is too long a path");
    }
    int out = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, facts.st_mode & 0700);
    bool fine = out >= 0 && digest(in, out, hex, &bytes) && fsync(out) == 0;
    int kept = errno;
    (void)close(in);
    if (out >= 0)
        (void)close(out);
    errno = kept;
    if (!fine)
        return fail(why, path);
    note(tree, hex, name, bytes);
    return OK;
}

static bool is_part(const char *name)
{
    size_t len = strlen(name);
    return len > 5 && strcmp(name + len - 5, ".part") == 0;
}

static enum err copy_one(
    struct tree *tree, const char *from, const char *name, const char *what, struct faults *why)
{
    char path[TREE_PATH_SIZE], below[TREE_PATH_SIZE];
    struct stat facts;
    if (strcmp(what, ".") == 0 || strcmp(what, "..") == 0 || is_part(what))
        return OK;
    if (!join(path, from, what) || !join(below, name, what))
        return faults_add(why, ERR_INVALID, from, "is too long a path");
    if (lstat(path, &facts) != 0)
        return errno == ENOENT ? OK : fail(why, path);
    if (S_ISDIR(facts.st_mode))
        return tree_copy(tree, path, below, why);
    return S_ISREG(facts.st_mode) ? tree_copy_file(tree, path, below, why) : OK;
}

enum err tree_copy(struct tree *tree, const char *from, const char *name, struct faults *why)
{
    struct dirent **list = NULL;
    char path[TREE_PATH_SIZE];
    enum err err = tree_make(tree->top, name, why);
    if (err != OK)
        return err;
    int count = scandir(from, &list, NULL, alphasort);
    if (count < 0)
        return fail(why, from);
    for (int i = 0; i < count; i++) {
        if (err == OK)
            err = copy_one(tree, from, name, list[i]->d_name, why);
        free(list[i]);
    }
    free(list);
    if (err == OK && (!join(path, tree->top, name) || !tree_sync(path)))
        err = fail(why, name);
    return err;
}

enum err tree_add(struct tree *tree, const char *name, struct faults *why)
{
    char path[TREE_PATH_SIZE], hex[HEX_SIZE];
    uint64_t bytes;
    int in = join(path, tree->top, name) ? open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC) : -1;
    if (in < 0)
        return fail(why, name);
    bool fine = digest(in, -1, hex, &bytes);
    (void)close(in);
    if (!fine)
        return fail(why, path);
    note(tree, hex, name, bytes);
    return OK;
}

enum err tree_write(struct tree *tree, const char *name, struct text bytes, struct faults *why)
{
    char path[TREE_PATH_SIZE];
    if (!join(path, tree->top, name))
        return faults_add(why, ERR_INVALID, name, "is too long a path");
    int out = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool fine = out >= 0 && descriptor_write(out, bytes) && fsync(out) == 0;
    if (out >= 0)
        (void)close(out);
    return fine ? OK : fail(why, path);
}

/* ---- verifying ---- */
static bool read_sums(const struct tree *tree, struct buf *out)
{
    char path[TREE_PATH_SIZE], *piece = malloc(PIECE);
    int in = join(path, tree->top, TREE_SUMS) ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    ssize_t got = in < 0 ? -1 : 0;
    must(piece);
    while (in >= 0 && (got = read(in, piece, PIECE)) > 0)
        buf_add(out, piece, (size_t)got);
    if (in >= 0)
        (void)close(in);
    free(piece);
    return got == 0 && !out->full;
}

static void check_line(struct tree *tree, struct text line, struct faults *why)
{
    char name[TREE_PATH_SIZE], path[TREE_PATH_SIZE], hex[HEX_SIZE];
    struct text wanted = {line.at, HEX_SIZE - 1};
    uint64_t bytes;
    if (line.len <= HEX_SIZE + 1 || line.len >= TREE_PATH_SIZE ||
        strncmp(line.at + HEX_SIZE - 1, "  ", 2) != 0) {
        (void)faults_add(why, ERR_INVALID, TREE_SUMS, "has a line that is no sum");
        return;
    }
    (void)snprintf(
        name, sizeof name, "%.*s", (int)(line.len - HEX_SIZE - 1), line.at + HEX_SIZE + 1);
    if (name[0] == '/' || strstr(name, "..") || !join(path, tree->top, name)) {
        (void)faults_add(why, ERR_INVALID, name, "is not below this folder");
        return;
    }
    int in = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (in < 0 || !digest(in, -1, hex, &bytes))
        (void)fail(why, name);
    else if (!text_is(wanted, hex))
        (void)faults_add(why, ERR_INVALID, name, "is not what was written: its sum is another");
    else {
        tree->files++;
        tree->bytes += bytes;
    }
    if (in >= 0)
        (void)close(in);
}

enum err tree_verify(struct tree *tree, struct faults *why)
{
    BUF_CLEANUP struct buf sums = BUF(SUMS_MAX);
    if (!read_sums(tree, &sums))
        return faults_add(why, ERR_INVALID, TREE_SUMS, "cannot be read: is this a backup?");
    for (struct text rest = buf_as_text(&sums); rest.len;) {
        struct text line = text_cut(rest, '\n', &rest);
        check_line(tree, line, why);
    }
    if (tree->files == 0 && !why->total)
        (void)faults_add(why, ERR_INVALID, TREE_SUMS, "names no file");
    return why->total ? faults_err(why) : OK;
}
