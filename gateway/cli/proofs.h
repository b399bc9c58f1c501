/* Proofs and checkpoints as the gateway gives them, read into what can be verified. */
#ifndef MISAQ_CLI_PROOFS_H
#define MISAQ_CLI_PROOFS_H

#include "proof/checkpoint.h"
#include "proof/merkle.h"
#include "proof/note.h"
#include "schema/schema.h"

/* Hashes of a proof in hex; false when one is none. */
bool proofs_path(const struct record_hash *at, uint32_t count, struct merkle_path *ret_path);
/* A checkpoint that `key` signed, and whose origin is the name of that key. Texts are borrowed from
 * `note`. */
enum err proofs_checkpoint(struct text note, const struct note_key *key,
    struct checkpoint *ret_checkpoint, struct faults *why) MUST_CHECK;
/* Whether a witness co-signed it: the moment in *ret_seconds. */
enum err proofs_witness(struct text note, const struct note_key *key, uint64_t *ret_seconds,
    struct faults *why) MUST_CHECK;

#endif
