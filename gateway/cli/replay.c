#include "replay.h"

#include "base/must.h"
#include "proof/base64.h"
#include "schema/pack.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define ENTRY_MAX (256u << 10)

void replay_open(struct replay *replay, int32_t zone_minutes)
{
    *replay = (struct replay){.roster = roster_new(),
        .keys = keys_new(),
        .bodies = bodies_new(),
        .tree = merkle_new(),
        .bytes = BUF(ENTRY_MAX)};
    must(replay->tree && buf_reserve(&replay->bytes, ENTRY_MAX));
    replay->judge = (struct judge){.roster = replay->roster,
        .keys = replay->keys,
        .bodies = replay->bodies,
        .tree = replay->tree,
        .zone_minutes = zone_minutes};
}

void replay_close(struct replay *replay)
{
    judge_free(&replay->judge);
    roster_free(replay->roster);
    keys_free(replay->keys);
    bodies_free(replay->bodies);
    merkle_free(replay->tree);
    buf_free(&replay->bytes);
    free(replay->record);
}

static enum err refuse(uint64_t position, const char *what, struct faults *why)
{
    char member[40];
    (void)snprintf(member, sizeof member, "entry %" PRIu64, position);
    return faults_add(why, ERR_INVALID, member, "%s", what);
}

static const char *count_withheld(struct replay *replay, struct text reason)
{
    replay->withheld_all++;
    for (size_t i = 0; i < REPLAY_REASONS; i++) {
        if (replay->withheld[i].count == 0)
            (void)snprintf(
                replay->withheld[i].why, sizeof replay->withheld[i].why, "%.*s", TEXT_ARG(reason));
        if (text_is(reason, replay->withheld[i].why)) {
            replay->withheld[i].count++;
            return NULL;
        }
    }
    return "is withheld for one reason too many";
}

static const char *fold(struct replay *replay, const struct happened *happened)
{
    const char *complaint = roster_apply(replay->roster, happened);
    if (!complaint)
        complaint = bodies_apply(replay->bodies, happened);
    judge_event(&replay->judge, happened);
    return complaint ? complaint : keys_apply(replay->keys, happened);
}

static const char *read_event(
    struct replay *replay, uint64_t position, struct text packed, struct faults *why)
{
    struct event event = {0};
    if (pack_read(event_record(), packed, PACK_SKIP, &event, why) != OK)
        return "is not readable as an event";
    enum message message = message_from_wire(event.type);
    if (!message || message_row(message)->kind != MESSAGE_EVENT)
        return "is an event of a kind that this program does not know; use a newer one";
    const struct record *record = message_row(message)->carries();
    if (record->size > replay->record_size) {
        free(replay->record);
        must(replay->record = malloc(record->size));
        replay->record_size = record->size;
    }
    memset(replay->record, 0, record->size);
    if (pack_read(record, event.data, PACK_SKIP, replay->record, why) != OK)
        return "has data that is not readable";
    const struct happened happened = {.message = message,
        .position = position,
        .at_ms = event.at.ms,
        .subject = event.subject,
        .about = event.about,
        .actor = event.actor,
        .data = event.data,
        .record = replay->record,
        .entry = packed};
    return fold(replay, &happened);
}

static const char *take(
    struct replay *replay, const struct record_entry *entry, uint64_t position, struct faults *why)
{
    struct digest leaf, now;
    size_t len;
    if ((uint64_t)entry->position.value != position)
        return "is not the one that comes next";
    if (!digest_from_hex(entry->leaf, &leaf))
        return "has no leaf hash";
    must(merkle_add(replay->tree, &leaf));
    if (!entry->packed.at == !entry->withheld.at)
        return "must either be there or say why it is withheld";
    if (entry->withheld.at)
        return count_withheld(replay, entry->withheld);
    if (!base64_read(BASE64_PADDED, entry->packed, replay->bytes.at, ENTRY_MAX, &len))
        return "is not base64";
    struct text packed = {replay->bytes.at, len};
    now = merkle_leaf(packed);
    if (!digest_equal(&leaf, &now))
        return "is not what its leaf hash says: it was changed";
    return read_event(replay, position, packed, why);
}

enum err replay_line(struct replay *replay, struct text line, struct faults *why)
{
    JSON_CLEANUP struct json_document document = {0};
    struct record_entry entry = {0};
    uint64_t position = merkle_size(replay->tree) + 1;
    if (json_read(record_entry_record(), line, &document, &entry, why) != OK)
        return refuse(position, "is not readable", why);
    const char *complaint = take(replay, &entry, position, why);
    return complaint ? refuse(position, complaint, why) : OK;
}
