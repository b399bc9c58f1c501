/* Feedback threads: one, and lists of them with the latest first. */
#include "queries.h"

#include "model.h"
#include "sight.h"

#include "service/listing.h"

#include <stdlib.h>

static void show(const struct thread_entry *thread, struct reply *reply)
{
    const struct agreement_entry *agreement = thread->agreement;
    struct thread_view view = {
        .thread = {.id = text_of(thread->id),
            .opened = {.agreement = text_of(agreement->id), .text = thread->opened.text}},
        .outcome = thread->outcome,
        .opened_at = {thread->opened.at, true},
        .opened_by = thread->opened.person,
        .version = {(int64_t)agreement->version, true},
    };
    if (thread->target[0])
        view.thread.opened.target = text_of(thread->target);
    view.words.head = (struct list_head){(uint32_t)thread->word_count, thread->word_count > 0};
    for (size_t i = 0; i < thread->word_count; i++) {
        const struct thread_said *said = &thread->words[i];
        view.words.at[i] = (struct thread_word){.person = said->person,
            .office = said->office,
            .at = {said->at, true},
            .text = said->text};
    }
    reply_add(reply, thread_view_record(), &view);
}

static bool matches(const struct thread_list *asked, const struct thread_entry *thread)
{
    return (!asked->agreement.at || text_is(asked->agreement, thread->agreement->id)) &&
           (!asked->body.at || text_is(asked->body, thread->agreement->body->id)) &&
           (!asked->outcome || asked->outcome == thread->outcome);
}

enum err thread_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct thread_list *asked = request->body;
    struct listing page;
    enum err err = listing_open(&page, LISTING_LATEST_FIRST, asked->limit, asked->after, why);
    if (err)
        return err;
    bool *seen = sight_all(model, &request->office);
    /* uthash keeps the things of a table in the order in which they were added */
    const UT_hash_table *table = model->thread_table ? model->thread_table->hh.tbl : NULL;
    const struct thread_entry *one = table ? ELMT_FROM_HH(table, table->tail) : NULL;
    for (; one; one = one->hh.prev)
        if (seen[one->agreement->index] && matches(asked, one) &&
            listing_takes(&page, one->position, ret_reply))
            show(one, ret_reply);
    free(seen);
    listing_close(&page, ret_reply);
    return OK;
}

enum err thread_get_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct thread_one *asked = request->body;
    const struct thread_entry *thread = NULL;
    enum err err = sight_thread(state, request, asked->thread, &thread, why);
    if (err)
        return err;
    show(thread, ret_reply);
    reply_version(ret_reply, thread->agreement->version);
    reply_subject(ret_reply, text_of(thread->agreement->id));
    return OK;
}
