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
struct hearing {
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

static void wrong(const struct hearing *hearing, const char *member, const char *what)
{
    faults_add(hearing->why, ERR_INVALID, member, "%s", what);
}

/* ---- whose it is ---- */

static void check_office(const struct hearing *hearing)
{
    const struct judge *judge = hearing->judge;
    const struct signature *signature = hearing->signature;
    struct office office = office_read(signature->office);
    char minister[ID_MAX + 16];
    struct text rest, body = text_cut(text_of(hearing->agreement->id), '-', &rest);
    if (!roster_holds(judge->roster, signature->person, signature->office))
        wrong(hearing, "person", "did not hold the office that it signed for");
    if (hearing->act->side == SIDE_PM) {
        if (office.role != ROLE_PM)
            wrong(hearing, "office", "is not that of the Prime Minister");
        return;
    }
    (void)snprintf(minister, sizeof minister, "minister.%.*s", TEXT_ARG(office.body));
    struct text pm = roster_holder(judge->roster, TEXT_LITERAL("pm"));
    bool both = pm.at && text_equal(pm, roster_holder(judge->roster, text_of(minister)));
    enum role wanted = both ? ROLE_SECRETARY : ROLE_MINISTER;
    if (office.role != wanted)
        wrong(hearing, "office",
            both ? "is not the secretary's, though the PM is the minister"
                 : "is not that of the minister");
    if (!bodies_act_for(judge->bodies, office.body, body))
        wrong(hearing, "office", "is of a body that does not act for the one that promises");
    if (both != (hearing->said->conflict.at != NULL))
        wrong(hearing, "conflict", "of interest is not told as it was");
}

static void check_jws(const struct hearing *hearing, const struct jws *jws)
{
    const struct signature *signature = hearing->signature;
    struct key_public public;
    int32_t day = day_of_moment(hearing->happened->at_ms, hearing->judge->zone_minutes);
    struct text id = text_of(jws->kid);
    if (!text_equal(signature->key_id, id))
        wrong(hearing, "key_id", "is not the key of the JWS");
    if (keys_check(hearing->judge->keys, id, signature->office, signature->person, day,
            hearing->why) != OK)
        return;
    const struct signing_key *key = keys_find(hearing->judge->keys, id);
    if (text_equal(key->proposed_by, key->confirmed_by))
        wrong(hearing, "key_id", "was proposed and confirmed by the same administrator");
    if (key_from_text(key->key, "key", &public, hearing->why) == OK)
        (void)!jws_verify(jws, &public, hearing->why);
}

/* ---- what was signed ---- */

static void check_member(
    const struct hearing *hearing, const char *member, struct text said, struct text recorded)
{
    if (!text_equal(said, recorded))
        wrong(hearing, member, "was signed otherwise than it is recorded");
}

static void check_head(const struct hearing *hearing)
{
    struct digest root, was;
    uint64_t size = (uint64_t)hearing->said->head_size.value;
    if (size >= hearing->happened->position) {
        wrong(hearing, "head_size", "names entries that were not there yet");
        return;
    }
    was = merkle_root(hearing->judge->tree, size);
    if (!digest_from_hex(hearing->said->head_root, &root) || !digest_equal(&root, &was))
        wrong(hearing, "head_root", "is not the root of this ledger: the signer saw another one");
}

static void check_statement(const struct hearing *hearing)
{
    const struct statement *said = hearing->said;
    const struct signature *signature = hearing->signature;
    const struct happened *happened = hearing->happened;
    check_member(hearing, "origin", said->origin, hearing->judge->origin);
    check_member(hearing, "agreement", said->agreement, signature->agreement);
    check_member(hearing, "document", said->document, signature->sha256);
    check_member(hearing, "office", said->office, signature->office);
    check_member(hearing, "person", said->person, signature->person);
    check_member(hearing, "office", happened->actor.office, signature->office);
    check_member(hearing, "person", happened->actor.person, signature->person);
    check_member(hearing, "agreement", happened->subject, signature->agreement);
    check_member(hearing, "id", happened->about, signature->id);
    if (said->act != hearing->act->act || signature->act != hearing->act->act)
        wrong(hearing, "act", "is not the one that was recorded");
    check_head(hearing);
}

/* ---- what it follows ---- */

static void check_paper(const struct hearing *hearing, const struct judged_paper *paper)
{
    if (!paper->id[0]) {
        wrong(hearing, "document",
            hearing->act->in_force ? "is in force nowhere" : "has no minister's signature before");
        return;
    }
    if (!text_is(hearing->signature->document, paper->id) ||
        !text_is(hearing->signature->sha256, paper->sha256))
        wrong(hearing, "document", "is another one than was signed before");
    if (hearing->act->side == SIDE_PM && !text_is(hearing->said->minister, paper->minister))
        wrong(hearing, "minister", "is not the signature of the minister that stands on it");
    if (hearing->act->act == SIGNING_SIGN && text_is(hearing->signature->person, paper->person))
        wrong(hearing, "person", "signed for both sides");
}

static void check_order(const struct hearing *hearing)
{
    const struct judged *agreement = hearing->agreement;
    enum message event = hearing->happened->message;
    bool amends = event == MESSAGE_amendment_minister_signed || event == MESSAGE_agreement_amended;
    bool stands = agreement->in_force.id[0] && !agreement->ended;
    if (agreement->ended)
        wrong(hearing, "agreement", "had ended");
    else if (stands != (amends || hearing->act->in_force))
        wrong(hearing, "agreement", stands ? "was in force already" : "was not in force");
    struct text replaced = amends ? text_of(agreement->in_force.sha256) : (struct text){0};
    if (!hearing->act->in_force && !text_equal(hearing->said->supersedes, replaced))
        wrong(hearing, "supersedes", "is not the document that was in force");
    if (!hearing->act->begins)
        check_paper(hearing, hearing->act->in_force ? &agreement->in_force : &agreement->waiting);
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

static void follow(struct judge *judge, const struct hearing *hearing)
{
    struct judged *agreement = hearing->agreement;
    switch ((int)hearing->happened->message) {
    case MESSAGE_agreement_minister_signed:
    case MESSAGE_amendment_minister_signed:
        sign_for_body(&agreement->waiting, hearing->signature);
        return;
    case MESSAGE_agreement_countersigned:
        sign_for_body(&agreement->in_force, hearing->signature);
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
    struct hearing hearing = {.judge = judge,
        .happened = happened,
        .signature = happened->record,
        .act = act,
        .agreement = agreement_of(judge, happened->subject),
        .said = &said,
        .why = &why};
    faults_clear(&why);
    judge->signatures++;
    hearing.agreement->signatures++;
    if (jws_read(hearing.signature->jws, &jws, &why) == OK) {
        check_jws(&hearing, &jws);
        if (statement_read(jws_payload(&jws), &document, &said, &why) == OK) {
            check_office(&hearing);
            check_statement(&hearing);
            check_order(&hearing);
        }
    }
    if (why.total == 0)
        follow(judge, &hearing);
    else
        judge_blame(hearing.agreement, "signature %.*s at position %lu: %s %s",
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
