/* Witnesses: other organisations that co-sign checkpoints after checking that each extends the one
 * before (C2SP tlog-witness). Each is asked by a thread of its own, so that a slow one holds
 * nobody; threads see copies only, never the tree. */
#ifndef MISAQ_SIGNATURES_WITNESSES_H
#define MISAQ_SIGNATURES_WITNESSES_H

#include "base/buf.h"
#include "base/err.h"
#include "proof/merkle.h"
#include "proof/note.h"

struct witnesses;

/* settings: "<verifier key> <url>" of each, comma between several; empty: none. */
enum err witnesses_open(const char *settings, struct witnesses **ret_witnesses, struct faults *why)
    MUST_CHECK;
void witnesses_close(struct witnesses *witnesses);

/* Offers the last checkpoint to every witness that is not being asked. */
void witnesses_offer(struct witnesses *witnesses, struct text note, uint64_t size,
    const struct merkle *tree, uint64_t now_us);
/* A checkpoint that was offered, with a cosignature line that verifies, if one has come: its size
 * and the whole note; 0 when nothing has come. */
uint64_t witnesses_take(struct witnesses *witnesses, struct buf *ret_note);

#endif
