/* The body of a checkpoint (C2SP tlog-checkpoint): which log, how many entries, which root. Signed
 * as a note it is what a stranger keeps, so that it has exactly one spelling. */
#ifndef MISAQ_PROOF_CHECKPOINT_H
#define MISAQ_PROOF_CHECKPOINT_H

#include "base/buf.h"
#include "proof/digest.h"

struct checkpoint {
    struct text origin; /* the log's name: also the name of its key */
    uint64_t size;      /* leaves; at most WHOLE_MAX */
    struct digest root;
    struct text extensions; /* further lines, each with its newline; empty or absent for none */
};

/* Texts are borrowed from `body`, which is the text of a note. Faults name a line. */
enum err checkpoint_read(struct text body, struct checkpoint *ret_checkpoint, struct faults *why)
    MUST_CHECK;
/* The origin must be one line that is not empty, size at most WHOLE_MAX. */
void checkpoint_write(struct buf *out, const struct checkpoint *checkpoint);

#endif
