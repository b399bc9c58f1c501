#include "proof/vault.h"

#include "base/descriptor.h"
#include "base/must.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOTE_KEPT_MAX (64u * 1024u)
#define BATCH         4096 /* leaf hashes read or written at once */

static const char *path_of(const struct vault *vault, const char *name, char out[PATH_MAX])
{
    (void)snprintf(out, PATH_MAX, "%s/%s", vault->folder, name);
    return out;
}

static enum err failed(struct faults *why, const char *path, const char *what)
{
    return faults_add(why, ERR_UNAVAILABLE, path, "%s: %s", what, strerror(errno));
}

/* ---- small files, whole or not at all ---- */

/* An absent file leaves `out` empty. */
static enum err read_file(
    const struct vault *vault, const char *name, struct buf *out, struct faults *why)
{
    char path[PATH_MAX];
    ssize_t len = 0;
    int fd = open(path_of(vault, name, path), O_RDONLY | O_CLOEXEC);
    buf_clear(out);
    if (fd < 0)
        return errno == ENOENT ? OK : failed(why, path, "cannot be opened");
    char *room = buf_reserve(out, NOTE_KEPT_MAX);
    must(room);
    while (out->len < NOTE_KEPT_MAX &&
           (len = read(fd, out->at + out->len, NOTE_KEPT_MAX - out->len)) > 0)
        out->len += (size_t)len;
    (void)close(fd);
    return len < 0 ? failed(why, path, "cannot be read") : OK;
}

