/* misaq sign: what is to be signed is fetched, held against what was meant, shown, and only then
 * signed. The server never sees the private key, and the key never signs what was not checked. */
#include "commands.h"
#include "desk.h"
#include "file.h"
#include "options.h"
#include "proof/jws.h"
#include "proofs.h"
#include "sign_check.h"
#include "told.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#define PATH_SIZE    256
#define DOCUMENT_MAX (32u << 20)
#define HEAD_TRIES   50 /* times a fifth of a second: a checkpoint comes every few seconds */

struct asked {
    const char *path, *url, *token_file, *office, *agreement, *act, *log_key;
    bool yes;
};

struct signing {
    const struct asked *asked;
    struct desk desk;
    struct seat seat;
    struct key_secret secret;
    struct note_key log;
    struct buf person, payload, bytes, note;
    char document[ID_MAX + 1];
    struct sign_intent intent;
    struct json_document parsed;
    struct statement statement;
    uint64_t version; /* of the agreement */
    struct faults why;
};

static bool fetch(struct signing *signing, const char *path, struct buf *out)
{
    struct call call = {.method = "GET", .path = path};
    struct called called = desk_call(&signing->desk, &signing->seat, call);
    if (called.status != 200)
        return desk_refuse(&signing->desk, &call, &called);
    buf_clear(out);
    buf_text(out, called.body);
    return !out->full;
}

static bool fetch_person(struct signing *signing)
{
    JSON_CLEANUP struct json_document document = {0};
    struct me me;
    struct call call = {.method = "GET", .path = "/v1/me"};
    if (!desk_read(&signing->desk, &signing->seat, call, me_record(), &document, &me))
        return false;
    buf_text(&signing->person, me.person.person.id);
    signing->intent.person = buf_as_text(&signing->person);
    return true;
}

/* The version first: whatever changes afterwards is refused by the server. */
static bool fetch_version(struct signing *signing)
{
    JSON_CLEANUP struct json_document document = {0};
    struct agreement agreement;
    char path[PATH_SIZE];
    (void)snprintf(path, sizeof path, "/v1/agreements/%s", signing->asked->agreement);
    struct call call = {.method = "GET", .path = path};
    if (!desk_read(&signing->desk, &signing->seat, call, agreement_record(), &document, &agreement))
        return false;
    signing->version = (uint64_t)agreement.version.value;
    return true;
}

static bool fetch_statement(struct signing *signing)
{
    JSON_CLEANUP struct json_document document = {0};
    struct statement_view view;
    char path[PATH_SIZE], kid[KEY_TEXT_SIZE];
    (void)snprintf(path, sizeof path, "/v1/agreements/%s/statement?act=%s",
        signing->asked->agreement, signing->asked->act);
    struct call call = {.method = "GET", .path = path};
    if (!desk_read(&signing->desk, &signing->seat, call, statement_view_record(), &document, &view))
        return false;
    struct key_public public = key_public_of(&signing->secret);
    if (view.key_id.at && !text_is(view.key_id, key_id(&public, kid)))
        return told("the key that is enrolled for %s is %.*s, and %s holds another one (%s)",
                   signing->asked->office, TEXT_ARG(view.key_id), signing->asked->path,
                   kid) == COMMAND_FINE;
    buf_text(&signing->payload, view.payload);
    (void)snprintf(signing->document, sizeof signing->document, "%.*s", TEXT_ARG(view.document));
    (void)snprintf(path, sizeof path, "/v1/documents/%s/bytes", signing->document);
    if (!fetch(signing, path, &signing->bytes))
        return false;
    signing->intent.document = buf_as_text(&signing->bytes);
    return true;
}

/* ---- the ledger ---- */

static bool fetch_log_key(struct signing *signing)
{
    JSON_CLEANUP struct json_document document = {0};
    struct record_head head;
    struct text text = text_of(signing->asked->log_key);
    struct call call = {.method = "GET", .path = "/v1/record"};
    if (!text.at) {
        if (!desk_read(&signing->desk, NULL, call, record_head_record(), &document, &head))
            return false;
        text = head.key;
    }
    if (note_key_read(text, &signing->log, &signing->why) != OK)
        return false;
    signing->intent.origin = text_of(signing->log.name);
    return true;
}

