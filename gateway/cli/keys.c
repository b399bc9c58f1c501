/* misaq keygen, misaq key-proof: the signer's own key. The private half is made here, stays in the
 * owner's file and is never shown to anybody. */
#include "base/clock.h"
#include "commands.h"
#include "desk.h"
#include "key_proof.h"
#include "options.h"
#include "proof/jws.h"
#include "proof/key.h"
#include "told.h"

#include <stdio.h>

int command_keygen(int argc, char **argv)
{
    static struct faults why;
    KEY_CLEANUP struct key_secret secret;
    const char *path = NULL;
    char x[KEY_TEXT_SIZE], id[KEY_TEXT_SIZE];
    if (!options_read(argc, argv, NULL, 0, &path, 1))
        return command_misused("keygen");
    key_generate(&secret);
    if (key_file_write(path, &secret, &why) != OK)
        return told_faults("no key is written", &why);
    struct key_public public = key_public_of(&secret);
    (void)printf("x    %s\nkid  %s\n", key_to_text(&public, x), key_id(&public, id));
    (void)fprintf(stderr,
        "The private key is in %s: whoever has that file can sign as you. Keep it, and a copy "
        "where\n"
        "nobody else comes. Next: misaq key-proof %s --office ... --person ... --from ... "
        "--until ...\n",
        path, path);
    return COMMAND_FINE;
}

static bool origin_of(const char *url, struct buf *out)
{
    struct desk desk;
    JSON_CLEANUP struct json_document document = {0};
    struct record_head head;
    struct call call = {.method = "GET", .path = "/v1/record"};
    if (!desk_open(&desk, url))
        return false;
    bool fine = desk_read(&desk, NULL, call, record_head_record(), &document, &head);
    if (fine)
        buf_text(out, head.origin);
    desk_close(&desk);
    return fine && !out->full;
}

static bool write_proposal(struct key_propose *propose, struct text origin, const char *path,
    struct buf *out, struct faults *why)
{
    KEY_CLEANUP struct key_secret secret = {0};
    BUF_CLEANUP struct buf proof = BUF(JWS_MAX);
    char x[KEY_TEXT_SIZE];
    if (key_file_read(path, &secret, why) != OK)
        return false;
    struct key_public public = key_public_of(&secret);
    propose->key = text_of(key_to_text(&public, x));
    if (!key_proof_write(propose, origin, &secret, &proof))
        faults_add(why, ERR_INVALID, "", "the names are too long");
    propose->proof = buf_as_text(&proof);
    return faults_err(why) == OK && record_check(key_propose_record(), propose, why) == OK &&
           desk_write(key_propose_record(), propose, out);
}

int command_key_proof(int argc, char **argv)
{
    static struct faults why;
    const char *path = NULL, *office = NULL, *person = NULL, *from = NULL, *until = NULL,
               *origin = NULL, *url = NULL;
    const struct option options[] = {{.name = "--office", .value = &office},
        {.name = "--person", .value = &person}, {.name = "--from", .value = &from},
        {.name = "--until", .value = &until}, {.name = "--origin", .value = &origin},
        {.name = "--url", .value = &url}};
    BUF_CLEANUP struct buf ledger = BUF(1024), json = BUF(16384);
    if (!options_read(argc, argv, options, OPTIONS_COUNT(options), &path, 1) || !office ||
        !person || !from || !until || !origin == !url)
        return command_misused("key-proof");
    struct key_propose propose = {.office = text_of(office),
        .person = text_of(person),
        .from = day_from_text(text_of(from)),
        .until = day_from_text(text_of(until))};
    if (!propose.from || !propose.until)
        return told("--from and --until are days, like 2026-07-01");
    if (origin)
        buf_str(&ledger, origin);
    else if (!origin_of(url, &ledger))
        return COMMAND_FAILED;
    if (!write_proposal(&propose, buf_as_text(&ledger), path, &json, &why))
        return told_faults("no proof is made", &why);
    (void)printf("%.*s\n", TEXT_ARG(buf_as_text(&json)));
    (void)fprintf(
        stderr, "An administrator sends this as POST /v1/keys; another one confirms it.\n");
    return COMMAND_FINE;
}
