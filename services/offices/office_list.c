/* Offices and their postings. An office shows its holder's name, which changes without it: its
 * answer may not be kept. A posting shows what happened in its office alone. */
#include "queries.h"

#include "paging.h"

#include "facts/access.h"

static void show_office(
    const struct model *model, const struct office_entry *office, struct reply *reply)
{
    const struct posting_entry *held = model_held(office);
    struct office_view view = {.office = office->facts,
        .role = office->is.role,
        .body = office->is.body,
        .since = {held ? held->began_ms : office->vacant_ms, true},
        .version = {(int64_t)office->version, true}};
    if (held) {
        const struct person_entry *person = model_person(model, held->facts.proposal.person);
        view.holder = held->facts.proposal.person;
        view.holder_name = person ? person->facts.name : (struct text){0};
        view.acting = held->facts.proposal.acting;
    }
    reply_add(reply, office_view_record(), &view);
}

static bool office_matches(const struct office_list *asked, const struct office_entry *office)
{
    return (!asked->body.at || text_equal(asked->body, office->is.body)) &&
           (!asked->role || asked->role == office->is.role) &&
           (!asked->vacant || (asked->vacant == FLAG_YES) == (office->held == 0));
}

enum err office_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct office_list *asked = request->body;
    struct paging paging;
    enum err err = paging_open(&paging, asked->limit, asked->after, why);
    if (err)
        return err;
    for (size_t i = 0; i < model->offices.count; i++) {
        const struct office_entry *office = (const void *)model->offices.at[i];
        if (office_matches(asked, office) && paging_takes(&paging, office->id, 0, ret_reply))
            show_office(model, office, ret_reply);
    }
    paging_close(&paging, ret_reply);
    return OK;
}

static const struct office_entry *find_office(
    const struct model *model, struct text id, const char *member, struct faults *why)
{
    const struct office_entry *office = model_office(model, id);
    if (!office)
        (void)faults_add(why, ERR_NOT_FOUND, member,
            "there is no office %.*s; the list of offices has them", TEXT_ARG(id));
    return office;
}

enum err office_get_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct office_one *asked = request->body;
    const struct office_entry *office = find_office(state, asked->office, "office", why);
    if (!office)
        return ERR_NOT_FOUND;
    show_office(state, office, ret_reply);
    reply_version(ret_reply, office->version);
    return OK;
}

enum err history_office_scope(
    const void *state, const struct request *request, struct scope *ret_scope, struct faults *why)
{
    const struct history *asked = request->body;
    const struct model *model = state;
    const struct office_entry *office = find_office(state, asked->id, "id", why);
    if (!office)
        return ERR_NOT_FOUND;
    /* The notes of those who left stand in it. */
    if (!access_sees_drafts(model->bodies, &request->office, office->is.body))
        return faults_add(why, ERR_FORBIDDEN, "",
            "the history of %.*s is for its own body and the centre; its postings are public",
            TEXT_ARG(asked->id));
    scope_subject(ret_scope, asked->id);
    return OK;
}

/* ---- postings ---- */
static struct moment moment_of(int64_t ms)
{
    return (struct moment){ms, ms != 0};
}

static void show_posting(const struct posting_entry *posting, struct reply *reply)
{
    struct posting_view view = {.posting = posting->facts,
        .state = posting->state,
        .proposed_by = text_of(posting->proposed_by),
        .began_at = moment_of(posting->began_ms),
        .ended_at = moment_of(posting->ended_ms),
        .began = {(int64_t)posting->began, posting->began > 0},
        .ended = {(int64_t)posting->ended, posting->ended > 0},
        .reason = posting->reason};
    if (posting->confirmed_by[0])
        view.confirmed_by = text_of(posting->confirmed_by);
    reply_add(reply, posting_view_record(), &view);
}

static bool posting_matches(const struct posting_list *asked, const struct posting_entry *posting)
{
    return (!asked->person.at || text_equal(asked->person, posting->facts.proposal.person)) &&
           (!asked->state || asked->state == posting->state);
}

enum err posting_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct posting_list *asked = request->body;
    struct paging paging;
    enum err err = paging_open(&paging, asked->limit, asked->after, why);
    if (err)
        return err;
    for (size_t i = 0; i < model->offices.count; i++) {
        const struct office_entry *office = (const void *)model->offices.at[i];
        if ((asked->office.at && !text_equal(asked->office, office->id)) ||
            (asked->body.at && !text_equal(asked->body, office->is.body)))
            continue;
        for (size_t p = 0; p < office->posting_count; p++)
            if (posting_matches(asked, &office->postings[p]) &&
                paging_takes(&paging, office->id, p + 1, ret_reply))
                show_posting(&office->postings[p], ret_reply);
    }
    paging_close(&paging, ret_reply);
    return OK;
}

static const struct posting_entry *find_posting(
    const struct model *model, struct text id, struct office_entry **ret_office, struct faults *why)
{
    const struct posting_entry *posting = model_posting(model, id, ret_office);
    if (!posting)
        (void)faults_add(why, ERR_NOT_FOUND, "posting",
            "there is no posting %.*s; the list of postings has them", TEXT_ARG(id));
    return posting;
}

enum err posting_get_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct posting_one *asked = request->body;
    struct office_entry *office;
    const struct posting_entry *posting = find_posting(state, asked->posting, &office, why);
    if (!posting)
        return ERR_NOT_FOUND;
    show_posting(posting, ret_reply);
    reply_version(ret_reply, office->version);
    reply_subject(ret_reply, office->id);
    return OK;
}

enum err posting_get_scope(
    const void *state, const struct request *request, struct scope *ret_scope, struct faults *why)
{
    const struct posting_one *asked = request->body;
    struct office_entry *office;
    if (!find_posting(state, asked->posting, &office, why))
        return ERR_NOT_FOUND;
    scope_subject(ret_scope, office->id);
    return OK;
}
