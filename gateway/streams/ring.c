#include "ring.h"

#include "base/must.h"
#include "schema/pack.h"
#include "view.h"

#include <inttypes.h>
#include <stdlib.h>

#define SLOTS    (size_t)65536 /* a power of two */
#define TEXT_MAX (1u << 20)

/* The bytes of a slot: the entry, then the body; the text has its own. */
struct slot_of_ring {
    struct recent recent;
    char *bytes;
    size_t size, packed_len;
    char *text;
    size_t text_len, json_at;
    bool unreadable;
};

struct ring {
    struct slot_of_ring slots[SLOTS];
    uint64_t first, last; /* first > last: empty */
    uint64_t bytes, bytes_max;
};

struct ring *ring_new(uint64_t bytes_max)
{
    struct ring *ring = calloc(1, sizeof *ring);
    must(ring);
    ring->bytes_max = bytes_max;
    ring->first = 1;
    return ring;
}

static struct slot_of_ring *slot_at_position(struct ring *ring, uint64_t position)
{
    return &ring->slots[position % SLOTS];
}

static void drop_first(struct ring *ring)
{
    struct slot_of_ring *slot = slot_at_position(ring, ring->first++);
    ring->bytes -= slot->size + slot->text_len;
    free(slot->bytes);
    free(slot->text);
    memset(slot, 0, sizeof *slot);
}

void ring_free(struct ring *ring)
{
    if (!ring)
        return;
    while (ring->first <= ring->last)
        drop_first(ring);
    free(ring);
}

/* The same text within the copy of the bytes that it was borrowed from. */
static struct text moved(struct text text, struct text from, const char *to)
{
    return text.at ? (struct text){to + (text.at - from.at), text.len} : text;
}

void ring_add(struct ring *ring, const struct feed_event *event, struct text body)
{
    must(event->position == ring->last + 1);
    while (ring->first <= ring->last && (ring->bytes + event->packed.len > ring->bytes_max ||
                                            ring->last - ring->first >= SLOTS - 1))
        drop_first(ring);
    struct slot_of_ring *slot = slot_at_position(ring, event->position);
    const struct event *told = event->event;
    *slot = (struct slot_of_ring){.size = event->packed.len, .packed_len = event->packed.len};
    slot->bytes = malloc(slot->size);
    must(slot->bytes);
    memcpy(slot->bytes, event->packed.at, event->packed.len);
    slot->recent = (struct recent){.position = event->position,
        .message = event->message,
        .type = moved(told->type, event->packed, slot->bytes),
        .subject = moved(told->subject, event->packed, slot->bytes)};
    /* A body is the beginning of its subject. */
    if (body.at)
        slot->recent.body = (struct text){slot->recent.subject.at, body.len};
    ring->bytes += slot->size;
    ring->last = event->position;
}

uint64_t ring_first(const struct ring *ring)
{
    return ring->first;
}

uint64_t ring_last(const struct ring *ring)
{
    return ring->last;
}

const struct recent *ring_at(const struct ring *ring, uint64_t position)
{
    bool kept = position >= ring->first && position <= ring->last;
    return kept ? &ring->slots[position % SLOTS].recent : NULL;
}

bool ring_write(uint64_t position, const struct event *event, struct buf *out, size_t *ret_json)
{
    size_t before = out->len;
    buf_printf(out, "id: %" PRIu64 "\nevent: %.*s\ndata: ", position, TEXT_ARG(event->type));
    *ret_json = out->len;
    bool fine = view_json(position, event, out);
    buf_str(out, "\n\n");
    if (!fine || out->full)
        out->len = before;
    return fine && !out->full;
}

static void write_text(struct ring *ring, struct slot_of_ring *slot)
{
    static struct faults why;
    struct event event;
    struct buf text = BUF(TEXT_MAX);
    struct text packed = {slot->bytes, slot->packed_len};
    faults_clear(&why);
    slot->unreadable = pack_read_trusted(event_record(), packed, &event, &why) != OK ||
                       !ring_write(slot->recent.position, &event, &text, &slot->json_at);
    if (!slot->unreadable)
        slot->text = buf_take(&text, &slot->text_len);
    buf_free(&text);
    ring->bytes += slot->text_len;
}

struct text ring_text(struct ring *ring, uint64_t position)
{
    must(ring_at(ring, position));
    struct slot_of_ring *slot = slot_at_position(ring, position);
    if (!slot->text && !slot->unreadable)
        write_text(ring, slot);
    return (struct text){slot->text, slot->text_len};
}

struct text ring_json(struct ring *ring, uint64_t position)
{
    struct text text = ring_text(ring, position);
    size_t before = slot_at_position(ring, position)->json_at;
    return text.at ? (struct text){text.at + before, text.len - before - 2} : text;
}
