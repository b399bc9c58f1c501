/* Commands on people. A person's id is a subject of the ledger beside bodies, agreements and
 * offices: it must look like none of them. */
#include "commands.h"

#include "model.h"

#include <stdio.h>

/* Names that stand for something else in the ledger. */
static bool is_reserved(struct text id)
{
    struct text rest, word = text_cut(id, '.', &rest);
    return choices_value(role_choices(), word) != 0 || text_is(id, "government") ||
           text_is(id, "operator") || text_is(word, "department") ||
           text_starts(id, TEXT_LITERAL("draw-"));
}

static bool is_plain(struct text id)
{
    for (size_t i = 0; i < id.len; i++) {
        char c = id.at[i];
        bool small = c >= 'a' && c <= 'z', digit = c >= '0' && c <= '9';
        if (!small && !(i > 0 && (digit || c == '.' || c == '_' || c == '-')))
            return false;
    }
    return true;
}

static void check_id(struct text id, const char *member, struct faults *why)
{
    if (!is_plain(id))
        faults_add(why, ERR_INVALID, member,
            "a person is named by small letters, digits, dots, - and _, beginning with a letter");
    else if (is_reserved(id))
        faults_add(why, ERR_INVALID, member,
            "%.*s would be taken for an office or for something else in the ledger: choose another",
            TEXT_ARG(id));
}

static void check_body(
    const struct model *model, struct text body, struct decision *decision, struct faults *why)
{
    if (!body.at)
        return;
    if (!bodies_knows(model->bodies, body))
        faults_add(why, ERR_INVALID, "body",
            "no body %.*s is registered; the list of bodies has the codes", TEXT_ARG(body));
    else
        decision_expect(decision, body);
}

static struct person_entry *find(const struct model *model, struct text id, struct faults *why)
{
    struct person_entry *person = model_person(model, id);
    if (!person)
        (void)faults_add(why, ERR_NOT_FOUND, "person",
            "nobody is registered as %.*s; the list of people has the ids", TEXT_ARG(id));
    return person;
}

/* ---- founding ---- */
static void found_seat(struct decision *decision, const struct person *person, const char *seat)
{
    char id[ID_MAX + 1];
    struct text office = text_of(seat);
    (void)snprintf(id, sizeof id, "%s.p1", seat);
    struct office_new created = {office, TEXT_LITERAL("Administrator")};
    struct posting posting = {
        .id = text_of(id), .proposal = {.office = office, .person = person->id}};
    decision_add(decision, MESSAGE_person_registered, person->id, person->id, person);
    decision_add(decision, MESSAGE_office_created, office, office, &created);
    decision_add(decision, MESSAGE_posting_proposed, office, posting.id, &posting);
    decision_add(decision, MESSAGE_posting_began, office, posting.id, &posting);
}

/* Told once as a whole, and once in the history of each thing that it made. */
enum err government_found_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct model *model = state;
    const struct government_found *founders = request->body;
    const struct text government = TEXT_LITERAL("government");
    if (model->founded)
        return faults_add(why, ERR_STATE, "",
            "the government is founded already; its administrators add everybody else");
    check_id(founders->first.id, "first/id", why);
    check_id(founders->second.id, "second/id", why);
    if (text_equal(founders->first.id, founders->second.id))
        faults_add(why, ERR_INVALID, "second/id",
            "it takes two people: one grants nothing without the other");
    if (founders->first.body.at || founders->second.body.at)
        faults_add(why, ERR_INVALID, founders->first.body.at ? "first/body" : "second/body",
            "there are no bodies yet; leave it out");
    if (why->total)
        return faults_err(why);
    decision_id(ret_decision, government);
    decision_add(ret_decision, MESSAGE_government_founded, government, government, founders);
    found_seat(ret_decision, &founders->first, FIRST_SEAT);
    found_seat(ret_decision, &founders->second, SECOND_SEAT);
    return OK;
}

