#include "witness_book.h"

#include "base/descriptor.h"
#include "proof/base64.h"
#include "proof/checkpoint.h"
#include "schema/schema.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PROOF_LINES_MAX 63 /* as the specification has it */

static const char *path_of(
    const struct witness_book *book, const char *name, char out[WITNESS_PATH_SIZE])
{
    (void)snprintf(out, WITNESS_PATH_SIZE, "%s/%s", book->folder, name);
    return out;
}

/* ---- on disk ---- */

static bool sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool fine = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        (void)close(fd);
    return fine;
}

/* The old one stays until the new one is whole. */
static bool store(const struct witness_book *book, struct text note)
{
    char path[WITNESS_PATH_SIZE], fresh[WITNESS_PATH_SIZE];
    int fd = open(
        path_of(book, "checkpoint.new", fresh), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool fine = fd >= 0 && descriptor_write(fd, note) && fsync(fd) == 0;
    if (fd >= 0)
        fine = close(fd) == 0 && fine;
    return fine && rename(fresh, path_of(book, "checkpoint", path)) == 0 &&
           sync_folder(book->folder);
}

static enum err open_key(struct witness_book *book, struct text name, struct faults *why)
{
    char path[WITNESS_PATH_SIZE];
    struct stat stat_of;
    enum err err = OK;
    if (stat(path_of(book, "witness.key", path), &stat_of) != 0) {
        key_generate(&book->secret);
        err = key_file_write(path, &book->secret, why);
    } else
        err = key_file_read(path, &book->secret, why);
    if (err != OK)
        return err;
    struct key_public public = key_public_of(&book->secret);
    book->key = note_key_of(name, NOTE_WITNESS, &public);
    return OK;
}

static enum err open_lock(struct witness_book *book, struct faults *why)
{
    char path[WITNESS_PATH_SIZE];
    if (mkdir(book->folder, 0700) != 0 && errno != EEXIST)
        return faults_add(why, ERR_UNAVAILABLE, book->folder, "%s", strerror(errno));
    book->lock = open(path_of(book, "lock", path), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (book->lock < 0)
        return faults_add(why, ERR_UNAVAILABLE, path, "%s", strerror(errno));
    if (flock(book->lock, LOCK_EX | LOCK_NB) != 0)
        return faults_add(
            why, ERR_UNAVAILABLE, book->folder, "another witness runs here; stop it first");
    return OK;
}

/* The last head, as it lies there: absent the first time. */
static enum err read_back(struct witness_book *book, struct faults *why)
{
    static struct note note;
    BUF_CLEANUP struct buf bytes = BUF(NOTE_MAX);
    char path[WITNESS_PATH_SIZE];
    struct checkpoint checkpoint;
    int fd = open(path_of(book, "checkpoint", path), O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return OK;
    char *at = fd < 0 ? NULL : buf_reserve(&bytes, NOTE_MAX);
    ssize_t len = at ? read(fd, at, NOTE_MAX) : -1;
    if (fd >= 0)
        (void)close(fd);
    if (len < 0)
        return faults_add(why, ERR_UNAVAILABLE, path, "cannot be read: %s", strerror(errno));
    bytes.len = (size_t)len;
    if (note_read(buf_as_text(&bytes), &note, why) != OK ||
        note_verify(&note, &book->key, NULL, why) != OK ||
        note_verify(&note, &book->log, NULL, why) != OK ||
        checkpoint_read(note.text, &checkpoint, why) != OK)
        return faults_add(why, ERR_INVALID, path,
            "is not what this witness and this ledger signed; take the name, key and folder that "
            "belong together");
    book->size = checkpoint.size;
    book->root = checkpoint.root;
    return OK;
}

enum err witness_book_open(struct witness_book *book, const char *folder, struct text name,
    const struct note_key *log, struct faults *why)
{
    *book = (struct witness_book){.lock = -1, .log = *log, .root = digest_of((struct text){"", 0})};
    if (strlen(folder) >= sizeof book->folder)
        return faults_add(why, ERR_INVALID, "--folder", "is too long");
    (void)snprintf(book->folder, sizeof book->folder, "%s", folder);
    enum err err = open_lock(book, why);
    if (err == OK)
        err = open_key(book, name, why);
    return err ? err : read_back(book, why);
}

void witness_book_close(struct witness_book *book)
{
    key_forget(&book->secret);
    if (book->lock >= 0)
        (void)close(book->lock);
    book->lock = -1;
}

/* ---- a request ---- */

/* Texts are borrowed from the request. */
struct offer {
    uint64_t old;
    struct merkle_path path;
    struct text note;
};

static bool read_proof_line(struct text line, struct merkle_path *path)
{
    size_t len;
    return path->count < PROOF_LINES_MAX &&
           base64_read(BASE64_PADDED, line, path->at[path->count].at, DIGEST_SIZE, &len) &&
           len == DIGEST_SIZE;
}

/* "old <size>", the consistency proof a line a hash, an empty line, the checkpoint. */
static const char *read_offer(struct text request, struct offer *ret_offer)
{
    struct text rest, line = text_cut(request, '\n', &rest);
    *ret_offer = (struct offer){0};
    if (!text_starts(line, TEXT_LITERAL("old ")) ||
        !text_whole((struct text){line.at + 4, line.len - 4}, (uint64_t)WHOLE_MAX, &ret_offer->old))
        return "the first line has to be \"old\" and the size that you believe known here\n";
    while (rest.at) {
        line = text_cut(rest, '\n', &rest);
        if (line.len == 0)
            break;
        if (!read_proof_line(line, &ret_offer->path))
            return "the proof has to be lines of base64 with 32 bytes each, 63 at most\n";
        ret_offer->path.count++;
    }
    ret_offer->note = rest;
    return rest.at ? NULL : "behind the proof an empty line and the checkpoint are missing\n";
}

static int refuse(int status, const char *what, struct buf *answer)
{
    buf_str(answer, what);
    return status;
}

static int conflict(const struct witness_book *book, struct buf *answer)
{
    buf_printf(answer, "%" PRIu64 "\n", book->size);
    return 409;
}

/* Signs, writes it down, and only then says so. */
static int cosign(struct witness_book *book, struct text bytes, const struct note *note,
    const struct checkpoint *checkpoint, uint64_t now_s, struct buf *answer)
{
    BUF_CLEANUP struct buf kept = BUF(NOTE_MAX + 1024), line = BUF(1024);
    note_sign(&line, note->text, &book->key, &book->secret, now_s);
    buf_text(&kept, bytes);
    buf_text(&kept, buf_as_text(&line));
    if (line.full || kept.full || !store(book, buf_as_text(&kept)))
        return refuse(503, "the checkpoint cannot be stored here; try again\n", answer);
    book->size = checkpoint->size;
    book->root = checkpoint->root;
    buf_text(answer, buf_as_text(&line));
    return 200;
}

int witness_book_add(
    struct witness_book *book, struct text request, uint64_t now_s, struct buf *ret_answer)
{
    static struct note note;
    static struct faults why;
    struct checkpoint checkpoint;
    struct offer offer;
    const char *complaint = read_offer(request, &offer);
    faults_clear(&why);
    if (complaint)
        return refuse(400, complaint, ret_answer);
    if (note_read(offer.note, &note, &why) != OK ||
        checkpoint_read(note.text, &checkpoint, &why) != OK)
        return refuse(400, "the checkpoint is none (C2SP tlog-checkpoint)\n", ret_answer);
    if (!text_is(checkpoint.origin, book->log.name))
        return refuse(404, "this ledger is not witnessed here\n", ret_answer);
    if (note_verify(&note, &book->log, NULL, &why) != OK)
        return refuse(403, "the key of the ledger did not sign it\n", ret_answer);
    if (offer.old > checkpoint.size)
        return refuse(400, "old is larger than the checkpoint\n", ret_answer);
    if (offer.old != book->size)
        return conflict(book, ret_answer);
    if (checkpoint.size == book->size && !digest_equal(&checkpoint.root, &book->root))
        return conflict(book, ret_answer);
    if (!merkle_verify_consistency(
            book->size, &book->root, checkpoint.size, &checkpoint.root, &offer.path))
        return refuse(
            422, "the proof does not lead from what was signed here before\n", ret_answer);
    return cosign(book, offer.note, &note, &checkpoint, now_s, ret_answer);
}
