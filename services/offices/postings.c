/* Commands on postings. One administrator proposes, another person who is one confirms: only then
 * does anybody hold anything. A seat has one holder, so that whoever comes into a held office sends
 * its holder out in the same decision. */
#include "commands.h"

#include "model.h"

#include "base/must.h"

#include <stdio.h>

#define THING_SIZE (ID_MAX + 24)

static struct text numbered(struct text office, char letter, size_t number, char out[THING_SIZE])
{
    int len = snprintf(out, THING_SIZE, "%.*s.%c%zu", TEXT_ARG(office), letter, number);
    return (struct text){out, (size_t)len};
}

/* ---- proposing ---- */
static void check_body(const struct model *model, const struct office_entry *office,
    struct decision *decision, struct faults *why)
{
    struct text body = office->is.body;
    if (!body.at)
        return;
    decision_expect(decision, body);
    if (!bodies_act_for(model->bodies, body, body))
        faults_add(why, ERR_INVALID, "office",
            "%.*s has ended; post the person to an office of a successor", TEXT_ARG(body));
}

/* Whether the person holds the office already in the same way, or is proposed for it. */
static void check_again(
    const struct office_entry *office, const struct posting_propose *proposal, struct faults *why)
{
    for (size_t i = 0; i < office->posting_count; i++) {
        const struct posting_entry *posting = &office->postings[i];
        bool same = text_equal(posting->facts.proposal.person, proposal->person);
        bool as_acting =
            (posting->facts.proposal.acting == FLAG_YES) == (proposal->acting == FLAG_YES);
        if (same && posting->state == POSTING_PROPOSED)
            faults_add(why, ERR_EXISTS, "person",
                "%.*s is proposed already as %s: confirm or decline that",
                TEXT_ARG(proposal->person), posting->id);
        if (same && as_acting && posting->state == POSTING_HELD)
            faults_add(why, ERR_EXISTS, "person", "%.*s holds %.*s already",
                TEXT_ARG(proposal->person), TEXT_ARG(office->id));
    }
}

enum err posting_propose_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct model *model = state;
    const struct posting_propose *proposal = request->body;
    const struct office_entry *office = model_office(model, proposal->office);
    if (!office)
        faults_add(why, ERR_INVALID, "office", "there is no office %.*s; create it first",
            TEXT_ARG(proposal->office));
    if (!model_person(model, proposal->person))
        faults_add(why, ERR_INVALID, "person",
            "nobody is registered as %.*s; register the person first", TEXT_ARG(proposal->person));
    if (proposal->from > request->today)
        faults_add(why, ERR_INVALID, "from",
            "an office changes hands when it is confirmed, not on a day to come");
    if (office) {
        check_body(model, office, ret_decision, why);
        check_again(office, proposal, why);
    }
    if (why->total)
        return faults_err(why);
    must(office);
    char id[THING_SIZE];
    struct posting posting = {
        .id = numbered(office->id, 'p', office->posting_count + 1, id), .proposal = *proposal};
    if (!posting.proposal.from)
        posting.proposal.from = request->today;
    decision_id(ret_decision, posting.id);
    decision_add(ret_decision, MESSAGE_posting_proposed, office->id, posting.id, &posting);
    return OK;
}

/* ---- confirming, declining, ending ---- */
static enum err find(const struct model *model, struct text id, enum posting_state wanted,
    struct office_entry **ret_office, const struct posting_entry **ret_posting, struct faults *why)
{
    const struct posting_entry *posting = model_posting(model, id, ret_office);
    if (!posting)
        return faults_add(why, ERR_NOT_FOUND, "posting",
            "there is no posting %.*s; the list of postings has them", TEXT_ARG(id));
    if (posting->state != wanted)
        return faults_add(why, ERR_STATE, "posting",
            "%.*s is %s; this can be done only while it "
            "is %s",
            TEXT_ARG(id), choices_word(posting_state_choices(), (int)posting->state),
            choices_word(posting_state_choices(), (int)wanted));
    *ret_posting = posting;
    return OK;
}

/* Two people must be left who can grant something. They are counted over all seats, so that all
 * seats are relied upon. */
