#include "proofs.h"

bool proofs_path(const struct record_hash *at, uint32_t count, struct merkle_path *ret_path)
{
    if (count > MERKLE_PATH_MAX)
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (!digest_from_hex(at[i].hash, &ret_path->at[i]))
            return false;
    ret_path->count = count;
    return true;
}

enum err proofs_checkpoint(struct text note, const struct note_key *key,
    struct checkpoint *ret_checkpoint, struct faults *why)
{
    static struct note parts;
    if (key->kind != NOTE_LOG)
        return faults_add(why, ERR_INVALID, key->name, "is the key of a witness, not of a ledger");
    enum err err = note_read(note, &parts, why);
    if (err == OK)
        err = note_verify(&parts, key, NULL, why);
    if (err == OK)
        err = checkpoint_read(parts.text, ret_checkpoint, why);
    if (err == OK && !text_is(ret_checkpoint->origin, key->name))
        err = faults_add(why, ERR_INVALID, "origin", "is %.*s, and the key is that of %s",
            TEXT_ARG(ret_checkpoint->origin), key->name);
    return err;
}

enum err proofs_witness(
    struct text note, const struct note_key *key, uint64_t *ret_seconds, struct faults *why)
{
    static struct note parts;
    if (key->kind != NOTE_WITNESS)
        return faults_add(why, ERR_INVALID, key->name, "is the key of a ledger, not of a witness");
    enum err err = note_read(note, &parts, why);
    return err ? err : note_verify(&parts, key, ret_seconds, why);
}
