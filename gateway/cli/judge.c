#include "judge.h"

#include "base/clock.h"
#include "base/must.h"
#include "proof/jws.h"

#include <stdio.h>
#include <stdlib.h>

enum side { SIDE_MINISTER = 1, SIDE_PM };

/* What each event must be: whose act, and on which document. */
static const struct act {
    enum message event;
    enum side side;
    enum signing_act act;
    bool in_force; /* on the document in force; else on the one that waits */
    bool begins;   /* a new document waits from here on */
} acts[] = {
    {MESSAGE_agreement_minister_signed, SIDE_MINISTER, SIGNING_SIGN, false, true},
    {MESSAGE_amendment_minister_signed, SIDE_MINISTER, SIGNING_SIGN, false, true},
    {MESSAGE_agreement_unsigned, SIDE_MINISTER, SIGNING_WITHDRAW, false, false},
    {MESSAGE_agreement_countersigned, SIDE_MINISTER, SIGNING_COUNTERSIGN, true, false},
    {MESSAGE_agreement_pm_signed, SIDE_PM, SIGNING_SIGN, false, false},
    {MESSAGE_agreement_amended, SIDE_PM, SIGNING_SIGN, false, false},
    {MESSAGE_agreement_adopted, SIDE_PM, SIGNING_ADOPT, true, false},
    {MESSAGE_agreement_withdrawn_by_pm, SIDE_PM, SIGNING_WITHDRAW, true, false},
};

/* One signature being judged. */
struct trial {
    const struct judge *judge;
    const struct happened *happened;
    const struct signature *signature;
    const struct act *act;
    struct judged *agreement;
    const struct statement *said;
    struct faults *why;
};

void judge_free(struct judge *judge)
{
    struct judged *agreement = judge->agreements;
    struct judged_document *document = judge->documents;
    HASH_CLEAR(hh, judge->agreements); /* the links from one to the next stay */
    HASH_CLEAR(hh, judge->documents);
    while (agreement) {
        struct judged *next = agreement->hh.next;
        free(agreement);
        agreement = next;
    }
    while (document) {
        struct judged_document *next = document->hh.next;
        free(document);
        document = next;
    }
}

void judge_blame(struct judged *agreement, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (agreement->wrong++ == 0)
        (void)vsnprintf(agreement->why, sizeof agreement->why, format, args);
    va_end(args);
}

static void keep(char *to, size_t size, struct text text)
{
    (void)snprintf(to, size, "%.*s", TEXT_ARG(text));
}

static struct judged *agreement_of(struct judge *judge, struct text id)
{
    struct judged *agreement = NULL;
    must(id.len <= ID_MAX);
    HASH_FIND(hh, judge->agreements, id.at, id.len, agreement);
    if (!agreement) {
        must(agreement = calloc(1, sizeof *agreement));
        keep(agreement->id, sizeof agreement->id, id);
        HASH_ADD_KEYPTR(hh, judge->agreements, agreement->id, id.len, agreement);
    }
    return agreement;
}

static void wrong(const struct trial *trial, const char *member, const char *what)
{
    faults_add(trial->why, ERR_INVALID, member, "%s", what);
}

/* ---- whose it is ---- */

static void check_office(const struct trial *trial)
{
    const struct judge *judge = trial->judge;
    const struct signature *signature = trial->signature;
    struct office office = office_read(signature->office);
    char minister[ID_MAX + 16];
    struct text rest, body = text_cut(text_of(trial->agreement->id), '-', &rest);
    if (!roster_holds(judge->roster, signature->person, signature->office))
        wrong(trial, "person", "did not hold the office that it signed for");
    if (trial->act->side == SIDE_PM) {
        if (office.role != ROLE_PM)
            wrong(trial, "office", "is not that of the Prime Minister");
        return;
    }
    (void)snprintf(minister, sizeof minister, "minister.%.*s", TEXT_ARG(office.body));
    struct text pm = roster_holder(judge->roster, TEXT_LITERAL("pm"));
    bool both = pm.at && text_equal(pm, roster_holder(judge->roster, text_of(minister)));
    enum role wanted = both ? ROLE_SECRETARY : ROLE_MINISTER;
    if (office.role != wanted)
        wrong(trial, "office",
            both ? "is not the secretary's, though the PM is the minister"
                 : "is not that of the minister");
    if (!bodies_act_for(judge->bodies, office.body, body))
        wrong(trial, "office", "is of a body that does not act for the one that promises");
    if (both != (trial->said->conflict.at != NULL))
        wrong(trial, "conflict", "of interest is not told as it was");
}

