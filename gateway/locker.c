#include "locker.h"

#include "base/must.h"
#include "base/random.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define COMING      "coming-" /* names of files that are not whole yet */
#define PATH_SIZE   PATH_MAX
#define WRITE_AHEAD (INT64_C(1) << 20) /* bytes after which the disk is told to begin */

struct locker_file {
    int fd;
    bool kept;
    const char *folder; /* borrowed */
    char path[PATH_SIZE];
    char hex[LOCKER_DIGEST + 1];
    char first[LOCKER_FIRST];
    uint64_t size, told;
    crypto_hash_sha256_state hash;
};

static enum err failed(const char *what, const char *path, struct faults *why)
{
    int error = errno;
    return faults_add(why, ERR_UNAVAILABLE, "", "the file cannot be kept: %s %s: %s", what, path,
        error == ENOSPC || error == EDQUOT ? "no space is left on the disk" : strerror(error));
}

enum err locker_open(const char *folder, struct faults *why)
{
    char path[PATH_SIZE];
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return failed("making", folder, why);
    DIR *all = opendir(folder);
    if (!all)
        return failed("reading", folder, why);
    for (struct dirent *one; (one = readdir(all));)
        if (strncmp(one->d_name, COMING, sizeof COMING - 1) == 0 &&
            snprintf(path, sizeof path, "%s/%s", folder, one->d_name) < (int)sizeof path)
            (void)unlink(path);
    (void)closedir(all);
    return OK;
}

enum err locker_begin(const char *folder, struct locker_file **ret_file, struct faults *why)
{
    struct locker_file *file = calloc(1, sizeof *file);
    char name[RANDOM_ID_LEN + 1];
    must(file);
    random_id(name);
    file->folder = folder;
    (void)crypto_hash_sha256_init(&file->hash);
    if (snprintf(file->path, sizeof file->path, "%s/" COMING "%s", folder, name) >=
        (int)sizeof file->path) {
        free(file);
        return faults_add(why, ERR_UNAVAILABLE, "", "the path of the folder is too long");
    }
    file->fd = open(file->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file->fd < 0) {
        enum err err = failed("writing", folder, why);
        free(file);
        return err;
    }
    *ret_file = file;
    return OK;
}

enum err locker_add(struct locker_file *file, struct text bytes, struct faults *why)
{
    if (file->size < LOCKER_FIRST) {
        size_t room = LOCKER_FIRST - (size_t)file->size;
        memcpy(file->first + file->size, bytes.at, bytes.len < room ? bytes.len : room);
    }
    (void)crypto_hash_sha256_update(&file->hash, (const unsigned char *)bytes.at, bytes.len);
    for (size_t done = 0; done < bytes.len;) {
        ssize_t written = write(file->fd, bytes.at + done, bytes.len - done);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return failed("writing", file->folder, why);
        done += (size_t)written;
    }
    file->size += bytes.len;
    if (file->size - file->told >= WRITE_AHEAD) { /* so that fsync has little to wait for */
        (void)sync_file_range(
            file->fd, (off_t)file->told, (off_t)(file->size - file->told), SYNC_FILE_RANGE_WRITE);
        file->told = file->size;
    }
    return OK;
}

struct text locker_first(const struct locker_file *file)
{
    return (struct text){
        file->first, file->size < LOCKER_FIRST ? (size_t)file->size : LOCKER_FIRST};
}

uint64_t locker_size(const struct locker_file *file)
{
    return file->size;
}

void locker_end(struct locker_file *file, char ret_hex[LOCKER_DIGEST + 1], struct buf *ret_field)
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    char text[sodium_base64_ENCODED_LEN(sizeof digest, sodium_base64_VARIANT_ORIGINAL)];
    (void)crypto_hash_sha256_final(&file->hash, digest);
    (void)sodium_bin2hex(file->hex, sizeof file->hex, digest, sizeof digest);
    (void)sodium_bin2base64(
        text, sizeof text, digest, sizeof digest, sodium_base64_VARIANT_ORIGINAL);
    memcpy(ret_hex, file->hex, sizeof file->hex);
    buf_printf(ret_field, "sha-256=:%s:", text);
}

static bool path_of(const char *folder, struct text sha256, char out[PATH_SIZE])
{
    return sha256.len == LOCKER_DIGEST && snprintf(out, PATH_SIZE, "%s/%.2s/%.*s", folder,
                                              sha256.at, TEXT_ARG(sha256)) < PATH_SIZE;
}

/* What was renamed into a folder is there after a crash only when the folder is synced too. */
static enum err sync_folder(const char *path, struct faults *why)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0) {
        enum err err = failed("syncing", path, why);
        if (fd >= 0)
            (void)close(fd);
        return err;
    }
    (void)close(fd);
    return OK;
}

enum err locker_keep(struct locker_file *file, struct faults *why)
{
    char path[PATH_SIZE], folder[PATH_SIZE];
    if (!path_of(file->folder, text_of(file->hex), path))
        return faults_add(why, ERR_UNAVAILABLE, "", "the path of the folder is too long");
    memcpy(folder, path, sizeof folder);
    folder[strlen(path) - LOCKER_DIGEST - 1] = '\0';
    if (fsync(file->fd) != 0)
        return failed("syncing", file->path, why);
    bool fresh = mkdir(folder, 0700) == 0;
    if (!fresh && errno != EEXIST)
        return failed("making", folder, why);
    if (rename(file->path, path) != 0)
        return failed("renaming", file->path, why);
    file->kept = true;
    enum err err = sync_folder(folder, why);
    return err == OK && fresh ? sync_folder(file->folder, why) : err;
}

void locker_free(struct locker_file *file)
{
    if (!file)
        return;
    (void)close(file->fd);
    if (!file->kept)
        (void)unlink(file->path);
    free(file);
}

int locker_read(const char *folder, struct text sha256, uint64_t *ret_size)
{
    char path[PATH_SIZE];
    struct stat found;
    if (!path_of(folder, sha256, path))
        return -1;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0 && (fstat(fd, &found) != 0 || !S_ISREG(found.st_mode))) {
        (void)close(fd);
        return -1;
    }
    if (fd >= 0)
        *ret_size = (uint64_t)found.st_size;
    return fd;
}
