/* misaq backup, misaq restore. A backup is a folder that Redis and the services can start on as it
 * is: data, keys, stream, record, evidence, and the sums of all files. The order matters while
 * everything goes on: the record before Redis, because a record that knows more than the ledger
 * holds all writing; the evidence after it, because the ledger may name what has just come. */
#include "commands.h"

#include "base/clock.h"
#include "base/must.h"
#include "ledger/image.h"
#include "tree.h"
#include "verify.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUMS_MAX   (64u << 20)
#define AOF        "data/aof"
#define BASE       AOF "/ledger.aof.1.base.rdb"
#define INCREMENT  AOF "/ledger.aof.1.incr.aof"
#define STREAM_KEY "stream/departments.key"
#define MANIFEST   AOF "/ledger.aof.manifest" /* as redis.conf names them */

extern char **environ;

static const char *const kept[] = {"keys", "stream", "record", "data", "evidence"};

static int refuse(const struct faults *why)
{
    for (size_t i = 0; i < faults_kept(why); i++)
        (void)fprintf(stderr, "misaq: %s%s%s\n", why->kept[i].member,
            *why->kept[i].member ? ": " : "", why->kept[i].detail);
    if (why->total > faults_kept(why))
        (void)fprintf(stderr, "misaq: and %zu more\n", (size_t)(why->total - faults_kept(why)));
    return COMMAND_FAILED;
}

static void on_bytes(uint64_t bytes, uint64_t of)
{
    static uint64_t told_us;
    uint64_t now_us = clock_mono_us();
    if (now_us < told_us + 1000000 && bytes < of)
        return;
    told_us = now_us;
    (void)fprintf(stderr, "Redis: %" PRIu64 " of %" PRIu64 " KiB\n", bytes >> 10, of >> 10);
}

static enum err copy_redis(struct tree *tree, const struct settings *settings, struct faults *why)
{
    static const char manifest[] = "file ledger.aof.1.base.rdb seq 1 type b\n"
                                   "file ledger.aof.1.incr.aof seq 1 type i\n";
    char path[TREE_PATH_SIZE];
    uint64_t bytes = 0;
    enum err err = tree_make(tree->top, "data", why);
    if (err == OK)
        err = tree_make(tree->top, AOF, why);
    if (err != OK)
        return err;
    (void)snprintf(path, sizeof path, "%s/%s", tree->top, BASE);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return faults_add(why, ERR_UNAVAILABLE, path, "%s", strerror(errno));
    err = image_copy(settings, fd, on_bytes, &bytes, why);
    if (err == OK && fsync(fd) != 0)
        err = faults_add(why, ERR_UNAVAILABLE, path, "%s", strerror(errno));
    (void)close(fd);
    if (err == OK)
        err = tree_write(tree, INCREMENT, TEXT_LITERAL(""), why);
    if (err == OK)
        err = tree_write(tree, MANIFEST, text_of(manifest), why);
    for (size_t i = 0; err == OK && i < 3; i++)
        err = tree_add(tree, (const char *const[]){BASE, INCREMENT, MANIFEST}[i], why);
    return err;
}

/* A new folder, to be filled and then given its name: half a backup never has one. */
static enum err begin(const char *to, char part[TREE_PATH_SIZE], struct faults *why)
{
    int len = snprintf(part, TREE_PATH_SIZE, "%s.part", to);
    if (len <= 0 || len >= TREE_PATH_SIZE)
        return faults_add(why, ERR_INVALID, to, "is too long a path");
    if (access(to, F_OK) == 0)
        return faults_add(why, ERR_EXISTS, to, "is there already: name a new folder");
    if (mkdir(part, 0700) != 0)
        return faults_add(why, ERR_UNAVAILABLE, part, "%s%s", strerror(errno),
            errno == EEXIST ? ": remove what an earlier try has left" : "");
    return OK;
}

static enum err finish(struct tree *tree, const char *to, struct faults *why)
{
    enum err err = tree_write(tree, TREE_SUMS, buf_as_text(tree->sums), why);
    if (err == OK && (!tree_sync(tree->top) || rename(tree->top, to) != 0))
        err = faults_add(why, ERR_UNAVAILABLE, to, "%s", strerror(errno));
    return err;
}

/* The key of the stream for departments, who know its other half. */
static enum err copy_stream_key(
    struct tree *tree, const struct settings *settings, struct faults *why)
{
    enum err err = tree_make(tree->top, "stream", why);
    return err == OK ? tree_copy_file(tree, settings->departments_key, STREAM_KEY, why) : err;
}

int command_backup(int argc, char **argv)
{
    static struct settings settings;
    static struct faults why;
    char part[TREE_PATH_SIZE];
    BUF_CLEANUP struct buf sums = BUF(SUMS_MAX);
    struct tree tree = {.top = part, .sums = &sums};
    if (argc != 2 || argv[1][0] == '-')
        return command_misused("backup");
    enum err err = settings_read(environ, &settings, &why);
    if (err == OK)
        err = begin(argv[1], part, &why);
    if (err == OK)
        err = tree_copy(&tree, settings.keys, "keys", &why);
    if (err == OK)
        err = copy_stream_key(&tree, &settings, &why);
    if (err == OK)
        err = tree_copy(&tree, settings.record, "record", &why);
    if (err == OK)
        err = copy_redis(&tree, &settings, &why);
    if (err == OK)
        err = tree_copy(&tree, settings.evidence, "evidence", &why);
    if (err == OK)
        err = finish(&tree, argv[1], &why);
    if (err != OK)
        return refuse(&why);
    (void)printf("%s: %" PRIu64 " files, %" PRIu64
                 " KiB; `misaq verify backup %s` reads them again. "
                 "It holds secrets: keep it as you keep the keys\n",
        argv[1], tree.files, tree.bytes >> 10, argv[1]);
    return COMMAND_FINE;
}

int verify_backup(const char *path)
{
    static struct faults why;
    struct tree tree = {.top = path};
    if (tree_verify(&tree, &why) != OK)
        return refuse(&why);
    (void)printf("%s: %" PRIu64 " files, %" PRIu64 " KiB, all as they were written. Whether the "
                 "ledger in it is whole: restore it beside, start on it, `misaq audit`\n",
        path, tree.files, tree.bytes >> 10);
    return COMMAND_FINE;
}

int command_restore(int argc, char **argv)
{
    static struct faults why;
    char part[TREE_PATH_SIZE], from[TREE_PATH_SIZE];
    BUF_CLEANUP struct buf sums = BUF(SUMS_MAX);
    struct tree tree = {.top = part, .sums = &sums};
    if (argc != 3 || argv[1][0] == '-' || argv[2][0] == '-')
        return command_misused("restore");
    if (verify_backup(argv[1]) != COMMAND_FINE)
        return COMMAND_FAILED;
    enum err err = begin(argv[2], part, &why);
    for (size_t i = 0; err == OK && i < sizeof kept / sizeof *kept; i++) {
        (void)snprintf(from, sizeof from, "%s/%s", argv[1], kept[i]);
        err = tree_copy(&tree, from, kept[i], &why);
    }
    if (err == OK)
        err = finish(&tree, argv[2], &why);
    if (err != OK)
        return refuse(&why);
    (void)printf(
        "%s: keys, record, data and evidence are there. Start Redis with --dir %s/data, the "
        "services with the other three, and then `misaq audit`\n",
        argv[2], argv[2]);
    return COMMAND_FINE;
}
