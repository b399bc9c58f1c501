/* Commands on keys. What a key may sign for is decided here once, by two administrators who are two
 * people; whoever proposes a key proves to hold its other half, so that nobody enrols a key that is
 * somebody else's. */
#include "commands.h"

#include "access.h"
#include "same.h"

#include "base/clock.h"
#include "base/must.h"
#include "proof/jws.h"
#include "schema/jcs.h"
#include "schema/json.h"

#include <stdio.h>

#define SPAN_DAYS     (5 * 365 + 2) /* five years, with the leap days that they can have */
#define KEY_TYPE      "misaq.key.v1"
#define STATEMENT_MAX 2048

static void check_holder(
    const struct request *request, const struct key_propose *propose, struct faults *why)
{
    struct office office = office_read(propose->office);
    if (office.role == role_UNSET || office.role == ROLE_PERSON || office.role == ROLE_SETUP ||
        office.role == ROLE_CLOCK)
        faults_add(why, ERR_INVALID, "office", "%.*s is no office", TEXT_ARG(propose->office));
    else if (!roster_holds(request->roster, propose->person, propose->office))
        faults_add(why, ERR_INVALID, "person",
            "%.*s does not hold %.*s; a key is enrolled for who holds the office now",
            TEXT_ARG(propose->person), TEXT_ARG(propose->office));
}

static void check_span(
    const struct request *request, const struct key_propose *propose, struct faults *why)
{
    if (propose->until < propose->from)
        faults_add(why, ERR_INVALID, "until", "lies before from");
    else if (day_number(propose->until) - day_number(propose->from) > SPAN_DAYS)
        faults_add(why, ERR_INVALID, "until", "lies more than five years behind from");
    else if (propose->until < request->today)
        faults_add(why, ERR_INVALID, "until", "lies in the past");
}

static bool write_statement(const struct key_statement *statement, struct buf *out)
{
    BUF_CLEANUP struct buf packed = BUF(STATEMENT_MAX);
    pack_write(key_statement_record(), statement, &packed);
    return !packed.full && jcs_write(key_statement_record(), buf_as_text(&packed), out);
}

/* The payload must be the one spelling of exactly this proposal. */
static void check_payload(const struct request *request, const struct key_propose *propose,
    struct text payload, struct faults *why)
{
    struct key_statement said = {0}, meant = {.type = TEXT_LITERAL(KEY_TYPE),
                                         .origin = request->origin,
                                         .office = propose->office,
                                         .person = propose->person,
                                         .key = propose->key,
                                         .from = propose->from,
                                         .until = propose->until};
    JSON_CLEANUP struct json_document document = {0};
    BUF_CLEANUP struct buf bytes = BUF(STATEMENT_MAX);
    uint32_t before = why->total;
    if (json_read(key_statement_record(), payload, &document, &said, why) != OK)
        return;
    same_check(key_statement_record(), &said, &meant, why);
    if (why->total == before &&
        (!write_statement(&meant, &bytes) || !text_equal(buf_as_text(&bytes), payload)))
        faults_add(why, ERR_INVALID, "", "the payload is not in its canonical form (RFC 8785)");
}

/* Reads the key and its proof; false with faults when either is not good. */
static void check_key(const struct model *model, const struct request *request,
    const struct key_propose *propose, char ret_id[KEY_TEXT_SIZE], struct faults *why)
{
    struct key_public public;
    struct jws jws;
    if (key_from_text(propose->key, "key", &public, why) != OK)
        return;
    key_id(&public, ret_id);
    const struct signing_key *known = keys_find(model->keys, text_of(ret_id));
    if (known && known->state != KEY_DECLINED)
        faults_add(why, ERR_EXISTS, "key",
            "this key was proposed before, for %.*s of %.*s; a new span needs a new key",
            TEXT_ARG(known->person), TEXT_ARG(known->office));
    (void)snprintf(why->prefix, sizeof why->prefix, "proof/");
    if (jws_read(propose->proof, &jws, why) == OK && jws_verify(&jws, &public, why) == OK)
        check_payload(request, propose, jws_payload(&jws), why);
    why->prefix[0] = '\0';
}

enum err key_propose_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct key_propose *propose = request->body;
    char id[KEY_TEXT_SIZE];
    check_holder(request, propose, why);
    check_span(request, propose, why);
    check_key(state, request, propose, id, why);
    if (why->total)
        return faults_err(why);
    struct key_proposed proposed = {.id = text_of(id), .proposal = *propose};
    decision_add(ret_decision, MESSAGE_key_proposed, propose->office, proposed.id, &proposed);
    return OK;
}

/* The key that a command names, in the state that it needs. If-Match, where one is given, is the
 * version of its office. */
static enum err find_key(const struct model *model, const struct request *request,
    enum key_state state, const struct signing_key **ret_key, struct faults *why)
{
    const struct key_one *one = request->body;
    const struct signing_key *key = keys_find(model->keys, one->key_id);
    if (!key)
        return faults_add(why, ERR_NOT_FOUND, "key_id",
            "there is no key %.*s; the register of keys has them", TEXT_ARG(one->key_id));
    if (key->state != state)
        return faults_add(why, ERR_STATE, "key_id", "the key is %s; it has to be %s for this",
            choices_word(key_state_choices(), (int)key->state),
            choices_word(key_state_choices(), (int)state));
    const struct seat *seat = model_seat(model, key->office);
    must(seat);
    if (request->expected.given && request_expects(request, seat->version, why) != OK)
        return faults_err(why);
    *ret_key = key;
    return OK;
}

enum err key_confirm_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct signing_key *key = NULL;
    enum err err = find_key(state, request, KEY_PROPOSED, &key, why);
    if (err)
        return err;
    must(key);
    if (text_equal(key->proposed_by, request->actor.person))
        return faults_add(why, ERR_FORBIDDEN, "",
            "%.*s proposed this key; another administrator has to confirm it",
            TEXT_ARG(key->proposed_by));
    if (key->until < request->today)
        return faults_add(why, ERR_STATE, "key_id",
            "the last day on which it was to sign is over; decline it and propose a new one");
    decision_add(ret_decision, MESSAGE_key_enrolled, key->office, key->id, request->body);
    return OK;
}

enum err key_decline_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct signing_key *key = NULL;
    enum err err = find_key(state, request, KEY_PROPOSED, &key, why);
    if (err)
        return err;
    must(key);
    decision_add(ret_decision, MESSAGE_key_declined, key->office, key->id, request->body);
    return OK;
}

enum err key_revoke_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct signing_key *key = NULL;
    enum err err = find_key(state, request, KEY_ENROLLED, &key, why);
    if (err)
        return err;
    must(key);
    if (request->office.role != ROLE_ADMINISTRATOR &&
        !text_equal(key->person, request->actor.person))
        return faults_add(why, ERR_FORBIDDEN, "",
            "only %.*s, whose key it is, or an administrator revokes it", TEXT_ARG(key->person));
    decision_add(ret_decision, MESSAGE_key_revoked, key->office, key->id, request->body);
    return OK;
}
