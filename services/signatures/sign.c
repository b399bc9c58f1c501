/* agreement.sign: a signature is taken apart, its key looked up in the register, and every member
 * of what was signed compared with what had to be signed. Whatever is wrong is refused by its name.
 */
#include "commands.h"

#include "access.h"
#include "head.h"
#include "same.h"
#include "signing.h"

#include "base/must.h"
#include "proof/jws.h"
#include "proof/statement.h"

#include <stdio.h>

#define DAY_MS INT64_C(86400000)

static void below(struct faults *why, const char *prefix)
{
    (void)snprintf(why->prefix, sizeof why->prefix, "%s", prefix);
}

/* Whose it is, by the register as it stands at this position of the ledger. */
static enum err check_key(const struct model *model, const struct request *request,
    const struct jws *jws, struct faults *why)
{
    struct text id = text_of(jws->kid);
    struct key_public public;
    enum err err = keys_check(
        model->keys, id, request->actor.office, request->actor.person, request->today, why);
    if (err)
        return err;
    must(key_from_text(keys_find(model->keys, id)->key, "key", &public, why) == OK);
    below(why, "jws/");
    err = jws_verify(jws, &public, why);
    below(why, "");
    return err;
}

/* The very same signature once more, perhaps by somebody who found it in the ledger. */
static enum err check_new(const struct model *model, const struct agreement_entry *agreement,
    struct text jws, struct faults *why)
{
    for (size_t i = 0; i < model->signature_count; i++) {
        const struct signature_entry *before = model->signatures[i];
        if (before->agreement == agreement && text_equal(before->facts.jws, jws))
            return faults_add(why, ERR_EXISTS, "jws",
                "this signature is recorded already, as %.*s at position %lu; sign anew",
                TEXT_ARG(before->facts.id), before->position);
    }
    return OK;
}

static void check_head(const struct model *model, const struct signing *signing,
    const struct statement *said, struct faults *why)
{
    uint64_t size = (uint64_t)said->head_size.value;
    if (size > model->position)
        faults_add(why, ERR_INVALID, "head_size", "the ledger has %lu entries, not %lu",
            model->position, size);
    else if (!head_matches(model, size, said->head_root))
        faults_add(why, ERR_INVALID, "head_root",
            "the tree over the first %lu entries has another root", size);
    else if (size < signing->document->position)
        faults_add(why, ERR_INVALID, "head_size",
            "the document was frozen at position %lu: who had seen only %lu entries had not seen "
            "it",
            signing->document->position, size);
}

/* Reads what was signed and compares it with what had to be. */
static enum err check_statement(const struct model *model, const struct request *request,
    const struct agreement_entry *agreement, const struct jws *jws, struct signing *ret_signing,
    struct faults *why)
{
    JSON_CLEANUP struct json_document document = {0};
    struct statement said = {0};
    below(why, "jws/payload/");
    enum err err = statement_read(jws_payload(jws), &document, &said, why);
    below(why, "");
    if (err == OK)
        err = signing_plan(request, agreement, said.act, ret_signing, why);
    if (err)
        return err;
    struct statement meant = ret_signing->statement;
    meant.head_size = said.head_size;
    meant.head_root = said.head_root;
    below(why, "jws/payload/");
    same_check(statement_record(), &said, &meant, why);
    check_head(model, ret_signing, &said, why);
    below(why, "");
    return faults_err(why);
}

/* How long a new holder took; for the others it is not asked. */
static struct whole days_of(
    const struct model *model, const struct request *request, enum message event)
{
    const struct seat *seat = model_seat(model, request->actor.office);
    bool asked = event == MESSAGE_agreement_countersigned || event == MESSAGE_agreement_adopted;
    if (!asked || !seat || seat->taken_ms == 0 || seat->taken_ms > request->now_ms)
        return (struct whole){0};
    return (struct whole){(request->now_ms - seat->taken_ms) / DAY_MS, true};
}

static void decide(const struct model *model, const struct request *request,
    const struct signing *signing, const struct jws *jws, struct decision *decision)
{
    const struct agreement_sign *asked = request->body;
    const struct agreement_entry *agreement = signing->agreement;
    char id[ID_MAX + 1], minister[ID_MAX + 1];
    struct signature signature = {
        .id = model_name(agreement, 's', agreement->signature_count + 1u, id),
        .agreement = text_of(agreement->id),
        .document = signing->document->facts.id,
        .sha256 = signing->document->facts.sha256,
        .act = signing->statement.act,
        .office = request->actor.office,
        .person = request->actor.person,
        .key_id = text_of(jws->kid),
        .days = days_of(model, request, signing->event),
        .jws = asked->jws};
    /* Who holds both offices decided who may sign. */
    decision_expect(decision, PARTIES_PM);
    if (request->office.body.len)
        decision_expect(decision, parties_minister(request->office.body, minister));
    decision_id(decision, signature.id);
    decision_add(decision, signing->event, signature.agreement, signature.id, &signature);
}

enum err agreement_sign_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct agreement_sign *asked = request->body;
    const struct model *model = state;
    struct agreement_entry *agreement = NULL;
    struct signing signing;
    struct jws jws;
    enum err err = access_agreement(model, request, asked->agreement, &agreement, why);
    if (err)
        return err;
    must(agreement);
    err = signing_office(model, request, agreement, why);
    if (err == OK)
        err = request_expects(request, agreement->version, why);
    if (err)
        return err;
    below(why, "jws/");
    err = jws_read(asked->jws, &jws, why);
    below(why, "");
    if (err == OK)
        err = check_key(model, request, &jws, why);
    if (err == OK)
        err = check_new(model, agreement, asked->jws, why);
    if (err == OK)
        err = check_statement(model, request, agreement, &jws, &signing, why);
    if (err)
        return err;
    decide(model, request, &signing, &jws, ret_decision);
    return OK;
}