static void check_administrators(const struct model *model, const struct office_entry *office,
    struct text next, struct decision *decision, struct faults *why)
{
    if (office->is.role != ROLE_ADMINISTRATOR)
        return;
    for (size_t i = 0; i < model->offices.count; i++) {
        const struct office_entry *other = (const void *)model->offices.at[i];
        if (other->is.role == ROLE_ADMINISTRATOR && other != office)
            decision_expect(decision, other->id);
    }
    if (model_administrators(model, office->id, next) < 2)
        faults_add(why, ERR_STATE, "posting",
            "fewer than two people would be administrators, and nobody could grant anything any "
            "more: post another administrator first");
}

/* The holder goes, and the pack of the office is frozen here. */
static void send_out(
    const struct office_entry *office, const struct posting_one *ended, struct decision *decision)
{
    char id[THING_SIZE];
    const struct posting_entry *held = model_held(office);
    struct handover handover = {.id = numbered(office->id, 'h', office->handover_count + 1, id),
        .office = office->id,
        .outgoing = held->facts.proposal.person};
    decision_add(decision, MESSAGE_posting_ended, office->id, ended->posting, ended);
    decision_add(decision, MESSAGE_handover_opened, office->id, handover.id, &handover);
}

static void take_over(const struct office_entry *office, struct text handover, struct text person,
    struct decision *decision)
{
    struct handover_begun begun = {handover, person};
    decision_add(decision, MESSAGE_handover_begun, office->id, handover, &begun);
}

static void begin(const struct office_entry *office, const struct posting_entry *posting,
    struct text reason, struct decision *decision)
{
    char id[THING_SIZE];
    const struct posting_entry *held = model_held(office);
    const struct handover_entry *open = model_open_handover(office);
    struct text person = posting->facts.proposal.person;
    if (held && text_equal(held->facts.proposal.person, person)) {
        decision_add(decision, MESSAGE_posting_began, office->id, posting->facts.id,
            &posting->facts); /* acting no more, or the other way round: nothing changes hands */
        return;
    }
    if (held) {
        struct posting_one ended = {held->facts.id,
            reason.at ? reason : TEXT_LITERAL("somebody else was posted to the office")};
        send_out(office, &ended, decision);
    }
    decision_add(decision, MESSAGE_posting_began, office->id, posting->facts.id, &posting->facts);
    if (held)
        take_over(
            office, numbered(office->id, 'h', office->handover_count + 1, id), person, decision);
    else if (open && !open->incoming[0])
        take_over(office, text_of(open->id), person, decision);
}

enum err posting_confirm_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct model *model = state;
    const struct posting_one *one = request->body;
    struct office_entry *office = NULL;
    const struct posting_entry *posting = NULL;
    enum err err = find(model, one->posting, POSTING_PROPOSED, &office, &posting, why);
    if (err)
        return err;
    must(office && posting);
    if (text_is(request->actor.person, posting->proposed_by))
        return faults_add(why, ERR_FORBIDDEN, "",
            "%s has proposed this posting; another administrator has to confirm it",
            posting->proposed_by);
    check_body(model, office, ret_decision, why);
    check_administrators(model, office, posting->facts.proposal.person, ret_decision, why);
    if (why->total)
        return faults_err(why);
    decision_id(ret_decision, posting->facts.id);
    begin(office, posting, one->reason, ret_decision);
    return OK;
}

enum err posting_decline_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct posting_one *one = request->body;
    struct office_entry *office = NULL;
    const struct posting_entry *posting = NULL;
    enum err err = find(state, one->posting, POSTING_PROPOSED, &office, &posting, why);
    if (err)
        return err;
    must(office && posting);
    decision_id(ret_decision, posting->facts.id);
    decision_add(ret_decision, MESSAGE_posting_declined, office->id, posting->facts.id, one);
    return OK;
}

enum err posting_end_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct posting_one *one = request->body;
    struct office_entry *office = NULL;
    const struct posting_entry *posting = NULL;
    enum err err = find(state, one->posting, POSTING_HELD, &office, &posting, why);
    if (err)
        return err;
    must(office && posting);
    check_administrators(state, office, (struct text){0}, ret_decision, why);
    if (why->total)
        return faults_err(why);
    decision_id(ret_decision, posting->facts.id);
    send_out(office, one, ret_decision);
    return OK;
}
