/* One file of many, as every system opens it: the plain ustar form (POSIX.1-1988), nothing but
 * regular files. Written in one go, an entry at a time, of sizes that are not known before; read
 * with every number checked, because it comes from strangers. */
#ifndef MISAQ_CLI_TAR_H
#define MISAQ_CLI_TAR_H

#include "base/buf.h"
#include "proof/digest.h"

#include <sodium.h>
#include <stdio.h>

#define TAR_NAME_MAX 99
#define TAR_SUMS     "SHA256SUMS"

struct tar_writer {
    FILE *file;
    long begun; /* where the header of the open entry stands */
    uint64_t len;
    int64_t mtime; /* of all entries, seconds since 1970 */
    char name[TAR_NAME_MAX + 1];
    bool failed;
    crypto_hash_sha256_state sha256; /* of the open entry */
    struct buf sums;
};

/* Never over a file that is there; false with errno. */
bool tar_create(struct tar_writer *tar, const char *path, int64_t mtime) MUST_CHECK;
/* Begins an entry; name: at most TAR_NAME_MAX bytes. */
void tar_begin(struct tar_writer *tar, const char *name);
void tar_add(struct tar_writer *tar, struct text bytes);
void tar_end(struct tar_writer *tar);
/* Takes back what was written since `before`, a copy of the writer between two entries. */
bool tar_undo(struct tar_writer *tar, const struct tar_writer *before) MUST_CHECK;
/* Adds the sums, ends the file and puts it on disk; false when anything could not be written. */
bool tar_finish(struct tar_writer *tar) MUST_CHECK;

struct tar_entry {
    struct text name, bytes; /* borrowed from the archive */
};
/* The line of an entry among the sums. */
void tar_sum(struct buf *sums, struct text name, const struct digest *digest);
/* The next entry of `rest`, which moves on. OK; ERR_NOT_FOUND behind the last; ERR_INVALID when
 * this is no archive of ours. */
enum err tar_next(struct text *rest, struct tar_entry *ret_entry, struct faults *why) MUST_CHECK;

#endif
