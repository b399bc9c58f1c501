/* Folders that are copied whole, with a line of SHA256SUMS for every file. */
#ifndef MISAQ_CLI_TREE_H
#define MISAQ_CLI_TREE_H

#include "base/buf.h"
#include "base/err.h"

#include <stdint.h>

#define TREE_PATH_SIZE 4096
#define TREE_SUMS      "SHA256SUMS"

struct tree {
    const char *top;  /* the folder that is written */
    struct buf *sums; /* lines as of sha256sum(1), paths below `top` */
    uint64_t files, bytes;
};

/* Copies what is in `from` to top/name, file by file, each with its permissions, in order of
 * their names; what is only half there (".part") or goes away meanwhile is left out. Everything is
 * on disk when it returns. */
enum err tree_copy(struct tree *tree, const char *from, const char *name, struct faults *why)
    MUST_CHECK;
/* One file, to top/name; one that is not there is left out. */
enum err tree_copy_file(struct tree *tree, const char *from, const char *name, struct faults *why)
    MUST_CHECK;
/* Adds the line of a file that was written to top/name. */
enum err tree_add(struct tree *tree, const char *name, struct faults *why) MUST_CHECK;
/* Writes a file whole and syncs it. */
enum err tree_write(struct tree *tree, const char *name, struct text bytes, struct faults *why)
    MUST_CHECK;
enum err tree_make(const char *top, const char *name, struct faults *why) MUST_CHECK;
bool tree_sync(const char *folder);
/* Reads top/SHA256SUMS and every file in it; a fault for each that is missing or different. */
enum err tree_verify(struct tree *tree, struct faults *why) MUST_CHECK;

#endif