static void check_jws(const struct trial *trial, const struct jws *jws)
{
    const struct signature *signature = trial->signature;
    struct key_public public;
    int32_t day = day_of_moment(trial->happened->at_ms, trial->judge->zone_minutes);
    struct text id = text_of(jws->kid);
    if (!text_equal(signature->key_id, id))
        wrong(trial, "key_id", "is not the key of the JWS");
    if (keys_check(trial->judge->keys, id, signature->office, signature->person, day, trial->why) !=
        OK)
        return;
    const struct signing_key *key = keys_find(trial->judge->keys, id);
    if (text_equal(key->proposed_by, key->confirmed_by))
        wrong(trial, "key_id", "was proposed and confirmed by the same administrator");
    if (key_from_text(key->key, "key", &public, trial->why) == OK)
        (void)!jws_verify(jws, &public, trial->why);
}

/* ---- what was signed ---- */

static void check_member(
    const struct trial *trial, const char *member, struct text said, struct text recorded)
{
    if (!text_equal(said, recorded))
        wrong(trial, member, "was signed otherwise than it is recorded");
}

static void check_head(const struct trial *trial)
{
    struct digest root, was;
    uint64_t size = (uint64_t)trial->said->head_size.value;
    if (size >= trial->happened->position) {
        wrong(trial, "head_size", "names entries that were not there yet");
        return;
    }
    was = merkle_root(trial->judge->tree, size);
    if (!digest_from_hex(trial->said->head_root, &root) || !digest_equal(&root, &was))
        wrong(trial, "head_root", "is not the root of this ledger: the signer saw another one");
}

static void check_statement(const struct trial *trial)
{
    const struct statement *said = trial->said;
    const struct signature *signature = trial->signature;
    const struct happened *happened = trial->happened;
    check_member(trial, "origin", said->origin, trial->judge->origin);
    check_member(trial, "agreement", said->agreement, signature->agreement);
    check_member(trial, "document", said->document, signature->sha256);
    check_member(trial, "office", said->office, signature->office);
    check_member(trial, "person", said->person, signature->person);
    check_member(trial, "office", happened->actor.office, signature->office);
    check_member(trial, "person", happened->actor.person, signature->person);
    check_member(trial, "agreement", happened->subject, signature->agreement);
    check_member(trial, "id", happened->about, signature->id);
    if (said->act != trial->act->act || signature->act != trial->act->act)
        wrong(trial, "act", "is not the one that was recorded");
    check_head(trial);
}

/* ---- what it follows ---- */

static void check_paper(const struct trial *trial, const struct judged_paper *paper)
{
    if (!paper->id[0]) {
        wrong(trial, "document",
            trial->act->in_force ? "is in force nowhere" : "has no minister's signature before");
        return;
    }
    if (!text_is(trial->signature->document, paper->id) ||
        !text_is(trial->signature->sha256, paper->sha256))
        wrong(trial, "document", "is another one than was signed before");
    if (trial->act->side == SIDE_PM && !text_is(trial->said->minister, paper->minister))
        wrong(trial, "minister", "is not the signature of the minister that stands on it");
    if (trial->act->act == SIGNING_SIGN && text_is(trial->signature->person, paper->person))
        wrong(trial, "person", "signed for both sides");
}