static bool sync_folder(const struct vault *vault)
{
    int fd = open(vault->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool fine = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        (void)close(fd);
    return fine;
}

static enum err write_file(
    const struct vault *vault, const char *name, struct text bytes, struct faults *why)
{
    char path[PATH_MAX], fresh[PATH_MAX + 8];
    (void)snprintf(fresh, sizeof fresh, "%s.new", path_of(vault, name, path));
    int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    bool fine = fd >= 0 && descriptor_write(fd, bytes) && fsync(fd) == 0;
    if (fd >= 0 && close(fd) != 0)
        fine = false;
    if (!fine || rename(fresh, path) != 0 || !sync_folder(vault))
        return failed(why, path, "cannot be written");
    return OK;
}

/* ---- what the checkpoint says ---- */

enum err vault_read(const struct vault *vault, struct text bytes, struct checkpoint *ret_checkpoint,
    struct faults *why)
{
    struct note *note = malloc(sizeof *note);
    must(note);
    enum err err = note_read(bytes, note, why);
    if (err == OK)
        err = note_verify(note, &vault->key, NULL, why);
    if (err == OK)
        err = checkpoint_read(note->text, ret_checkpoint, why);
    if (err == OK && !text_is(ret_checkpoint->origin, vault->key.name))
        err = faults_add(why, ERR_INVALID, "", "it is of another ledger");
    free(note);
    return err;
}

static enum err spoilt(struct faults *why, const char *what)
{
    char detail[sizeof why->kept[0].detail];
    (void)snprintf(detail, sizeof detail, "%s", why->total ? why->kept[0].detail : "");
    faults_clear(why);
    return faults_add(why, ERR_READ_ONLY, "", "%s%s%s; restore the folder of the record", what,
        *detail ? ": " : "", detail);
}

/* ---- leaf hashes ---- */

bool vault_leaf(const struct vault *vault, uint64_t index, struct digest *ret_leaf)
{
    return pread(vault->leaves, ret_leaf->at, DIGEST_SIZE, (off_t)(index * DIGEST_SIZE)) ==
           DIGEST_SIZE;
}

static enum err count_leaves(struct vault *vault, struct faults *why)
{
    struct stat stat;
    if (fstat(vault->leaves, &stat) != 0)
        return failed(why, vault->folder, "the leaf hashes cannot be read");
    vault->count = (uint64_t)stat.st_size / DIGEST_SIZE; /* a last one may have been cut short */
    return OK;
}

/* Whether the leaf hashes on disk make the root that the checkpoint signed. */
static enum err check_leaves(const struct vault *vault, struct faults *why)
{
    struct checkpoint checkpoint;
    MERKLE_CLEANUP struct merkle *tree = merkle_new();
    struct digest leaf;
    enum err err = vault_read(vault, buf_as_text(&vault->note), &checkpoint, why);
    if (err != OK)
        return spoilt(why, "the checkpoint of the record is not what its key signed");
    if (checkpoint.size > vault->count)
        return spoilt(why, "leaf hashes of the record are missing");
    must(tree);
    for (uint64_t i = 0; i < checkpoint.size; i++)
        if (!vault_leaf(vault, i, &leaf) || !merkle_add(tree, &leaf))
            return failed(why, vault->folder, "the leaf hashes cannot be read");
    struct digest root = merkle_root(tree, checkpoint.size);
    return digest_equal(&root, &checkpoint.root)
               ? OK
               : spoilt(
                     why, "the leaf hashes of the record do not make the root of its checkpoint");
}

static enum err append_leaves(struct vault *vault, const struct merkle *tree, struct faults *why)
{
    static struct digest batch[BATCH];
    uint64_t size = merkle_size(tree);
    if (vault->count < size &&
        lseek(vault->leaves, (off_t)(vault->count * DIGEST_SIZE), SEEK_SET) < 0)
        return failed(why, vault->folder, "the leaf hashes cannot be written");
    for (uint64_t from = vault->count; from < size; from += BATCH) {
        size_t count = size - from < BATCH ? (size_t)(size - from) : BATCH;
        for (size_t i = 0; i < count; i++)
            batch[i] = merkle_leaf_at(tree, from + i);
        if (!descriptor_write(
                vault->leaves, (struct text){(const char *)batch, count * sizeof *batch}))
            return failed(why, vault->folder, "the leaf hashes cannot be written");
    }
    if (fsync(vault->leaves) != 0)
        return failed(why, vault->folder, "the leaf hashes cannot be written");
    vault->count = size;
    return OK;
}

/* ---- sealing ---- */

static enum err sign(
    struct vault *vault, struct text origin, const struct merkle *tree, struct faults *why)
{
    BUF_CLEANUP struct buf text = BUF(4096);
    uint64_t size = merkle_size(tree);
    struct checkpoint checkpoint = {
        .origin = origin, .size = size, .root = merkle_root(tree, size)};
    checkpoint_write(&text, &checkpoint);
    buf_clear(&vault->note);
    note_write(&vault->note, buf_as_text(&text));
    note_sign(&vault->note, buf_as_text(&text), &vault->key, &vault->secret, 0);
    must(!text.full && !vault->note.full);
    return write_file(vault, "checkpoint", buf_as_text(&vault->note), why);
}

enum err vault_seal(
    struct vault *vault, struct text origin, const struct merkle *tree, struct faults *why)
{
    enum err err = append_leaves(vault, tree, why);
    return err == OK ? sign(vault, origin, tree, why) : err;
}

enum err vault_keep(struct vault *vault, struct text note, bool latest, struct faults *why)
{
    buf_clear(&vault->witnessed);
    buf_text(&vault->witnessed, note);
    enum err err = write_file(vault, "witnessed", note, why);
    if (err != OK || !latest)
        return err;
    buf_clear(&vault->note);
    buf_text(&vault->note, note);
    return write_file(vault, "checkpoint", note, why);
}

/* ---- opening ---- */

static enum err open_key(
    struct vault *vault, struct text origin, bool make, bool *ret_new, struct faults *why)
{
    char path[PATH_MAX];
    (void)path_of(vault, "record.key", path);
    *ret_new = make && access(path, F_OK) != 0;
    if (*ret_new) {
        key_generate(&vault->secret);
        enum err err = key_file_write(path, &vault->secret, why);
        if (err != OK)
            return err;
    } else {
        enum err err = key_file_read(path, &vault->secret, why);
        if (err != OK)
            return err;
    }
    struct key_public public = key_public_of(&vault->secret);
    const char *complaint = note_name_complaint(origin);
    if (complaint)
        return faults_add(why, ERR_INVALID, "MISAQ_ORIGIN", "%s", complaint);
    vault->key = note_key_of(origin, NOTE_LOG, &public);
    return OK;
}

/* A new key signs the empty ledger at once: from then on a missing checkpoint was taken away. */
static enum err begin(struct vault *vault, struct text origin, struct faults *why)
{
    MERKLE_CLEANUP struct merkle *empty = merkle_new();
    must(empty);
    if (vault->count > 0)
        return spoilt(why, "the record has leaf hashes but no key");
    return sign(vault, origin, empty, why);
}

enum err vault_refresh(struct vault *vault, struct faults *why)
{
    enum err err = read_file(vault, "checkpoint", &vault->note, why);
    if (err == OK)
        err = read_file(vault, "witnessed", &vault->witnessed, why);
    return err == OK ? count_leaves(vault, why) : err;
}

/* Two instances that start at once must not both make a key. This lock is held for that only: the
 * other one belongs to who seals, for as long as it lives. */
static enum err make_all(struct vault *vault, struct text origin, struct faults *why)
{
    char path[PATH_MAX];
    bool fresh;
    vault->lock = open(path_of(vault, "lock", path), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (vault->lock < 0)
        return failed(why, path, "cannot be opened: make the folder and let this user write there");
    vault->leaves = open(path_of(vault, "leaves", path), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (vault->leaves < 0)
        return failed(why, path, "cannot be opened");
    int making = open(path_of(vault, "making", path), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (making < 0 || flock(making, LOCK_EX) != 0) {
        if (making >= 0)
            (void)close(making);
        return failed(why, path, "cannot be locked");
    }
    enum err err = open_key(vault, origin, true, &fresh, why);
    if (err == OK)
        err = vault_refresh(vault, why);
    if (err == OK && fresh)
        err = begin(vault, origin, why);
    (void)close(making);
    return err;
}

static enum err find_all(struct vault *vault, struct text origin, struct faults *why)
{
    char path[PATH_MAX];
    bool fresh;
    vault->leaves = open(path_of(vault, "leaves", path), O_RDONLY | O_CLOEXEC);
    if (vault->leaves < 0)
        return failed(why, path, "cannot be opened");
    enum err err = open_key(vault, origin, false, &fresh, why);
    return err == OK ? vault_refresh(vault, why) : err;
}

static enum err check_all(const struct vault *vault, struct faults *why)
{
    struct checkpoint seen;
    if (vault->note.len == 0)
        return spoilt(why, "the checkpoint of the record is gone");
    if (vault->witnessed.len > 0 &&
        vault_read(vault, buf_as_text(&vault->witnessed), &seen, why) != OK)
        return spoilt(why, "the witnessed checkpoint of the record is not what its key signed");
    return check_leaves(vault, why);
}

enum err vault_open(
    struct vault *vault, const char *folder, struct text origin, bool make, struct faults *why)
{
    *vault = (struct vault){.folder = folder,
        .lock = -1,
        .leaves = -1,
        .note = BUF(NOTE_KEPT_MAX),
        .witnessed = BUF(NOTE_KEPT_MAX)};
    enum err err = make ? make_all(vault, origin, why) : find_all(vault, origin, why);
    return err == OK ? check_all(vault, why) : err;
}

void vault_close(struct vault *vault)
{
    if (vault->lock >= 0)
        (void)close(vault->lock);
    if (vault->leaves >= 0)
        (void)close(vault->leaves);
    key_forget(&vault->secret);
    buf_free(&vault->note);
    buf_free(&vault->witnessed);
}

bool vault_take(struct vault *vault)
{
    return flock(vault->lock, LOCK_EX | LOCK_NB) == 0;
}
