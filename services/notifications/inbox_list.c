/* The inbox of the office that asks, latest first, and the same in numbers. */
#include "queries.h"

#include "duties.h"
#include "inbox.h"
#include "rules.h"

#include "service/listing.h"

#include <stdio.h>

#define LINE_MOST 2048 /* bytes of a line or a path */

static enum urgency urgency_of(const struct item *item)
{
    return rules_at(item->rule)->urgency;
}

/* Who gave the receipt that covers an item first; NULL: nobody. Receipts grow. */
static const struct reading *receipt_for(const struct inbox *inbox, uint32_t number)
{
    size_t low = 0, high = inbox->receipt_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (inbox->receipts[middle].upto < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < inbox->receipt_count ? &inbox->receipts[low] : NULL;
}

static bool matches(const struct inbox_list *asked, const struct item *item, bool read)
{
    return (!asked->read || (asked->read == FLAG_YES) == read) &&
           (!asked->urgency || asked->urgency == urgency_of(item)) &&
           (!asked->due_by || (item->due && item->due <= asked->due_by));
}

static void show(
    const struct model *model, const struct inbox *inbox, uint32_t number, struct reply *reply)
{
    const struct item *item = &inbox->items[number - 1];
    const struct reading *receipt = receipt_for(inbox, number);
    BUF_CLEANUP struct buf words = BUF(LINE_MOST), path = BUF(LINE_MOST);
    char digits[16];
    int len = snprintf(digits, sizeof digits, "%u", number);
    inbox_words(model, item, &words);
    inbox_path(model, item, &path);
    struct inbox_item view = {
        .item = {digits, (size_t)len},
        .event = text_of(message_row(rules_at(item->rule)->event)->wire),
        .urgency = urgency_of(item),
        .what = buf_as_text(&words),
        .about = model_id(model_at(model, item->about)),
        .at = {item->at, true},
        .due = item->due,
        .read = receipt ? FLAG_YES : FLAG_NO,
        .position = {item->position, true},
    };
    if (path.len)
        view.path = buf_as_text(&path);
    if (receipt)
        view.read_by = model_id(model_at(model, receipt->person));
    reply_add(reply, inbox_item_record(), &view);
    buf_free(&path);
}

enum err inbox_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct inbox_list *asked = request->body;
    struct inbox *inbox;
    struct listing page;
    enum err err = inbox_of(state, request, &inbox, why);
    if (err == OK)
        err = listing_open(&page, LISTING_LATEST_FIRST, asked->limit, asked->after, why);
    if (err)
        return err;
    uint32_t read = model_read(inbox);
    for (uint32_t number = (uint32_t)inbox->count; number > 0; number--) {
        const struct item *item = &inbox->items[number - 1];
        if (matches(asked, item, number <= read) && listing_takes(&page, item->position, ret_reply))
            show(state, inbox, number, ret_reply);
    }
    listing_close(&page, ret_reply);
    return OK;
}

/* Whether a reminder that something is overdue still holds. */
static bool still_late(const struct model *model, const struct inbox *inbox,
    const struct item *item, const struct world *world)
{
    struct thing *thing = model_at(model, item->about);
    unsigned period = 0;
    enum sort sort = inbox->office.role == ROLE_FOCAL ? SORT_OF_REPORT : SORT_OF_CERTIFY;
    if (thing->kind == KIND_AGREEMENT)
        sort = SORT_OF_QUEUE;
    else if (thing->kind == KIND_DEPENDENCY)
        sort = SORT_OF_PROMISE;
    else if (thing->kind == KIND_HANDOVER)
        sort = SORT_OF_HANDOVER;
    else if (!model_report(model, model_id(thing), &thing, &period))
        return false;
    return duties_stand(sort, thing, period, item->due, world);
}

enum err inbox_counts_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    struct inbox *inbox;
    enum err err = inbox_of(state, request, &inbox, why);
    if (err)
        return err;
    struct world world = {request->calendar, request->zone};
    uint32_t read = model_read(inbox);
    int64_t to_do = 0, overdue = 0;
    for (uint32_t number = 1; number <= inbox->count; number++) {
        const struct item *item = &inbox->items[number - 1];
        to_do += number > read && urgency_of(item) != URGENCY_TO_KNOW;
        overdue += item->words && urgency_of(item) == URGENCY_OVERDUE &&
                   still_late(state, inbox, item, &world);
    }
    struct inbox_counts counts = {.office = text_of(inbox->office_id),
        .all = {(int64_t)inbox->count, true},
        .unread = {(int64_t)inbox->count - read, true},
        .to_do = {to_do, true},
        .overdue = {overdue, true}};
    reply_add(ret_reply, inbox_counts_record(), &counts);
    return OK;
}
