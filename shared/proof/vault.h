/* The folder of the record, outside Redis: the ledger's signing key, the hash of every leaf, and
 * the last checkpoint. Leaf hashes are on disk before a checkpoint that covers them is signed, so
 * what the checkpoint promises can always be named entry by entry. */
#ifndef MISAQ_PROOF_VAULT_H
#define MISAQ_PROOF_VAULT_H

#include "base/buf.h"
#include "proof/checkpoint.h"
#include "proof/merkle.h"
#include "proof/note.h"

struct vault {
    const char *folder; /* borrowed */
    int lock;           /* held by the instance that seals; -1: another one does */
    int leaves;         /* descriptor */
    uint64_t count;     /* leaf hashes on disk */
    struct key_secret secret;
    struct note_key key;
    struct buf note;      /* the checkpoint as it lies there; empty while there is none */
    struct buf witnessed; /* the last one that a witness co-signed */
};

/* Opens what is there; where `make` is true, it makes a key and signs the empty ledger the first
 * time ever, else it changes nothing. A checkpoint or witnessed note that the key did not sign,
 * leaf hashes that do not make its root: ERR_READ_ONLY with what is wrong. Other errors: the folder
 * cannot be used. */
enum err vault_open(struct vault *vault, const char *folder, struct text origin, bool make,
    struct faults *why) MUST_CHECK;
void vault_close(struct vault *vault);
/* Tries to become the one that seals; true when it is. */
bool vault_take(struct vault *vault);
/* Reads what another instance has sealed meanwhile. */
enum err vault_refresh(struct vault *vault, struct faults *why) MUST_CHECK;

/* Leaf hash `index` as it lies on disk; false when it cannot be read. */
bool vault_leaf(const struct vault *vault, uint64_t index, struct digest *ret_leaf) MUST_CHECK;
/* Puts the leaves of the tree behind those on disk, fsyncs, and signs and stores a checkpoint over
 * the whole tree. */
enum err vault_seal(struct vault *vault, struct text origin, const struct merkle *tree,
    struct faults *why) MUST_CHECK;
/* Stores a note again that has gained cosignatures; `latest`: it is still the last checkpoint. */
enum err vault_keep(struct vault *vault, struct text note, bool latest, struct faults *why)
    MUST_CHECK;

/* The checkpoint of a note that the vault's key signed. */
enum err vault_read(const struct vault *vault, struct text note, struct checkpoint *ret_checkpoint,
    struct faults *why) MUST_CHECK;

#endif
