/* Events of the ledger read for a service's apply(). What cannot be read stops the fold: a service
 * that has skipped an event would decide on a history that nobody wrote. */
#include "service/runtime.h"

#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>

static size_t largest_record(void)
{
    size_t largest = 0;
    const struct record *record;
    for (size_t i = 0; (record = record_at(i)); i++)
        if (record->size > largest)
            largest = record->size;
    must(largest > 0);
    return largest;
}

void folder_open(struct folder *folder)
{
    folder->record = malloc(largest_record());
    must(folder->record);
}

void folder_close(struct folder *folder)
{
    free(folder->record);
    folder->record = NULL;
}

/* The same few types come again and again: most are found at the first look. */
static enum message message_of(struct folder *folder, struct text type)
{
    unsigned hash = (unsigned)type.len;
    for (size_t i = 0; i < type.len; i++)
        hash = hash * 31 + (unsigned char)type.at[i];
    enum message *memo = &folder->memo[hash % (sizeof folder->memo / sizeof *folder->memo)];
    if (*memo == MESSAGE_UNSET || !text_is(type, message_row(*memo)->wire))
        *memo = message_from_wire(type);
    return *memo;
}

static bool is_id(struct text id)
{
    return id.len > 0 && id.len <= ID_MAX;
}

static const char *complain(struct folder *folder, const char *what)
{
    const struct fault *first = &folder->why.kept[0];
    (void)snprintf(folder->complaint, sizeof folder->complaint, "%s (%s%s%s); restore the ledger",
        what, first->member, *first->member ? ": " : "", first->detail);
    return folder->complaint;
}

const char *folder_read(
    struct folder *folder, struct text packed, struct event *ret_event, enum message *ret_message)
{
    faults_clear(&folder->why);
    if (pack_read_trusted(event_record(), packed, ret_event, &folder->why) != OK)
        return complain(folder, "it is not readable as an event");
    if (!is_id(ret_event->type) || !is_id(ret_event->subject) || !is_id(ret_event->about)) {
        faults_add(
            &folder->why, ERR_INVALID, "", "type, subject and about are 1 to %d bytes", ID_MAX);
        return complain(folder, "it does not name what happened");
    }
    enum message message = message_of(folder, ret_event->type);
    bool known = message != MESSAGE_UNSET && message_row(message)->kind == MESSAGE_EVENT;
    *ret_message = known ? message : MESSAGE_UNSET;
    folder->happened = (struct happened){.message = *ret_message,
        .at_ms = ret_event->at.ms,
        .subject = ret_event->subject,
        .about = ret_event->about,
        .actor = ret_event->actor,
        .data = ret_event->data,
        .entry = packed};
    return NULL;
}

const char *folder_complete(struct folder *folder, uint64_t position, uint64_t version)
{
    struct happened *happened = &folder->happened;
    faults_clear(&folder->why);
    const struct record *record = message_row(happened->message)->carries();
    if (pack_read_trusted(record, happened->data, folder->record, &folder->why) != OK)
        return complain(folder, "its data is not readable");
    happened->position = position;
    happened->version = version;
    happened->record = folder->record;
    return NULL;
}
