/* Everything that Redis holds, at one moment, as it would lie on its disk. */
#ifndef MISAQ_LEDGER_IMAGE_H
#define MISAQ_LEDGER_IMAGE_H

#include "base/settings.h"

/* Asks Redis for an image (RDB) as a replica does and writes it to `fd`. Redis goes on serving: it
 * writes the image from a copy of its memory. Settings used: those of the ledger. `told` is called
 * now and then with how much has come of how much. Blocks until it is there. */
enum err image_copy(const struct settings *settings, int fd,
    void (*told)(uint64_t bytes, uint64_t of), uint64_t *ret_bytes, struct faults *why) MUST_CHECK;

#endif
