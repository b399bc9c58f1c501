#include "book.h"

#include "base/must.h"
#include "schema/pack.h"
#include "shown.h"

#include <stdio.h>
#include <stdlib.h>

static void *grown(void *at, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return at;
    *room = *room ? *room * 2 : 16;
    must(at = realloc(at, *room * size));
    return at;
}

static struct receiver *receiver_of(
    struct book *book, enum receiver_kind kind, const char *prefix, struct text id)
{
    char name[OUTBOX_TARGET_MAX + 1];
    struct receiver *receiver;
    int len = snprintf(name, sizeof name, "%s%.*s", prefix, TEXT_ARG(id));
    must(len > 0 && (size_t)len < sizeof name);
    HASH_FIND_STR(book->receivers, name, receiver);
    if (receiver)
        return receiver;
    receiver = calloc(1, sizeof *receiver);
    must(receiver);
    receiver->kind = kind;
    memcpy(receiver->name, name, sizeof name);
    (void)snprintf(receiver->id, sizeof receiver->id, "%.*s", TEXT_ARG(id));
    HASH_ADD_STR(book->receivers, name, receiver);
    return receiver;
}

void book_free(struct book *book)
{
    struct receiver *next, *receiver = book->receivers;
    HASH_CLEAR(hh, book->receivers);
    for (; receiver; receiver = next) {
        next = receiver->hh.next;
        free(receiver->fresh);
        free(receiver->wishes);
        free(receiver);
    }
    book->receivers = NULL;
}

static void add_fresh(struct receiver *receiver, uint64_t position)
{
    receiver->fresh = grown(
        receiver->fresh, receiver->fresh_count, &receiver->fresh_room, sizeof *receiver->fresh);
    receiver->fresh[receiver->fresh_count++] = position;
}

static void add_wish(struct receiver *receiver, struct wish wish)
{
    receiver->wishes = grown(
        receiver->wishes, receiver->wish_count, &receiver->wish_room, sizeof *receiver->wishes);
    receiver->wishes[receiver->wish_count++] = wish;
}

/* The record of an event; false when it cannot be read. */
static bool read_data(const struct feed_event *event, void *ret)
{
    static struct faults why;
    const struct record *record = message_row(event->message)->carries();
    faults_clear(&why);
    memset(ret, 0, record->size);
    return pack_read_trusted(record, event->event->data, ret, &why) == OK;
}

/* ---- who is there ---- */
static void open_hook(struct book *book, const struct facts *facts, struct text id)
{
    static struct faults why;
    const struct department_access *access = departments_access(facts->departments, id);
    if (!access || !access->facts.proposal.webhook.len)
        return;
    struct receiver *receiver = receiver_of(book, RECEIVER_HOOK, OUTBOX_HOOK, id);
    faults_clear(
        &why); /* types were checked when they were proposed; a kind that is gone is none */
    receiver->filter = (struct filter){0};
    if (access->facts.proposal.types.len)
        (void)!filter_read(access->facts.proposal.types, (struct text){0}, (struct text){0},
            &receiver->filter, &why);
}

static void want_again(struct book *book, const struct feed_event *event)
{
    struct access_again again;
    if (read_data(event, &again))
        add_wish(receiver_of(book, RECEIVER_HOOK, OUTBOX_HOOK, again.access),
            (struct wish){event->position, (uint64_t)again.from.value, (uint64_t)again.upto.value});
}

/* What was parked may have been so for the address. */
static void set_mail(struct book *book, const struct feed_event *event)
{
    struct mail_set set;
    if (!read_data(event, &set))
        return;
    struct receiver *receiver = receiver_of(book, RECEIVER_MAIL, OUTBOX_MAIL, set.office);
    (void)snprintf(receiver->address, sizeof receiver->address, "%.*s", TEXT_ARG(set.mail.address));
    receiver->language = set.mail.language;
    if (set.mail.address.len)
        add_wish(receiver, (struct wish){event->position, 0, 0});
}

/* ---- who gets it ---- */
static void add_mail(struct book *book, struct text office, uint64_t position)
{
    char name[OUTBOX_TARGET_MAX + 1];
    struct receiver *receiver;
    (void)snprintf(name, sizeof name, OUTBOX_MAIL "%.*s", TEXT_ARG(office));
    HASH_FIND_STR(book->receivers, name, receiver);
    if (receiver && *receiver->address)
        add_fresh(receiver, position);
}

static void add_reminder(struct book *book, const struct feed_event *event)
{
    static struct reminder reminder;
    if (read_data(event, &reminder))
        add_mail(book, reminder.office, event->position);
}

static void add_digest(struct book *book, const struct feed_event *event)
{
    struct digest_made made;
    if (read_data(event, &made))
        add_mail(book, made.office, event->position);
}

static bool hook_may(const struct facts *facts, const struct receiver *receiver,
    enum message message, const struct event *event)
{
    const struct department_access *access =
        departments_access(facts->departments, text_of(receiver->id));
    return access && access->state == ACCESS_GRANTED &&
           filter_wants(
               &receiver->filter, message, event->subject, facts_body(facts, event->subject)) &&
           shown_to_department(facts, access, message, event->subject);
}

bool book_may(const struct facts *facts, const struct receiver *receiver, enum message message,
    const struct event *event)
{
    return receiver->kind == RECEIVER_MAIL ? *receiver->address != '\0'
                                           : hook_may(facts, receiver, message, event);
}

void book_event(struct book *book, const struct facts *facts, const struct feed_event *event)
{
    for (struct receiver *receiver = book->receivers; receiver; receiver = receiver->hh.next)
        if (receiver->kind == RECEIVER_HOOK &&
            hook_may(facts, receiver, event->message, event->event))
            add_fresh(receiver, event->position);
    switch ((int)event->message) {
    case MESSAGE_access_granted:
        open_hook(book, facts, event->event->about);
        break;
    case MESSAGE_access_wanted_again:
        want_again(book, event);
        break;
    case MESSAGE_mail_was_set:
        set_mail(book, event);
        break;
    case MESSAGE_reminder_sent:
        add_reminder(book, event);
        break;
    case MESSAGE_digest_made:
        add_digest(book, event);
        break;
    default: /* nothing that the book keeps */
        break;
    }
}
