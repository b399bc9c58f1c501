/* Minister's side and PM's side each have their acts; which event an act becomes, and in which
 * states it can happen, are two tables: the one here and shared/facts/life.def. */
#include "signing.h"

#include "base/must.h"
#include "facts/access.h"
#include "proof/statement.h"

enum side { SIDE_MINISTER = 1, SIDE_PM };

static const struct {
    enum side side;
    enum signing_act act;
    enum message event, amending; /* amending: while an amendment is under way */
} acts[] = {
    {SIDE_MINISTER, SIGNING_SIGN, MESSAGE_agreement_minister_signed,
        MESSAGE_amendment_minister_signed},
    {SIDE_MINISTER, SIGNING_WITHDRAW, MESSAGE_agreement_unsigned, MESSAGE_agreement_unsigned},
    {SIDE_MINISTER, SIGNING_COUNTERSIGN, MESSAGE_agreement_countersigned,
        MESSAGE_agreement_countersigned},
    {SIDE_PM, SIGNING_SIGN, MESSAGE_agreement_pm_signed, MESSAGE_agreement_amended},
    {SIDE_PM, SIGNING_ADOPT, MESSAGE_agreement_adopted, MESSAGE_agreement_adopted},
    {SIDE_PM, SIGNING_WITHDRAW, MESSAGE_agreement_withdrawn_by_pm,
        MESSAGE_agreement_withdrawn_by_pm},
};

static enum side side_of(const struct request *request)
{
    return request->office.role == ROLE_PM ? SIDE_PM : SIDE_MINISTER;
}

enum err signing_office(const struct model *model, const struct request *request,
    const struct agreement_entry *agreement, struct faults *why)
{
    char conflict[PARTIES_CONFLICT];
    struct text office = request->actor.office, body = request->office.body;
    if (side_of(request) == SIDE_PM)
        return OK;
    if (!access_writes_for(model->bodies, &request->office, agreement->facts.body))
        return faults_add(why, ERR_FORBIDDEN, "",
            "%.*s does not sign what body %.*s promises; its own minister has to", TEXT_ARG(office),
            TEXT_ARG(agreement->facts.body));
    bool both = parties_conflict(request->roster, body, conflict);
    if (request->office.role == ROLE_MINISTER && both)
        return faults_add(why, ERR_FORBIDDEN, "", "%s", conflict);
    if (request->office.role == ROLE_SECRETARY && !both)
        return faults_add(why, ERR_FORBIDDEN, "",
            "minister.%.*s signs; the secretary only where the Prime Minister is the minister",
            TEXT_ARG(body));
    return OK;
}

static enum err event_of(const struct request *request, const struct agreement_entry *agreement,
    enum signing_act act, enum message *ret_event, struct faults *why)
{
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (acts[i].side == side_of(request) && acts[i].act == act) {
            *ret_event = agreement->state == STATE_AMENDING ? acts[i].amending : acts[i].event;
            return life_check(*ret_event, text_of(agreement->id), agreement->state, why);
        }
    return faults_add(why, ERR_FORBIDDEN, "act", "%.*s cannot %s; %s",
        TEXT_ARG(request->actor.office), choices_word(signing_act_choices(), (int)act),
        act == SIGNING_ADOPT ? "a new Prime Minister adopts" : "a new minister countersigns");
}

/* The amendment's two signatures come in one state, so that the table of states cannot order
 * them. */
static enum err check_amendment(
    const struct signing *signing, const struct document_entry *document, struct faults *why)
{
    const char *id = signing->agreement->id;
    if (!document)
        return faults_add(why, ERR_STATE, "agreement",
            "the amendment of %s is not frozen yet; the PM Office has to freeze it", id);
    if (signing->event == MESSAGE_amendment_minister_signed && document->minister)
        return faults_add(why, ERR_STATE, "agreement",
            "%.*s has signed the amendment of %s already",
            TEXT_ARG(document->minister->facts.office), id);
    if (signing->event == MESSAGE_agreement_amended && !document->minister)
        return faults_add(why, ERR_STATE, "agreement",
            "the minister has not signed the amendment of %s yet; the PM signs after that", id);
    return OK;
}

static enum err check_again(
    const struct signature_entry *before, struct text person, const char *side, struct faults *why)
{
    if (!before || !text_equal(before->facts.person, person))
        return OK;
    return faults_add(why, ERR_STATE, "agreement",
        "%.*s has signed this document already, as %.*s at position %lu; only another %s can",
        TEXT_ARG(person), TEXT_ARG(before->facts.office), before->position, side);
}

/* Nobody stands on both sides of a document, however the offices have moved meanwhile. */
static enum err check_other(
    const struct signature_entry *other, struct text person, struct faults *why)
{
    if (!other || !text_equal(other->facts.person, person))
        return OK;
    return faults_add(why, ERR_FORBIDDEN, "",
        "%.*s has signed it as %.*s, at position %lu: nobody signs for both sides",
        TEXT_ARG(person), TEXT_ARG(other->facts.office), other->position);
}

/* Who has signed before, and what follows from it. */
static enum err check_before(
    const struct signing *signing, const struct request *request, struct faults *why)
{
    const struct document_entry *document = signing->document;
    struct text person = request->actor.person;
    enum err err = OK;
    switch ((int)signing->event) {
    case MESSAGE_agreement_countersigned:
        err = check_again(document->minister, person, "minister", why);
        return err ? err : check_other(document->pm, person, why);
    case MESSAGE_agreement_adopted:
        err = check_again(document->pm, person, "Prime Minister", why);
        return err ? err : check_other(document->minister, person, why);
    case MESSAGE_agreement_pm_signed:
    case MESSAGE_agreement_amended:
        must(document->minister);
        return check_other(document->minister, person, why);
    default:
        return OK;
    }
}

static void fill(const struct request *request, enum signing_act act, struct signing *signing)
{
    const struct document_entry *document = signing->document;
    signing->statement = (struct statement){.type = TEXT_LITERAL(STATEMENT_TYPE),
        .origin = request->origin,
        .agreement = text_of(signing->agreement->id),
        .version = document->facts.version,
        .document = document->facts.sha256,
        .supersedes = document->facts.supersedes,
        .office = request->actor.office,
        .person = request->actor.person,
        .act = act};
    if (side_of(request) == SIDE_PM && document->minister) {
        struct digest digest = digest_of(document->minister->facts.jws);
        signing->statement.minister = text_of(digest_to_hex(&digest, signing->minister));
    }
    if (request->office.role == ROLE_SECRETARY &&
        parties_conflict(request->roster, request->office.body, signing->conflict))
        signing->statement.conflict = text_of(signing->conflict);
}

enum err signing_plan(const struct request *request, const struct agreement_entry *agreement,
    enum signing_act act, struct signing *ret_signing, struct faults *why)
{
    *ret_signing = (struct signing){.agreement = agreement};
    enum err err = event_of(request, agreement, act, &ret_signing->event, why);
    if (err)
        return err;
    bool amends = ret_signing->event == MESSAGE_amendment_minister_signed ||
                  ret_signing->event == MESSAGE_agreement_amended;
    if (amends)
        err = check_amendment(ret_signing, agreement->current, why);
    if (err)
        return err;
    bool unsigned_yet =
        amends || agreement->state == STATE_READY || agreement->state == STATE_SIGNED_MINISTER;
    ret_signing->document = unsigned_yet ? agreement->current : agreement->in_force;
    must(ret_signing->document);
    err = check_before(ret_signing, request, why);
    if (err)
        return err;
    fill(request, act, ret_signing);
    return OK;
}
