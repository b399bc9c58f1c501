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

static struct target *target_of(
    struct book *book, enum target_kind kind, const char *prefix, struct text id)
{
    char name[OUTBOX_TARGET_MAX + 1];
    struct target *target;
    int len = snprintf(name, sizeof name, "%s%.*s", prefix, TEXT_ARG(id));
    must(len > 0 && (size_t)len < sizeof name);
    HASH_FIND_STR(book->targets, name, target);
    if (target)
        return target;
    target = calloc(1, sizeof *target);
    must(target);
    target->kind = kind;
    memcpy(target->name, name, sizeof name);
    (void)snprintf(target->id, sizeof target->id, "%.*s", TEXT_ARG(id));
    HASH_ADD_STR(book->targets, name, target);
    return target;
}

void book_free(struct book *book)
{
    struct target *next, *target = book->targets;
    HASH_CLEAR(hh, book->targets);
    for (; target; target = next) {
        next = target->hh.next;
        free(target->fresh);
        free(target->wishes);
        free(target);
    }
    book->targets = NULL;
}

static void add_fresh(struct target *target, uint64_t position)
{
    target->fresh =
        grown(target->fresh, target->fresh_count, &target->fresh_room, sizeof *target->fresh);
    target->fresh[target->fresh_count++] = position;
}

static void add_wish(struct target *target, struct wish wish)
{
    target->wishes =
        grown(target->wishes, target->wish_count, &target->wish_room, sizeof *target->wishes);
    target->wishes[target->wish_count++] = wish;
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
    struct target *target = target_of(book, TARGET_HOOK, OUTBOX_HOOK, id);
    faults_clear(
        &why); /* types were checked when they were proposed; a kind that is gone is none */
    target->filter = (struct filter){0};
    if (access->facts.proposal.types.len)
        (void)!filter_read(access->facts.proposal.types, (struct text){0}, (struct text){0},
            &target->filter, &why);
}

static void want_again(struct book *book, const struct feed_event *event)
{
    struct access_again again;
    if (read_data(event, &again))
        add_wish(target_of(book, TARGET_HOOK, OUTBOX_HOOK, again.access),
            (struct wish){event->position, (uint64_t)again.from.value, (uint64_t)again.upto.value});
}

/* What was parked may have been so for the address. */
static void set_mail(struct book *book, const struct feed_event *event)
{
    struct mail_set set;
    if (!read_data(event, &set))
        return;
    struct target *target = target_of(book, TARGET_MAIL, OUTBOX_MAIL, set.office);
    (void)snprintf(target->address, sizeof target->address, "%.*s", TEXT_ARG(set.mail.address));
    target->language = set.mail.language;
    if (set.mail.address.len)
        add_wish(target, (struct wish){event->position, 0, 0});
}

/* ---- who gets it ---- */
static void add_mail(struct book *book, struct text office, uint64_t position)
{
    char name[OUTBOX_TARGET_MAX + 1];
    struct target *target;
    (void)snprintf(name, sizeof name, OUTBOX_MAIL "%.*s", TEXT_ARG(office));
    HASH_FIND_STR(book->targets, name, target);
    if (target && *target->address)
        add_fresh(target, position);
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

static bool hook_may(const struct facts *facts, const struct target *target, enum message message,
    const struct event *event)
{
    const struct department_access *access =
        departments_access(facts->departments, text_of(target->id));
    return access && access->state == ACCESS_GRANTED &&
           filter_wants(
               &target->filter, message, event->subject, facts_body(facts, event->subject)) &&
           shown_to_department(facts, access, message, event->subject);
}

bool book_may(const struct facts *facts, const struct target *target, enum message message,
    const struct event *event)
{
    return target->kind == TARGET_MAIL ? *target->address != '\0'
                                       : hook_may(facts, target, message, event);
}

void book_event(struct book *book, const struct facts *facts, const struct feed_event *event)
{
    for (struct target *target = book->targets; target; target = target->hh.next)
        if (target->kind == TARGET_HOOK && hook_may(facts, target, event->message, event->event))
            add_fresh(target, event->position);
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