static void check_order(const struct trial *trial)
{
    const struct judged *agreement = trial->agreement;
    enum message event = trial->happened->message;
    bool amends = event == MESSAGE_amendment_minister_signed || event == MESSAGE_agreement_amended;
    bool stands = agreement->in_force.id[0] && !agreement->ended;
    if (agreement->ended)
        wrong(trial, "agreement", "had ended");
    else if (stands != (amends || trial->act->in_force))
        wrong(trial, "agreement", stands ? "was in force already" : "was not in force");
    struct text replaced = amends ? text_of(agreement->in_force.sha256) : (struct text){0};
    if (!trial->act->in_force && !text_equal(trial->said->supersedes, replaced))
        wrong(trial, "supersedes", "is not the document that was in force");
    if (!trial->act->begins)
        check_paper(trial, trial->act->in_force ? &agreement->in_force : &agreement->waiting);
}

/* ---- what follows from it ---- */

static void keep_document(struct judge *judge, const struct judged_paper *paper)
{
    struct judged_document *document = NULL;
    HASH_FIND_STR(judge->documents, paper->id, document);
    if (document)
        return;
    must(document = calloc(1, sizeof *document));
    memcpy(document->id, paper->id, sizeof document->id);
    memcpy(document->sha256, paper->sha256, sizeof document->sha256);
    HASH_ADD_STR(judge->documents, id, document);
}

static void sign_for_body(struct judged_paper *paper, const struct signature *signature)
{
    struct digest digest = digest_of(signature->jws);
    keep(paper->id, sizeof paper->id, signature->document);
    keep(paper->sha256, sizeof paper->sha256, signature->sha256);
    keep(paper->person, sizeof paper->person, signature->person);
    (void)digest_to_hex(&digest, paper->minister);
}

static void follow(struct judge *judge, const struct trial *trial)
{
    struct judged *agreement = trial->agreement;
    switch ((int)trial->happened->message) {
    case MESSAGE_agreement_minister_signed:
    case MESSAGE_amendment_minister_signed:
        sign_for_body(&agreement->waiting, trial->signature);
        return;
    case MESSAGE_agreement_countersigned:
        sign_for_body(&agreement->in_force, trial->signature);
        return;
    case MESSAGE_agreement_unsigned:
        agreement->waiting = (struct judged_paper){0};
        return;
    case MESSAGE_agreement_pm_signed:
    case MESSAGE_agreement_amended:
        agreement->in_force = agreement->waiting;
        agreement->waiting = (struct judged_paper){0};
        keep_document(judge, &agreement->in_force);
        return;
    case MESSAGE_agreement_withdrawn_by_pm:
        agreement->ended = true;
        return;
    default:
        return;
    }
}

static void hear(struct judge *judge, const struct act *act, const struct happened *happened)
{
    static struct faults why;
    static struct jws jws;
    JSON_CLEANUP struct json_document document = {0};
    struct statement said = {0};
    struct trial trial = {.judge = judge,
        .happened = happened,
        .signature = happened->record,
        .act = act,
        .agreement = agreement_of(judge, happened->subject),
        .said = &said,
        .why = &why};
    faults_clear(&why);
    judge->signatures++;
    trial.agreement->signatures++;
    if (jws_read(trial.signature->jws, &jws, &why) == OK) {
        check_jws(&trial, &jws);
        if (statement_read(jws_payload(&jws), &document, &said, &why) == OK) {
            check_office(&trial);
            check_statement(&trial);
            check_order(&trial);
        }
    }
    if (why.total == 0)
        follow(judge, &trial);
    else
        judge_blame(trial.agreement, "signature %.*s at position %lu: %s %s",
            TEXT_ARG(happened->about), happened->position, why.kept[0].member, why.kept[0].detail);
}

void judge_event(struct judge *judge, const struct happened *happened)
{
    if (happened->message == MESSAGE_agreement_closed)
        agreement_of(judge, happened->subject)->ended = true;
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (acts[i].event == happened->message)
            hear(judge, &acts[i], happened);
}
