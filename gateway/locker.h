/* The folder in which files of evidence lie: <folder>/<first two digits>/<SHA-256 in hex>. A file
 * is there whole and fsynced, or it is not there: it comes by another name and is renamed at the
 * end.
 */
#ifndef MISAQ_GATEWAY_LOCKER_H
#define MISAQ_GATEWAY_LOCKER_H

#include "base/buf.h"
#include "base/err.h"

#define LOCKER_DIGEST 64 /* characters of a SHA-256 in hex */
#define LOCKER_FIRST  16 /* bytes that are kept to tell what a file is */

/* One that is being written. */
struct locker_file;

/* Removes what was left over by a crash. The folder is made where it is not there. */
enum err locker_open(const char *folder, struct faults *why) MUST_CHECK;

/* ERR_UNAVAILABLE names what is in the way (the disk is full, no rights). */
enum err locker_begin(const char *folder, struct locker_file **ret_file, struct faults *why)
    MUST_CHECK;
enum err locker_add(struct locker_file *file, struct text bytes, struct faults *why) MUST_CHECK;
/* The first bytes so far. */
struct text locker_first(const struct locker_file *file);
uint64_t locker_size(const struct locker_file *file);
/* Nothing more comes. The SHA-256 in hex, and as the value of a Content-Digest (RFC 9530):
 * "sha-256=:...:". */
void locker_end(struct locker_file *file, char ret_hex[LOCKER_DIGEST + 1], struct buf *ret_field);
/* On disk under its digest when this returns; after locker_end(). */
enum err locker_keep(struct locker_file *file, struct faults *why) MUST_CHECK;
/* Removes it unless it was kept. NULL is fine. */
void locker_free(struct locker_file *file);

/* A kept file for reading; -1 when it is not there. */
int locker_read(const char *folder, struct text sha256, uint64_t *ret_size);

#endif
