/* misaq verify: the small ones. Each takes the key from who asks, because a key that comes with
 * what it is to prove proves nothing. */
#include "verify.h"

#include "base/clock.h"
#include "commands.h"
#include "file.h"
#include "proof/jws.h"
#include "proofs.h"
#include "schema/json.h"
#include "told.h"

#include <inttypes.h>
#include <stdio.h>

#define ZONE_MINUTES 300 /* as MISAQ_ZONE_MINUTES when it is not set */
#define ZONE_MOST    840
#define PROOF_MAX    (64u << 10)

struct asked {
    const char *key, *checkpoint, *zone;
    struct option_list witnesses;
};

static struct faults why;

static int verify_signature(const char *path, const struct asked *asked)
{
    static struct jws jws;
    struct key_public public;
    BUF_CLEANUP struct buf line = BUF(JWS_MAX + 2);
    if (!file_read_line(path, &line))
        return COMMAND_FAILED;
    if (key_from_text(text_of(asked->key), "--key", &public, &why) != OK ||
        jws_read(text_of(line.at), &jws, &why) != OK || jws_verify(&jws, &public, &why) != OK)
        return told_faults("NOT verified", &why);
    (void)printf("verified: the key %s signed\n%.*s\n", jws.kid, TEXT_ARG(jws_payload(&jws)));
    return COMMAND_FINE;
}

static bool read_checkpoint(
    const char *path, const char *text, struct buf *note, struct checkpoint *ret_checkpoint)
{
    struct note_key key;
    return file_read(path, note) && note_key_read(text_of(text), &key, &why) == OK &&
           proofs_checkpoint(buf_as_text(note), &key, ret_checkpoint, &why) == OK;
}

static int verify_checkpoint(const char *path, const struct asked *asked)
{
    BUF_CLEANUP struct buf note = BUF(NOTE_MAX);
    struct checkpoint checkpoint;
    struct note_key witness;
    char hex[DIGEST_HEX_SIZE], at[MOMENT_TEXT_SIZE];
    if (!read_checkpoint(path, asked->key, &note, &checkpoint))
        return told_faults("NOT verified", &why);
    (void)printf("verified: %.*s had %" PRIu64 " entries under the root %s\n",
        TEXT_ARG(checkpoint.origin), checkpoint.size, digest_to_hex(&checkpoint.root, hex));
    for (size_t i = 0; i < asked->witnesses.count; i++) {
        uint64_t seconds = 0;
        if (note_key_read(text_of(asked->witnesses.at[i]), &witness, &why) != OK ||
            proofs_witness(buf_as_text(&note), &witness, &seconds, &why) != OK)
            return told_faults("NOT witnessed", &why);
        moment_to_text((int64_t)seconds * 1000, at);
        (void)printf("witnessed: %s saw it at %s\n", witness.name, at);
    }
    return COMMAND_FINE;
}

static int verify_proof(const char *path, const struct asked *asked)
{
    static struct inclusion proof;
    JSON_CLEANUP struct json_document document = {0};
    BUF_CLEANUP struct buf note = BUF(NOTE_MAX), json = BUF(PROOF_MAX);
    struct checkpoint checkpoint;
    struct merkle_path hashes;
    struct digest leaf;
    if (!asked->checkpoint)
        return command_misused("verify");
    if (!read_checkpoint(asked->checkpoint, asked->key, &note, &checkpoint) ||
        !file_read(path, &json) ||
        json_read(inclusion_record(), buf_as_text(&json), &document, &proof, &why) != OK)
        return told_faults("NOT verified", &why);
    if ((uint64_t)proof.size.value != checkpoint.size)
        return told("NOT verified: the proof is for %" PRId64
                    " entries, the checkpoint has %" PRIu64
                    "; ask for the proof with size=%" PRIu64,
            proof.size.value, checkpoint.size, checkpoint.size);
    if (!digest_from_hex(proof.leaf, &leaf) ||
        !proofs_path(proof.path.at, proof.path.head.count, &hashes) ||
        !merkle_verify_inclusion(
            &leaf, (uint64_t)proof.position.value - 1, checkpoint.size, &hashes, &checkpoint.root))
        return told("NOT verified: the hashes do not lead from the leaf to the root");
    (void)printf("verified: entry %" PRId64 " lies in the ledger, its leaf is %.*s\n",
        proof.position.value, TEXT_ARG(proof.leaf));
    return COMMAND_FINE;
}

int command_verify(int argc, char **argv)
{
    struct asked asked = {0};
    const char *places[2];
    uint64_t zone = ZONE_MINUTES;
    const struct option options[] = {{.name = "--key", .value = &asked.key},
        {.name = "--checkpoint", .value = &asked.checkpoint},
        {.name = "--zone", .value = &asked.zone}, {.name = "--witness", .list = &asked.witnesses}};
    if (!options_read(argc, argv, options, OPTIONS_COUNT(options), places, 2))
        return command_misused("verify");
    if (asked.zone && !text_whole(text_of(asked.zone), ZONE_MOST, &zone))
        return told("--zone is where days begin: minutes east of UTC, 0 to %d", ZONE_MOST);
    if (strcmp(places[0], "backup") == 0)
        return verify_backup(places[1]);
    if (strcmp(places[0], "archive") == 0)
        return verify_archive(places[1], asked.key, &asked.witnesses, (int32_t)zone);
    if (!asked.key)
        return command_misused("verify");
    if (strcmp(places[0], "signature") == 0)
        return verify_signature(places[1], &asked);
    if (strcmp(places[0], "checkpoint") == 0)
        return verify_checkpoint(places[1], &asked);
    if (strcmp(places[0], "proof") == 0)
        return verify_proof(places[1], &asked);
    return command_misused("verify");
}
