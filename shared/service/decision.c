/* Events collect in one buffer that is used again for every command; places in it are kept as
 * offsets, because the buffer moves while it grows. */
#include "service/decision.h"

#include "base/must.h"

#include <stdlib.h>

#define DECISION_MAX (64u * 1024u * 1024u)

struct item {
    enum message event; /* MESSAGE_UNSET: relied on only */
    size_t subject, about, data, end;
};

struct decision {
    struct buf bytes;
    struct item *items; /* events */
    size_t count, room;
    struct item *relied;
    size_t relied_count, relied_room;
    char thing[ID_MAX + 1];
    bool event_too_large;
};

struct decision *decision_new(void)
{
    struct decision *decision = calloc(1, sizeof *decision);
    must(decision);
    decision->bytes = BUF(DECISION_MAX);
    return decision;
}

void decision_free(struct decision *decision)
{
    if (!decision)
        return;
    buf_free(&decision->bytes);
    free(decision->items);
    free(decision->relied);
    free(decision);
}

void decision_clear(struct decision *decision)
{
    buf_clear(&decision->bytes);
    decision->count = decision->relied_count = 0;
    decision->thing[0] = '\0';
    decision->event_too_large = false;
}

static struct item *push(struct item **items, size_t *count, size_t *room)
{
    if (*count == *room) {
        *room = *room ? *room * 2 : 16;
        *items = realloc(*items, *room * sizeof **items);
        must(*items);
    }
    return &(*items)[(*count)++];
}

void decision_id(struct decision *decision, struct text id)
{
    must(id.len > 0 && id.len <= ID_MAX);
    memcpy(decision->thing, id.at, id.len);
    decision->thing[id.len] = '\0';
}

void decision_add(struct decision *decision, enum message event, struct text subject,
    struct text about, const void *record)
{
    const struct message_row *row = message_row(event);
    must(row->kind == MESSAGE_EVENT);
    must(subject.len > 0 && subject.len <= ID_MAX && about.len > 0 && about.len <= ID_MAX);
    struct buf *bytes = &decision->bytes;
    struct item *item = push(&decision->items, &decision->count, &decision->room);
    item->event = event;
    item->subject = bytes->len;
    buf_text(bytes, subject);
    item->about = bytes->len;
    buf_text(bytes, about);
    item->data = bytes->len;
    pack_write(row->carries(), record, bytes);
    item->end = bytes->len;
    if (item->end - item->data > DECISION_EVENT_MAX)
        decision->event_too_large = true;
}

void decision_expect(struct decision *decision, struct text subject)
{
    must(subject.len > 0 && subject.len <= ID_MAX);
    struct item *item = push(&decision->relied, &decision->relied_count, &decision->relied_room);
    *item = (struct item){.subject = decision->bytes.len};
    buf_text(&decision->bytes, subject);
    item->about = item->data = item->end = decision->bytes.len;
}

static struct text between(const struct decision *decision, size_t from, size_t to)
{
    return (struct text){decision->bytes.at + from, to - from};
}

struct text decision_thing(const struct decision *decision)
{
    return text_of(decision->thing);
}

size_t decision_count(const struct decision *decision)
{
    return decision->count;
}

struct decided decision_event(const struct decision *decision, size_t index)
{
    must(index < decision->count);
    const struct item *item = &decision->items[index];
    return (struct decided){.event = item->event,
        .subject = between(decision, item->subject, item->about),
        .about = between(decision, item->about, item->data),
        .data = between(decision, item->data, item->end)};
}

size_t decision_relied_count(const struct decision *decision)
{
    return decision->relied_count;
}

struct text decision_relied(const struct decision *decision, size_t index)
{
    must(index < decision->relied_count);
    const struct item *item = &decision->relied[index];
    return between(decision, item->subject, item->about);
}

const char *decision_complaint(const struct decision *decision)
{
    if (decision->event_too_large)
        return "one of the events it makes is over 64 KiB: shorten its texts";
    if (decision->bytes.full)
        return "it makes over 64 MiB of events: split it";
    return NULL;
}