/* The last checkpoint, once it covers what the statement names; the one that there is otherwise. */
static bool fetch_checkpoint(struct signing *signing, struct checkpoint *ret_checkpoint)
{
    uint64_t wanted = (uint64_t)signing->statement.head_size.value;
    for (int i = 0; i < HEAD_TRIES; i++) {
        struct timespec pause = {.tv_nsec = 200000000};
        if (!fetch(signing, "/v1/record/checkpoint", &signing->note) ||
            proofs_checkpoint(
                buf_as_text(&signing->note), &signing->log, ret_checkpoint, &signing->why) != OK)
            return false;
        if (ret_checkpoint->size >= wanted)
            return true;
        (void)nanosleep(&pause, NULL);
    }
    faults_add(&signing->why, ERR_UNAVAILABLE, "checkpoint",
        "covers %" PRIu64 " entries and not the %" PRIu64
        " that the statement names; the ledger is not sealed, try later",
        ret_checkpoint->size, wanted);
    return false;
}

static bool check_head(struct signing *signing)
{
    JSON_CLEANUP struct json_document document = {0};
    static struct consistency proof;
    struct checkpoint checkpoint = {0};
    struct merkle_path path = {0};
    char where[PATH_SIZE];
    uint64_t size = (uint64_t)signing->statement.head_size.value;
    if (!fetch_checkpoint(signing, &checkpoint))
        return false;
    if (size < checkpoint.size) {
        (void)snprintf(where, sizeof where, "/v1/record/consistency?from=%" PRIu64 "&to=%" PRIu64,
            size, checkpoint.size);
        struct call call = {.method = "GET", .path = where};
        if (!desk_read(&signing->desk, NULL, call, consistency_record(), &document, &proof))
            return false;
        if (!proofs_path(proof.path.at, proof.path.head.count, &path))
            faults_add(&signing->why, ERR_INVALID, "path", "is no proof");
    }
    return faults_err(&signing->why) == OK &&
           sign_check_head(&signing->statement, &checkpoint, &path, &signing->why) == OK;
}

/* ---- the person ---- */

static bool show(const struct signing *signing)
{
    BUF_CLEANUP struct buf title = BUF(4096);
    const struct statement *statement = &signing->statement;
    if (!sign_check_title(buf_as_text(&signing->bytes), &title))
        buf_str(&title, "(a document without a title)");
    (void)printf(
        "%.*s\n  document  %s, %zu bytes, SHA-256 %.*s\n  act       %s, as %.*s, by %.*s\n",
        TEXT_ARG(buf_as_text(&title)), signing->document, signing->bytes.len,
        TEXT_ARG(statement->document), signing->asked->act, TEXT_ARG(statement->office),
        TEXT_ARG(statement->person));
    if (statement->supersedes.at)
        (void)printf("  replaces  %.*s\n", TEXT_ARG(statement->supersedes));
    if (statement->minister.at)
        (void)printf("  over      the minister's signature %.*s\n", TEXT_ARG(statement->minister));
    if (statement->conflict.at)
        (void)printf("  CONFLICT  %.*s\n", TEXT_ARG(statement->conflict));
    (void)printf("  read it   %s/v1/documents/%s/text\n"
                 "The document, the statement and the ledger fit together.\n",
        signing->asked->url, signing->document);
    return signing->asked->yes || file_ask_yes("Sign it?");
}

