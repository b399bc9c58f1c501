/* What is known of the record beyond what was folded: the last checkpoint. The side of this service
 * (seal.c) writes it, queries read it; it is no part of the state's digest. */
#ifndef MISAQ_SIGNATURES_SEALED_H
#define MISAQ_SIGNATURES_SEALED_H

#include "base/buf.h"
#include "proof/digest.h"

#define SEALED_NOTE_MAX (64u * 1024u)
#define SEALED_WHY_SIZE 300

struct sealed {
    char origin[256];
    char key[256]; /* verifier key of the ledger */
    uint64_t size; /* entries that the checkpoint covers */
    struct digest root;
    int64_t at_ms;
    struct buf note;            /* the checkpoint, with what witnesses added to it */
    struct buf witnessed;       /* the last one with a cosignature; empty: none */
    uint64_t witnessed_size;    /* 0: none */
    char hold[SEALED_WHY_SIZE]; /* "" unless nobody may write */
};

#endif
