/* Few are open at a time, so a plain array is looked through. An office has one open hand-over at
 * most: when it changes hands again, nobody is left who could acknowledge the one before. */
#include "handovers.h"

#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>

#define DAY_MS INT64_C(86400000)

void handovers_free(struct handovers *handovers)
{
    free(handovers->at);
    *handovers = (struct handovers){0};
}

static void copy(char out[ID_MAX + 1], struct text id)
{
    int len = snprintf(out, ID_MAX + 1, "%.*s", TEXT_ARG(id));
    must(len > 0 && len <= ID_MAX);
}

static void drop(struct handovers *handovers, size_t place)
{
    size_t behind = --handovers->count - place;
    memmove(&handovers->at[place], &handovers->at[place + 1], behind * sizeof *handovers->at);
}

/* count when there is none. */
static size_t find(const struct handovers *handovers, struct text id)
{
    size_t place = 0;
    while (place < handovers->count && !text_is(id, handovers->at[place].id))
        place++;
    return place;
}

static void begin(
    struct handovers *handovers, const struct handover *handover, const struct happened *happened)
{
    for (size_t i = 0; i < handovers->count; i++)
        if (text_is(handover->office, handovers->at[i].office)) {
            drop(handovers, i);
            break;
        }
    if (handovers->count == handovers->room) {
        handovers->room = handovers->room ? 2 * handovers->room : 16;
        handovers->at = realloc(handovers->at, handovers->room * sizeof *handovers->at);
        must(handovers->at);
    }
    struct handover_open *entry = &handovers->at[handovers->count++];
    copy(entry->id, handover->id);
    copy(entry->office, handover->office);
    entry->since_ms = happened->at_ms;
}

void handovers_apply(struct handovers *handovers, const struct happened *happened)
{
    if (happened->message == MESSAGE_handover_opened) {
        begin(handovers, happened->record, happened);
        return;
    }
    bool begins = happened->message == MESSAGE_handover_begun;
    const struct handover_begun *begun = happened->record;
    const struct handover_acknowledge *acknowledged = happened->record;
    size_t place = find(handovers, begins ? begun->handover : acknowledged->handover);
    if (place == handovers->count)
        return; /* the office has changed hands again since */
    if (begins)
        handovers->at[place].since_ms = happened->at_ms;
    else
        drop(handovers, place);
}

void handovers_show(
    const struct handovers *handovers, struct text body, int64_t now_ms, struct body_view *ret_view)
{
    uint32_t most = sizeof ret_view->handovers.at / sizeof *ret_view->handovers.at, count = 0;
    for (size_t i = 0; i < handovers->count && count < most; i++) {
        const struct handover_open *entry = &handovers->at[i];
        struct text office = text_of(entry->office);
        if (!text_equal(office_read(office).body, body))
            continue;
        int64_t ms = now_ms > entry->since_ms ? now_ms - entry->since_ms : 0;
        ret_view->handovers.at[count++] = (struct body_handover){.handover = text_of(entry->id),
            .office = office,
            .since = {entry->since_ms, true},
            .days = {ms / DAY_MS, true}};
    }
    ret_view->handovers.head = (struct list_head){count, count > 0};
}

void handovers_digest(const struct handovers *handovers, struct buf *out)
{
    for (size_t i = 0; i < handovers->count; i++)
        buf_printf(out, "handover %s %s %ld\n", handovers->at[i].id, handovers->at[i].office,
            handovers->at[i].since_ms);
}