/* The same signature sent twice is one: its key is made of it. */
static bool send(struct signing *signing)
{
    BUF_CLEANUP struct buf jws = BUF(JWS_MAX);
    char path[PATH_SIZE], tag[32], key[DIGEST_HEX_SIZE + 8], hex[DIGEST_HEX_SIZE];
    struct desk_receipt receipt;
    jws_write(&jws, buf_as_text(&signing->payload), NULL, &signing->secret);
    struct digest digest = digest_of(buf_as_text(&jws));
    (void)snprintf(key, sizeof key, "sign-%s", digest_to_hex(&digest, hex));
    (void)snprintf(path, sizeof path, "/v1/agreements/%s/sign", signing->asked->agreement);
    (void)snprintf(tag, sizeof tag, "\"%" PRIu64 "\"", signing->version);
    const struct agreement_sign sign = {.jws = buf_as_text(&jws)};
    const struct call call = {.path = path, .key = key, .if_match = tag};
    if (!desk_post(&signing->desk, &signing->seat, call, agreement_sign_record(), &sign, &receipt))
        return false;
    (void)printf("Signed: %s, position %" PRIu64 " of the ledger.\n%.*s\n", receipt.id,
        receipt.position, TEXT_ARG(buf_as_text(&jws)));
    return true;
}

static int sign(struct signing *signing)
{
    bool fine = fetch_person(signing) && fetch_version(signing) && fetch_statement(signing) &&
                fetch_log_key(signing) &&
                sign_check_statement(&signing->intent, buf_as_text(&signing->payload),
                    &signing->parsed, &signing->statement, &signing->why) == OK &&
                check_head(signing);
    if (signing->why.total)
        return told_faults("nothing is signed", &signing->why);
    if (!fine)
        return COMMAND_FAILED;
    if (!show(signing))
        return told("nothing is signed");
    return send(signing) ? COMMAND_FINE : COMMAND_FAILED;
}

static bool begin(const struct asked *asked, struct signing *signing)
{
    BUF_CLEANUP struct buf token = BUF(TOKEN_MAX + 2);
    if (!file_read_line(asked->token_file, &token))
        return false;
    (void)snprintf(signing->seat.token, sizeof signing->seat.token, "%s", token.at);
    (void)snprintf(signing->seat.office, sizeof signing->seat.office, "%s", asked->office);
    if (key_file_read(asked->path, &signing->secret, &signing->why) != OK)
        return told_faults("the key cannot be used", &signing->why) == COMMAND_FINE;
    return desk_open(&signing->desk, asked->url);
}

int command_sign(int argc, char **argv)
{
    static struct signing signing;
    const char *places[2];
    struct asked asked = {.act = "sign"};
    const struct option options[] = {{.name = "--url", .value = &asked.url},
        {.name = "--token-file", .value = &asked.token_file},
        {.name = "--office", .value = &asked.office}, {.name = "--act", .value = &asked.act},
        {.name = "--log-key", .value = &asked.log_key}, {.name = "--yes", .flag = &asked.yes}};
    if (!options_read(argc, argv, options, OPTIONS_COUNT(options), places, 2) || !asked.url ||
        !asked.token_file || !asked.office)
        return command_misused("sign");
    asked.path = places[0];
    asked.agreement = places[1];
    int act = choices_value(signing_act_choices(), text_of(asked.act));
    if (!act || id_complaint(text_of(asked.agreement)) || id_complaint(text_of(asked.office)))
        return told("--act is sign, countersign, adopt or withdraw; --office and the agreement "
                    "are ids, like minister.PWR and PWR-2021");
    signing = (struct signing){.asked = &asked,
        .person = BUF(ID_MAX),
        .payload = BUF(JWS_MAX),
        .bytes = BUF(DOCUMENT_MAX),
        .note = BUF(NOTE_MAX),
        .intent = {.agreement = text_of(asked.agreement),
            .office = text_of(asked.office),
            .act = (enum signing_act)act}};
    int code = begin(&asked, &signing) ? sign(&signing) : COMMAND_FAILED;
    key_forget(&signing.secret);
    json_document_free(&signing.parsed);
    buf_free(&signing.person);
    buf_free(&signing.payload);
    buf_free(&signing.bytes);
    buf_free(&signing.note);
    desk_close(&signing.desk);
    return code;
}
