/* People, with the offices that they hold. What they hold changes without them, so that no answer
 * here may be kept. */
#include "queries.h"

#include "paging.h"
#include "search.h"

#include <stdlib.h>

static bool holds(const struct office_entry *office, struct text person)
{
    const struct posting_entry *held = model_held(office);
    return held && text_equal(held->facts.proposal.person, person);
}

static bool holds_in(const struct model *model, struct text person, struct text body)
{
    for (size_t i = 0; i < model->offices.count; i++) {
        const struct office_entry *office = (const void *)model->offices.at[i];
        if (text_equal(office->is.body, body) && holds(office, person))
            return true;
    }
    return false;
}

struct person_view queries_person(const struct model *model, const struct person_entry *person)
{
    struct person_view view = {
        .person = person->facts, .version = {(int64_t)person->version, true}};
    uint32_t count = 0, most = sizeof view.offices.at / sizeof *view.offices.at;
    for (size_t i = 0; i < model->offices.count && count < most; i++) {
        const struct office_entry *office = (const void *)model->offices.at[i];
        if (holds(office, person->id))
            view.offices.at[count++] = office->id;
    }
    view.offices.head = (struct list_head){count, count > 0};
    return view;
}

enum err person_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct person_list *asked = request->body;
    struct paging paging;
    enum err err = paging_open(&paging, asked->limit, asked->after, why);
    if (err)
        return err;
    struct text needle = search_fold(asked->text);
    for (size_t i = 0; i < model->people.count; i++) {
        const struct person_entry *person = (const void *)model->people.at[i];
        if (!search_finds(needle, person->folded) ||
            (asked->body.at && !holds_in(model, person->id, asked->body)))
            continue;
        if (paging_takes(&paging, person->id, 0, ret_reply)) {
            struct person_view view = queries_person(model, person);
            reply_add(ret_reply, person_view_record(), &view);
        }
    }
    free((void *)(uintptr_t)needle.at);
    paging_close(&paging, ret_reply);
    return OK;
}

enum err person_get_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct person_one *asked = request->body;
    const struct person_entry *person = model_person(model, asked->person);
    if (!person)
        return faults_add(why, ERR_NOT_FOUND, "person",
            "nobody is registered as %.*s; the list of people has the ids",
            TEXT_ARG(asked->person));
    struct person_view view = queries_person(model, person);
    reply_add(ret_reply, person_view_record(), &view);
    reply_version(ret_reply, person->version);
    return OK;
}