/* ---- people ---- */
enum err person_register_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct model *model = state;
    const struct person *person = request->body;
    check_id(person->id, "id", why);
    check_body(model, person->body, ret_decision, why);
    if (model_person(model, person->id))
        faults_add(why, ERR_EXISTS, "id", "%.*s is registered already", TEXT_ARG(person->id));
    if (why->total)
        return faults_err(why);
    decision_id(ret_decision, person->id);
    decision_add(ret_decision, MESSAGE_person_registered, person->id, person->id, person);
    return OK;
}

enum err person_change_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct model *model = state;
    const struct person *person = request->body;
    const struct person_entry *entry = find(model, person->id, why);
    if (!entry)
        return ERR_NOT_FOUND;
    enum err err = request_expects(request, entry->version, why);
    if (err)
        return err;
    check_body(model, person->body, ret_decision, why);
    if (why->total)
        return faults_err(why);
    decision_id(ret_decision, person->id);
    decision_add(ret_decision, MESSAGE_person_changed, person->id, person->id, person);
    return OK;
}

/* ---- one-time codes ---- */
enum err invitation_propose_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct person_one *asked = request->body;
    const struct person_entry *person = find(state, asked->person, why);
    if (!person)
        return ERR_NOT_FOUND;
    struct invitation invitation = {
        person->id, {.value = (int64_t)person->code.number + 1, .given = true}};
    decision_id(ret_decision, person->id);
    decision_add(ret_decision, MESSAGE_invitation_proposed, person->id, person->id, &invitation);
    return OK;
}

enum err invitation_confirm_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct person_one *asked = request->body;
    const struct person_entry *person = find(state, asked->person, why);
    if (!person)
        return ERR_NOT_FOUND;
    const struct person_code *code = &person->code;
    if (!code->number || code->confirmed_ms)
        return faults_add(why, ERR_STATE, "person",
            "no code for %.*s waits to be confirmed; ask for one first", TEXT_ARG(person->id));
    if (text_is(request->actor.person, code->proposed_by))
        return faults_add(why, ERR_FORBIDDEN, "",
            "%s has asked for this code; another administrator has to confirm it",
            code->proposed_by);
    struct invitation invitation = {person->id, {(int64_t)code->number, true}};
    decision_id(ret_decision, person->id);
    decision_add(ret_decision, MESSAGE_invitation_confirmed, person->id, person->id, &invitation);
    return OK;
}

/* ---- sessions ---- */
static bool is_session(struct text id)
{
    for (size_t i = 0; i < id.len; i++)
        if (!((id.at[i] >= '0' && id.at[i] <= '9') || (id.at[i] >= 'a' && id.at[i] <= 'f')))
            return false;
    return id.len == 32;
}

enum err session_end_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    (void)state;
    const struct session_end *end = request->body;
    struct text person = request->actor.person;
    if (!is_session(end->session))
        return faults_add(why, ERR_INVALID, "session", "a session has 32 hexadecimal digits");
    if (roster_session_ended(request->roster, person, end->session, INT64_MAX))
        return faults_add(why, ERR_STATE, "session", "that session has ended already");
    decision_id(ret_decision, end->session);
    decision_add(ret_decision, MESSAGE_session_ended, person, end->session, end);
    return OK;
}

enum err sessions_end_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct sessions_end *end = request->body;
    if (request->office.role != ROLE_ADMINISTRATOR &&
        !text_equal(request->actor.person, end->person))
        return faults_add(why, ERR_FORBIDDEN, "",
            "only an administrator ends the sessions of others; your own person is %.*s",
            TEXT_ARG(request->actor.person));
    const struct person_entry *person = find(state, end->person, why);
    if (!person)
        return ERR_NOT_FOUND;
    decision_id(ret_decision, person->id);
    decision_add(ret_decision, MESSAGE_sessions_ended, person->id, person->id, end);
    return OK;
}
