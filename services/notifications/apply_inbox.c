/* The events of the inboxes themselves: receipts, quiet hours, reminders that were sent and digests
 * that were made. A reminder comes into the inbox by a rule, like every other event. */
#include "apply.h"

#include "base/must.h"

#include <stdlib.h>

static const char *seen(struct model *model, const struct happened *happened)
{
    const struct inbox_seen *record = happened->record;
    struct inbox *inbox = model_inbox(model, record->office);
    if (!inbox || record->upto.value > (int64_t)inbox->count)
        return "a receipt for what is in no inbox";
    size_t count = inbox->receipt_count + 1;
    must(inbox->receipts = realloc(inbox->receipts, count * sizeof *inbox->receipts));
    inbox->receipts[inbox->receipt_count] = (struct reading){
        (uint32_t)record->upto.value, apply_thing(model, happened->actor.person)->number};
    inbox->receipt_count = count;
    return NULL;
}

static const char *quiet(struct model *model, const struct happened *happened)
{
    const struct quiet_set *record = happened->record;
    struct inbox *inbox = model_inbox(model, record->office);
    if (!inbox)
        return "quiet hours of an office that is not there";
    inbox->from_hour = (int)record->quiet.from_hour.value;
    inbox->to_hour = (int)record->quiet.to_hour.value;
    inbox->weekly = record->quiet.digest == FREQUENCY_WEEKLY;
    schedule_forget(&model->schedule);
    return NULL;
}

static const char *mailed(struct model *model, const struct happened *happened)
{
    const struct mail_set *record = happened->record;
    struct inbox *inbox = model_inbox(model, record->office);
    if (!inbox)
        return "e-mail of an office that is not there";
    free(inbox->mail);
    inbox->mail = NULL;
    if (record->mail.address.len) {
        size_t len = record->mail.address.len;
        must(inbox->mail = calloc(1, len + 1));
        memcpy(inbox->mail, record->mail.address.at, len);
    }
    inbox->language = record->mail.language;
    return NULL;
}

static const char *reminded(struct model *model, const struct happened *happened)
{
    const struct reminder *record = happened->record;
    struct inbox *inbox = model_inbox(model, record->office);
    if (!inbox)
        return "a reminder for an office that is not there";
    struct sent *sent = calloc(1, sizeof *sent);
    must(sent);
    sent->key = (struct sent_key){.inbox = inbox->number,
        .about = apply_thing(model, record->about)->number,
        .due = record->due,
        .urgency = record->urgency};
    if (model_was_sent(model, &sent->key)) {
        free(sent);
        return "the same reminder was sent twice";
    }
    HASH_ADD(hh, model->sent_table, key, sizeof sent->key, sent);
    return NULL;
}

static const char *digested(struct model *model, const struct happened *happened)
{
    const struct digest_made *record = happened->record;
    struct inbox *inbox = model_inbox(model, record->office);
    if (!inbox || record->upto.value > (int64_t)inbox->count ||
        record->from.value != (int64_t)model_digested(inbox) + 1)
        return "a digest that does not follow the one before it";
    size_t count = inbox->letter_count + 1;
    must(inbox->letters = realloc(inbox->letters, count * sizeof *inbox->letters));
    inbox->letters[inbox->letter_count] = (struct letter){.at = happened->at_ms,
        .position = (uint32_t)happened->position,
        .from = (uint32_t)record->from.value,
        .upto = (uint32_t)record->upto.value,
        .unread = (uint32_t)record->unread.value,
        .on = record->on};
    inbox->letter_count = count;
    return NULL;
}

const char *apply_inbox(struct model *model, const struct happened *happened)
{
    switch ((int)happened->message) {
    case MESSAGE_inbox_seen:
        return seen(model, happened);
    case MESSAGE_quiet_was_set:
        return quiet(model, happened);
    case MESSAGE_mail_was_set:
        return mailed(model, happened);
    case MESSAGE_reminder_sent:
        return reminded(model, happened);
    case MESSAGE_digest_made:
        return digested(model, happened);
    default: /* what happened elsewhere */
        return NULL;
    }
}
