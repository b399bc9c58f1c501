#include "sign_check.h"

#include "refusal.h"

static void check_member(
    const char *member, struct text said, struct text meant, struct faults *why)
{
    if (!text_equal(said, meant))
        faults_add(why, ERR_INVALID, member, "says %.*s where %.*s was meant; do not sign it",
            TEXT_ARG(said), TEXT_ARG(meant));
}

enum err sign_check_statement(const struct sign_intent *intent, struct text payload,
    struct json_document *parsed, struct statement *ret_statement, struct faults *why)
{
    char hex[DIGEST_HEX_SIZE];
    struct statement *said = ret_statement;
    enum err err = statement_read(payload, parsed, said, why);
    if (err)
        return err;
    check_member("agreement", said->agreement, intent->agreement, why);
    check_member("office", said->office, intent->office, why);
    check_member("person", said->person, intent->person, why);
    check_member("origin", said->origin, intent->origin, why);
    if (said->act != intent->act)
        faults_add(why, ERR_INVALID, "act", "says %s where %s was meant; do not sign it",
            choices_word(signing_act_choices(), (int)said->act),
            choices_word(signing_act_choices(), (int)intent->act));
    struct digest digest = digest_of(intent->document);
    if (!text_is(said->document, digest_to_hex(&digest, hex)))
        faults_add(why, ERR_INVALID, "document",
            "the document that was fetched has another SHA-256 (%s); do not sign it", hex);
    return faults_err(why);
}

enum err sign_check_head(const struct statement *statement, const struct checkpoint *checkpoint,
    const struct merkle_path *path, struct faults *why)
{
    struct digest root;
    uint64_t size = (uint64_t)statement->head_size.value;
    if (!digest_from_hex(statement->head_root, &root))
        return faults_add(why, ERR_INVALID, "head_root", "is no SHA-256 in hex");
    bool older = size <= checkpoint->size;
    bool fits =
        older ? merkle_verify_consistency(size, &root, checkpoint->size, &checkpoint->root, path)
              : merkle_verify_consistency(checkpoint->size, &checkpoint->root, size, &root, path);
    return fits ? OK
                : faults_add(why, ERR_INVALID, "head_root",
                      "the ledger that this statement names is not the one of the checkpoint: "
                      "do not sign it, and tell an auditor");
}

bool sign_check_title(struct text document, struct buf *out)
{
    int depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < document.len; i++) {
        struct text rest = {document.at + i, document.len - i};
        char c = document.at[i];
        if (!quoted && depth == 1 && text_starts(rest, TEXT_LITERAL("\"title\":")))
            return refusal_member(rest, "title", out);
        if (quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted)
            depth += (c == '{' || c == '[') - (c == '}' || c == ']');
    }
    return false;
}
