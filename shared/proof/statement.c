#include "proof/statement.h"

#include "proof/digest.h"
#include "schema/jcs.h"
#include "schema/pack.h"

#define STATEMENT_MAX 4096 /* bytes of the canonical form */

static void judge_digest(struct text hex, const char *member, struct faults *why)
{
    struct digest digest;
    if (hex.at && !digest_from_hex(hex, &digest))
        faults_add(why, ERR_INVALID, member, "is not a SHA-256: 64 lower-case hex digits");
}

/* What the rows cannot say. */
static enum err judge(const struct statement *statement, struct faults *why)
{
    uint32_t before = why->total;
    if (!text_is(statement->type, STATEMENT_TYPE))
        faults_add(why, ERR_INVALID, "type", "is not \"%s\"", STATEMENT_TYPE);
    judge_digest(statement->document, "document", why);
    judge_digest(statement->supersedes, "supersedes", why);
    judge_digest(statement->minister, "minister", why);
    judge_digest(statement->head_root, "head_root", why);
    return why->total == before ? OK : ERR_INVALID;
}

static bool write_canonical(const struct statement *statement, struct buf *out)
{
    BUF_CLEANUP struct buf packed = BUF(STATEMENT_MAX);
    pack_write(statement_record(), statement, &packed);
    return !packed.full && jcs_write(statement_record(), buf_as_text(&packed), out);
}

enum err statement_write(struct buf *out, const struct statement *statement, struct faults *why)
{
    struct statement whole = *statement;
    if (!whole.type.at)
        whole.type = TEXT_LITERAL(STATEMENT_TYPE);
    enum err err = record_check(statement_record(), &whole, why);
    if (err == OK)
        err = judge(&whole, why);
    if (err != OK)
        return err;
    BUF_CLEANUP struct buf bytes = BUF(STATEMENT_MAX);
    if (!write_canonical(&whole, &bytes))
        return faults_add(
            why, ERR_INVALID, "", "the statement is longer than %d bytes", STATEMENT_MAX);
    buf_text(out, buf_as_text(&bytes));
    return OK;
}

enum err statement_read(struct text bytes, struct json_document *document,
    struct statement *ret_statement, struct faults *why)
{
    struct statement read = {0};
    if (bytes.len > STATEMENT_MAX)
        return faults_add(
            why, ERR_TOO_LARGE, "", "the statement is longer than %d bytes", STATEMENT_MAX);
    enum err err = json_read(statement_record(), bytes, document, &read, why);
    if (err == OK)
        err = judge(&read, why);
    if (err != OK)
        return err;
    BUF_CLEANUP struct buf again = BUF(STATEMENT_MAX);
    if (!write_canonical(&read, &again))
        return faults_add(
            why, ERR_INVALID, "", "the statement is longer than %d bytes", STATEMENT_MAX);
    size_t at = 0;
    while (at < again.len && at < bytes.len && again.at[at] == bytes.at[at])
        at++;
    if (at < again.len || at < bytes.len)
        return faults_add(why, ERR_INVALID, "",
            "the statement is not in its canonical form (RFC 8785): it differs at byte %zu",
            at + 1);
    *ret_statement = read;
    return OK;
}
