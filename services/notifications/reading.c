/* What an office says about its own inbox. The receipt is the office's: who holds it next finds
 * read what the one before has read, and sees by whom. Both only add, so none needs If-Match. */
#include "commands.h"

#include "inbox.h"

enum err inbox_read_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct inbox_read *read = request->body;
    struct inbox *inbox;
    enum err err = inbox_of(state, request, &inbox, why);
    if (err)
        return err;
    if (read->upto.value > (int64_t)inbox->count)
        return faults_add(why, ERR_INVALID, "upto",
            "the inbox of %s has %zu items; name the last that was read", inbox->office_id,
            inbox->count);
    if (read->upto.value <= (int64_t)model_read(inbox))
        return faults_add(why, ERR_STATE, "upto",
            "all up to item %u were read before; only a later item can be named",
            model_read(inbox));
    char subject[ID_MAX + 1];
    struct inbox_seen seen = {.office = text_of(inbox->office_id), .upto = read->upto};
    struct text id = inbox_subject(inbox, subject);
    decision_add(ret_decision, MESSAGE_inbox_seen, id, id, &seen);
    return OK;
}

enum err quiet_set_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct quiet *quiet = request->body;
    struct inbox *inbox;
    enum err err = inbox_of(state, request, &inbox, why);
    if (err)
        return err;
    if (quiet->digest && quiet->digest != FREQUENCY_DAILY && quiet->digest != FREQUENCY_WEEKLY)
        return faults_add(why, ERR_INVALID, "digest", "a digest comes daily or weekly, not %s",
            choices_word(frequency_choices(), (int)quiet->digest));
    char subject[ID_MAX + 1];
    struct quiet_set set = {.office = text_of(inbox->office_id), .quiet = *quiet};
    struct text id = inbox_subject(inbox, subject);
    decision_add(ret_decision, MESSAGE_quiet_was_set, id, id, &set);
    return OK;
}
