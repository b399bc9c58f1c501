/* Commands on hand-overs: what who leaves wants to be known, and the word of who comes that the
 * pack was read, signed with the own key. */
#include "commands.h"

#include "clocks.h"
#include "model.h"

#include "proof/jws.h"
#include "schema/jcs.h"
#include "schema/json.h"

#define STATEMENT_TYPE "misaq.handover.v1"
#define STATEMENT_MAX  2048

static struct handover_entry *find(
    const struct model *model, struct text id, struct office_entry **ret_office, struct faults *why)
{
    struct handover_entry *handover = model_handover(model, id, ret_office);
    if (!handover)
        (void)faults_add(why, ERR_NOT_FOUND, "handover",
            "there is no hand-over %.*s; the list of hand-overs has them", TEXT_ARG(id));
    return handover;
}

enum err handover_note_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct handover_note *note = request->body;
    struct office_entry *office;
    const struct handover_entry *handover = find(state, note->handover, &office, why);
    if (!handover)
        return ERR_NOT_FOUND;
    if (!text_is(request->actor.person, handover->outgoing))
        return faults_add(why, ERR_FORBIDDEN, "", "only %s, who has left %.*s, leaves a note",
            handover->outgoing, TEXT_ARG(office->id));
    if (clocks_days(handover->left_ms, request->now_ms) >= CLOCKS_NOTE_DAYS)
        return faults_add(why, ERR_STATE, "handover",
            "a note is left within %d days, and %.*s changed hands %ld days ago", CLOCKS_NOTE_DAYS,
            TEXT_ARG(office->id), clocks_days(handover->left_ms, request->now_ms));
    decision_id(ret_decision, text_of(handover->id));
    decision_add(ret_decision, MESSAGE_handover_noted, office->id, text_of(handover->id), note);
    return OK;
}

/* ---- acknowledging ---- */
static bool canonical(const struct handover_statement *statement, struct buf *out)
{
    BUF_CLEANUP struct buf packed = BUF(STATEMENT_MAX);
    pack_write(handover_statement_record(), statement, &packed);
    return !packed.full && jcs_write(handover_statement_record(), buf_as_text(&packed), out);
}

static void compare(struct text is, struct text wanted, const char *member, struct faults *why)
{
    if (!text_equal(is, wanted))
        faults_add(why, ERR_INVALID, member,
            "the signed statement says \"%.*s\" where it must say "
            "\"%.*s\"",
            TEXT_ARG(is), TEXT_ARG(wanted));
}

/* What was signed must be what had to be, member by member, in its one spelling. */
static enum err check_statement(
    struct text signed_bytes, const struct handover_statement *wanted, struct faults *why)
{
    struct handover_statement said = {0};
    JSON_CLEANUP struct json_document document = {0};
    BUF_CLEANUP struct buf bytes = BUF(STATEMENT_MAX);
    enum err err = json_read(handover_statement_record(), signed_bytes, &document, &said, why);
    if (err)
        return err;
    compare(said.type, wanted->type, "type", why);
    compare(said.origin, wanted->origin, "origin", why);
    compare(said.handover, wanted->handover, "handover", why);
    compare(said.office, wanted->office, "office", why);
    compare(said.person, wanted->person, "person", why);
    if (said.position.value != wanted->position.value)
        faults_add(why, ERR_INVALID, "position",
            "the pack is frozen at position %ld of the ledger, not at %ld", wanted->position.value,
            said.position.value);
    if (why->total)
        return faults_err(why);
    if (!canonical(wanted, &bytes) || !text_equal(buf_as_text(&bytes), signed_bytes))
        return faults_add(why, ERR_INVALID, "jws",
            "the statement is not in its canonical form (RFC 8785): sign exactly %.*s",
            TEXT_ARG(buf_as_text(&bytes)));
    return OK;
}

/* Whether it is signed with a key that is the holder's in this office, today. */
static enum err check_signature(const struct model *model, const struct request *request,
    struct text compact, struct jws *jws, struct faults *why)
{
    struct key_public public;
    enum err err = jws_read(compact, jws, why);
    if (err)
        return err;
    struct text kid = text_of(jws->kid);
    err = keys_check(
        model->keys, kid, request->actor.office, request->actor.person, request->today, why);
    if (err)
        return err;
    err = key_from_text(keys_find(model->keys, kid)->key, "jws", &public, why);
    return err ? err : jws_verify(jws, &public, why);
}

static enum err check_turn(const struct request *request, const struct office_entry *office,
    const struct handover_entry *handover, struct faults *why)
{
    if (!text_equal(request->actor.office, office->id))
        return faults_add(why, ERR_FORBIDDEN, "",
            "%s is acknowledged in the office that changed hands, not in %.*s", handover->id,
            TEXT_ARG(request->actor.office));
    if (handover != model_open_handover(office) && !handover->acknowledged_ms)
        return faults_add(why, ERR_STATE, "handover",
            "%.*s has changed hands again since; acknowledge the last hand-over",
            TEXT_ARG(office->id));
    if (handover->acknowledged_ms)
        return faults_add(why, ERR_STATE, "handover", "%s is acknowledged already", handover->id);
    if (!text_is(request->actor.person, handover->incoming))
        return faults_add(why, ERR_FORBIDDEN, "", "only %s, who has taken over, acknowledges it",
            handover->incoming);
    return OK;
}

enum err handover_acknowledge_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct handover_acknowledge *body = request->body;
    struct office_entry *office;
    const struct handover_entry *handover = find(state, body->handover, &office, why);
    if (!handover)
        return ERR_NOT_FOUND;
    enum err err = check_turn(request, office, handover, why);
    if (err)
        return err;
    struct jws jws;
    err = check_signature(state, request, body->jws, &jws, why);
    if (err)
        return err;
    struct handover_statement wanted = {.type = TEXT_LITERAL(STATEMENT_TYPE),
        .origin = request->origin,
        .handover = text_of(handover->id),
        .office = office->id,
        .person = request->actor.person,
        .position = {(int64_t)handover->position, true}};
    err = check_statement(jws_payload(&jws), &wanted, why);
    if (err)
        return err;
    decision_id(ret_decision, text_of(handover->id));
    decision_add(
        ret_decision, MESSAGE_handover_acknowledged, office->id, text_of(handover->id), body);
    return OK;
}
