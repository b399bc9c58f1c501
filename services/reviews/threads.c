/* The PM Office's feedback: opened and closed there, answered by the ministry. Threads only add, so
 * that none of these needs If-Match. */
#include "commands.h"

#include "model.h"
#include "sight.h"

#include "base/must.h"
#include "facts/access.h"
#include "facts/life.h"

#include <stdio.h>

enum err thread_open_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct model *model = state;
    const struct thread_open *open = request->body;
    const struct agreement_entry *agreement = NULL;
    struct agreement_entry *its = NULL;
    enum err err = sight_agreement(model, request, open->agreement, &agreement, why);
    if (err == OK)
        err = life_check(MESSAGE_thread_opened, open->agreement, agreement->state, why);
    if (err)
        return err;
    if (open->target.len && (!model_target_of(model, open->target, &its) || its != agreement))
        return faults_add(why, ERR_INVALID, "target", "there is no target %.*s in %s",
            TEXT_ARG(open->target), agreement->id);
    char at[ID_MAX + 1];
    int len = snprintf(at, sizeof at, "%s.f%u", agreement->id, agreement->threads + 1);
    must(len > 0 && (size_t)len < sizeof at);
    struct thread_opened opened = {.id = {at, (size_t)len}, .opened = *open};
    decision_id(ret_decision, opened.id);
    decision_add(ret_decision, MESSAGE_thread_opened, open->agreement, opened.id, &opened);
    return OK;
}

/* What answering and closing begin with. */
static enum err open_word(const struct model *model, const struct request *request,
    enum message event, struct text id, const struct thread_entry **ret_thread, struct faults *why)
{
    const struct thread_entry *thread = NULL;
    enum err err = sight_thread(model, request, id, &thread, why);
    if (err)
        return err;
    const struct agreement_entry *agreement = thread->agreement;
    if (request->office.role != ROLE_PMO &&
        !access_writes_for(model->bodies, &request->office, text_of(agreement->body->id)))
        return faults_add(why, ERR_FORBIDDEN, "",
            "an office of %.*s does not answer for body %s; somebody of its own has to",
            TEXT_ARG(request->office.body), agreement->body->id);
    err = life_check(event, text_of(agreement->id), agreement->state, why);
    if (err)
        return err;
    if (thread->outcome != THREAD_OPEN)
        return faults_add(why, ERR_STATE, "thread",
            "%s was closed as %s; the PM Office can open another", thread->id,
            choices_word(thread_outcome_choices(), (int)thread->outcome));
    *ret_thread = thread;
    return OK;
}

/* The last place is kept for the word with which it is closed. */
static enum err check_room(
    const struct thread_entry *thread, struct text text, size_t words_most, struct faults *why)
{
    must(thread);
    if (thread->word_count < words_most && thread->bytes + text.len <= THREAD_BYTES)
        return OK;
    return faults_add(why, ERR_STATE, "thread",
        "%s has %zu answers and is full; the PM Office closes it and opens another", thread->id,
        thread->word_count);
}

enum err thread_answer_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct thread_say *say = request->body;
    const struct thread_entry *thread = NULL;
    enum err err = open_word(state, request, MESSAGE_thread_answered, say->thread, &thread, why);
    if (err == OK)
        err = check_room(thread, say->text, THREAD_WORDS - 1, why);
    if (err == OK)
        decision_add(ret_decision, MESSAGE_thread_answered, text_of(thread->agreement->id),
            say->thread, say);
    return err;
}

enum err thread_close_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct thread_close *close = request->body;
    const struct thread_entry *thread = NULL;
    enum err err = open_word(state, request, MESSAGE_thread_closed, close->thread, &thread, why);
    if (err)
        return err;
    if (close->outcome == THREAD_OPEN)
        return faults_add(
            why, ERR_INVALID, "outcome", "a thread is closed as accepted or answered");
    must(thread);
    if (close->text.len)
        err = check_room(thread, close->text, THREAD_WORDS, why);
    if (err == OK)
        decision_add(ret_decision, MESSAGE_thread_closed, text_of(thread->agreement->id),
            close->thread, close);
    return err;
}
