/* misaq verify archive: nothing in the file is believed. Leaves make the root that was signed,
 * entries make their leaves, public entries say who held which office and key when, and by that
 * every signature is judged again; documents hash to what was signed. */
#include "archive_form.h"
#include "base/clock.h"
#include "commands.h"
#include "proofs.h"
#include "replay.h"
#include "schema/json.h"
#include "tar.h"
#include "told.h"
#include "verify.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES_MAX 5000

struct verifying {
    struct text archive; /* all of it, mapped */
    struct text cycle;
    struct note_key key;
    struct checkpoint checkpoint;
    struct replay replay;
    uint64_t wrong;
    struct faults why;
};

static bool map(const char *path, struct text *ret_archive)
{
    struct stat stat;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    void *at = MAP_FAILED;
    if (fd >= 0 && fstat(fd, &stat) == 0 && stat.st_size > 0)
        at = mmap(NULL, (size_t)stat.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (fd >= 0)
        (void)close(fd);
    if (at == MAP_FAILED)
        return told("%s cannot be read: %s", path, errno ? strerror(errno) : "it is empty") ==
               COMMAND_FINE;
    *ret_archive = (struct text){at, (size_t)stat.st_size};
    return true;
}

/* Absent when the archive has no such file. A name that comes twice would be read in two ways. */
static struct text file_of(const struct verifying *verifying, const char *name)
{
    static struct faults why;
    struct text rest = verifying->archive, found = {0};
    struct tar_entry entry;
    faults_clear(&why);
    while (tar_next(&rest, &entry, &why) == OK)
        if (text_is(entry.name, name))
            found = entry.bytes;
    return found;
}

static bool comes_again(struct text rest, struct text name)
{
    static struct faults why;
    struct tar_entry entry;
    faults_clear(&why);
    while (tar_next(&rest, &entry, &why) == OK)
        if (text_equal(entry.name, name))
            return true;
    return false;
}

/* Names the first file that is not what was summed. */
static bool check_sums(struct verifying *verifying, struct text told, struct text found)
{
    while (found.len || told.len) {
        struct text is = text_cut(found, '\n', &found), was = text_cut(told, '\n', &told);
        if (!text_equal(is, was))
            return faults_add(&verifying->why, ERR_INVALID, "archive",
                       "is damaged: the sum of %.*s is not the one in " TAR_SUMS,
                       is.len > 66 ? (int)is.len - 66 : 7,
                       is.len > 66 ? is.at + 66 : "nothing") == OK;
    }
    return true;
}

/* Every file once, and each as it was written: against damage, not against forgers. */
static bool check_form(struct verifying *verifying)
{
    BUF_CLEANUP struct buf sums = BUF(1u << 20);
    struct text rest = verifying->archive, told = {0};
    struct tar_entry entry;
    enum err err = OK;
    size_t count = 0;
    while ((err = tar_next(&rest, &entry, &verifying->why)) == OK && count++ < FILES_MAX) {
        if (comes_again(rest, entry.name))
            return faults_add(&verifying->why, ERR_INVALID, "archive", "holds %.*s twice",
                       TEXT_ARG(entry.name)) == OK;
        if (text_is(entry.name, TAR_SUMS)) {
            told = entry.bytes;
            continue;
        }
        struct digest digest = digest_of(entry.bytes);
        tar_sum(&sums, entry.name, &digest);
    }
    if (err == OK)
        err = faults_add(&verifying->why, ERR_TOO_LARGE, "archive", "holds too many files");
    return err == ERR_NOT_FOUND && check_sums(verifying, told, buf_as_text(&sums));
}

/* "name: value", as README.txt begins. */
static bool cut_line(struct text *rest, struct text name, struct text *ret_value)
{
    struct text line = text_cut(*rest, '\n', rest);
    if (!text_starts(line, name))
        return false;
    *ret_value = (struct text){line.at + name.len, line.len - name.len};
    return true;
}

static bool check_head(struct verifying *verifying, const char *key)
{
    struct text rest = file_of(verifying, ARCHIVE_README), own = {0}, end;
    if (!cut_line(&rest, TEXT_LITERAL(ARCHIVE_FIRST_LINE), &end) || end.len ||
        !cut_line(&rest, TEXT_LITERAL("cycle: "), &verifying->cycle) ||
        !cut_line(&rest, TEXT_LITERAL("key: "), &own))
        return faults_add(&verifying->why, ERR_INVALID, ARCHIVE_README,
                   "does not begin as that of an archive of this form") == OK;
    struct text note = file_of(verifying, ARCHIVE_CHECKPOINT);
    if (note_key_read(key ? text_of(key) : own, &verifying->key, &verifying->why) != OK ||
        proofs_checkpoint(note, &verifying->key, &verifying->checkpoint, &verifying->why) != OK)
        return false;
    if (!key)
        (void)printf("WARNING  the key is the archive's own (%.*s): whoever forged all of it can\n"
                     "         have put theirs in. Give the one that you know with --key.\n",
            TEXT_ARG(own));
    return true;
}

/* ---- the ledger ---- */

static bool check_entries(struct verifying *verifying)
{
    char made[DIGEST_HEX_SIZE], signed_one[DIGEST_HEX_SIZE];
    struct replay *replay = &verifying->replay;
    for (struct text rest = file_of(verifying, ARCHIVE_ENTRIES); rest.len;) {
        struct text line = text_cut(rest, '\n', &rest);
        if (replay_line(replay, line, &verifying->why) != OK)
            return false;
    }
    uint64_t size = merkle_size(replay->tree);
    if (size != verifying->checkpoint.size)
        return faults_add(&verifying->why, ERR_INVALID, ARCHIVE_ENTRIES,
                   "has %" PRIu64 " entries, the checkpoint covers %" PRIu64, size,
                   verifying->checkpoint.size) == OK;
    struct digest root = merkle_root(replay->tree, size);
    if (digest_equal(&root, &verifying->checkpoint.root))
        return true;
    return faults_add(&verifying->why, ERR_INVALID, ARCHIVE_ENTRIES,
               "make the root %s, and %s was signed: an entry was changed",
               digest_to_hex(&root, made),
               digest_to_hex(&verifying->checkpoint.root, signed_one)) == OK;
}

static void tell_ledger(const struct verifying *verifying)
{
    char hex[DIGEST_HEX_SIZE];
    const struct replay *replay = &verifying->replay;
    (void)printf("ledger   %.*s: %" PRIu64 " entries under the signed root %s\n",
        TEXT_ARG(verifying->checkpoint.origin), verifying->checkpoint.size,
        digest_to_hex(&verifying->checkpoint.root, hex));
    (void)printf("public   %" PRIu64 " entries, each as its leaf says\n",
        verifying->checkpoint.size - replay->withheld_all);
    for (size_t i = 0; i < REPLAY_REASONS && replay->withheld[i].count; i++)
        (void)printf("withheld %" PRIu64 ": %s (the hash is there, what it says is not known)\n",
            replay->withheld[i].count, replay->withheld[i].why);
}

/* A witness saw this head or an earlier one of the same ledger. */
static bool check_witness(struct verifying *verifying, const char *text)
{
    static const char *const names[] = {ARCHIVE_CHECKPOINT, ARCHIVE_WITNESSED};
    struct note_key witness;
    struct checkpoint seen;
    uint64_t seconds = 0;
    char at[MOMENT_TEXT_SIZE];
    if (note_key_read(text_of(text), &witness, &verifying->why) != OK)
        return false;
    for (size_t i = 0; i < 2; i++) {
        struct text note = file_of(verifying, names[i]);
        faults_clear(&verifying->why);
        if (!note.at || proofs_checkpoint(note, &verifying->key, &seen, &verifying->why) != OK ||
            proofs_witness(note, &witness, &seconds, &verifying->why) != OK)
            continue;
        struct digest root = {{0}};
        if (seen.size <= verifying->checkpoint.size)
            root = merkle_root(verifying->replay.tree, seen.size);
        if (!digest_equal(&root, &seen.root))
            return faults_add(&verifying->why, ERR_INVALID, names[i],
                       "was witnessed and is not of this ledger: it was forked") == OK;
        moment_to_text((int64_t)seconds * 1000, at);
        (void)printf(
            "witness  %s saw the first %" PRIu64 " entries at %s\n", witness.name, seen.size, at);
        return true;
    }
    return faults_add(&verifying->why, ERR_NOT_FOUND, witness.name,
               "has co-signed no checkpoint of this archive") == OK;
}

static bool check_proofs(struct verifying *verifying)
{
    static struct inclusion proof;
    uint64_t count = 0;
    for (struct text rest = file_of(verifying, ARCHIVE_PROOFS); rest.len; count++) {
        JSON_CLEANUP struct json_document document = {0};
        struct merkle_path path;
        struct digest leaf;
        struct text line = text_cut(rest, '\n', &rest);
        memset(&proof, 0, sizeof proof);
        if (json_read(inclusion_record(), line, &document, &proof, &verifying->why) != OK)
            return false;
        if ((uint64_t)proof.size.value != verifying->checkpoint.size ||
            !digest_from_hex(proof.leaf, &leaf) ||
            !proofs_path(proof.path.at, proof.path.head.count, &path) ||
            !merkle_verify_inclusion(&leaf, (uint64_t)proof.position.value - 1,
                verifying->checkpoint.size, &path, &verifying->checkpoint.root))
            return faults_add(&verifying->why, ERR_INVALID, ARCHIVE_PROOFS,
                       "holds a proof of entry %" PRId64 " that does not lead to the root",
                       proof.position.value) == OK;
    }
    (void)printf("proofs   %" PRIu64 " of signature events, each leads to the root\n", count);
    return true;
}

/* ---- the agreements ---- */

static bool is_of_cycle(const struct verifying *verifying, const char *agreement)
{
    struct text cycle;
    (void)text_cut(text_of(agreement), '-', &cycle);
    return text_equal(cycle, verifying->cycle);
}

static void check_document(
    struct verifying *verifying, struct judged *agreement, const struct judged_document *document)
{
    char name[TAR_NAME_MAX + 1], hex[DIGEST_HEX_SIZE];
    (void)snprintf(name, sizeof name, ARCHIVE_DOCUMENTS "%s" ARCHIVE_BYTES, document->id);
    struct text bytes = file_of(verifying, name);
    struct digest digest = digest_of(bytes);
    if (!bytes.at)
        judge_blame(agreement, "%s is not in the archive", name);
    else if (strcmp(digest_to_hex(&digest, hex), document->sha256) != 0)
        judge_blame(agreement, "%s is not what was signed: its SHA-256 is %s, signed was %s", name,
            hex, document->sha256);
}

/* What the archive says is in force, and no signature says so. */
static bool check_claims(struct verifying *verifying)
{
    static struct agreement claimed;
    for (struct text rest = file_of(verifying, ARCHIVE_AGREEMENTS); rest.len;) {
        JSON_CLEANUP struct json_document document = {0};
        struct judged *judged = NULL;
        struct text line = text_cut(rest, '\n', &rest);
        memset(&claimed, 0, sizeof claimed);
        if (json_read(agreement_record(), line, &document, &claimed, &verifying->why) != OK)
            return false;
        HASH_FIND(hh, verifying->replay.judge.agreements, claimed.opened.id.at,
            claimed.opened.id.len, judged);
        bool later = (uint64_t)claimed.position.value > verifying->checkpoint.size;
        if (later)
            (void)printf("%-12.*s not judged: it changed after the checkpoint\n",
                TEXT_ARG(claimed.opened.id));
        if (later || (judged && judged->in_force.id[0]))
            continue;
        verifying->wrong++;
        (void)printf("%-12.*s WRONG: the archive has it as %s, the signatures do not\n",
            TEXT_ARG(claimed.opened.id),
            choices_word(agreement_state_choices(), (int)claimed.state));
    }
    return true;
}

static void tell_agreement(struct verifying *verifying, const struct judged *agreement)
{
    if (agreement->wrong) {
        verifying->wrong++;
        (void)printf("%-12s WRONG: %s\n", agreement->id, agreement->why);
    } else if (is_of_cycle(verifying, agreement->id))
        (void)printf("%-12s verified: %s, %s%s%u signatures\n", agreement->id,
            agreement->ended            ? "ended"
            : agreement->in_force.id[0] ? "in force"
                                        : "not in force",
            agreement->in_force.id, agreement->in_force.id[0] ? ", " : "", agreement->signatures);
}

static bool check_agreements(struct verifying *verifying)
{
    struct judge *judge = &verifying->replay.judge;
    for (struct judged_document *document = judge->documents; document;
         document = document->hh.next) {
        struct judged *agreement = NULL;
        struct text rest, id = text_cut(text_of(document->id), '.', &rest);
        HASH_FIND(hh, judge->agreements, id.at, id.len, agreement);
        if (agreement && is_of_cycle(verifying, agreement->id))
            check_document(verifying, agreement, document);
    }
    for (struct judged *agreement = judge->agreements; agreement; agreement = agreement->hh.next)
        tell_agreement(verifying, agreement);
    return check_claims(verifying);
}

static int verify(struct verifying *verifying, const char *key, const struct option_list *witnesses)
{
    bool fine = check_form(verifying) && check_head(verifying, key);
    if (!fine)
        return told_faults("NOT verified", &verifying->why);
    verifying->replay.judge.origin = verifying->checkpoint.origin;
    fine = check_entries(verifying);
    if (fine)
        tell_ledger(verifying);
    for (size_t i = 0; fine && i < witnesses->count; i++)
        fine = check_witness(verifying, witnesses->at[i]);
    fine = fine && check_proofs(verifying) && check_agreements(verifying);
    if (!fine)
        return told_faults("NOT verified", &verifying->why);
    if (verifying->wrong)
        return told("NOT verified: %" PRIu64 " agreements are wrong", verifying->wrong);
    (void)printf("All %" PRIu64 " signatures verified, in the order of the ledger.\n",
        verifying->replay.judge.signatures);
    return COMMAND_FINE;
}

int verify_archive(
    const char *path, const char *key, const struct option_list *witnesses, int32_t zone_minutes)
{
    static struct verifying verifying;
    errno = 0;
    if (!map(path, &verifying.archive))
        return COMMAND_FAILED;
    replay_open(&verifying.replay, zone_minutes);
    int code = verify(&verifying, key, witnesses);
    replay_close(&verifying.replay);
    (void)munmap((void *)(uintptr_t)verifying.archive.at, verifying.archive.len);
    return code;
}
