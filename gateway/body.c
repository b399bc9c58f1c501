#include "body.h"

#include "schema/csv.h"
#include "schema/json.h"
#include "schema/pack.h"

#include <stdlib.h>

/* The record whose frames follow the carried one; `nothing` says there are none. */
static const struct record *rows_of(const struct route *route)
{
    if (!route->message)
        return NULL;
    const struct message_row *row = message_row(route->message);
    return row->kind == MESSAGE_COMMAND && row->rows() != nothing_record() ? row->rows() : NULL;
}

uint32_t body_media(const struct route *route)
{
    if (route->method == METHOD_GET || !route_carries(route) || route->own == OWN_EVIDENCE_PUT)
        return 0;
    return rows_of(route) ? MEDIA_BIT(MEDIA_CSV) : MEDIA_BIT(MEDIA_JSON) | MEDIA_BIT(MEDIA_MSGPACK);
}

static enum err end_frame(struct frames *out, uint32_t line, struct faults *why)
{
    size_t start = out->count ? out->ends[out->count - 1] : 0;
    if (out->bytes.full || out->bytes.len - start > BUS_FRAME_MAX)
        return faults_add(
            why, ERR_TOO_LARGE, "", "what is to be sent on is larger than %u bytes", BUS_FRAME_MAX);
    frames_end(out, line);
    return OK;
}

/* fixmap, map 16 or map 32 of the MessagePack specification. */
static bool is_map(struct text packed)
{
    unsigned char first = (unsigned char)packed.at[0];
    return (first & 0xF0) == 0x80 || first == 0xDE || first == 0xDF;
}

/* The body's members behind those of the path, as one map: so the reader of records finds a member
 * that comes twice, whichever side it came from. */
static enum err read_msgpack(
    const struct record *carries, struct text body, void *record, struct faults *why)
{
    const char *complaint = pack_complaint(body);
    if (complaint)
        return faults_add(why, ERR_BAD_INPUT, "", "the MessagePack %s", complaint);
    if (!is_map(body))
        return faults_add(why, ERR_INVALID, "", "the MessagePack is not a map");
    uint32_t pairs = 0;
    struct text inside = pack_inside(body, &pairs);
    static struct buf joined = {.max = BUS_MESSAGE_MAX}; /* the texts of the record stand in it */
    buf_clear(&joined);
    pack_map(&joined, pack_pairs(carries, record) + pairs);
    pack_fields(carries, record, &joined);
    buf_text(&joined, inside);
    if (joined.full)
        return faults_add(why, ERR_TOO_LARGE, "", "the MessagePack is too large");
    return pack_read(carries, buf_as_text(&joined), PACK_REFUSE, record, why);
}

struct rows {
    const struct record *record;
    struct frames *out;
};

static void on_row(void *owner, void *value, struct faults *why)
{
    struct rows *rows = owner;
    pack_write(rows->record, value, &rows->out->bytes);
    (void)!end_frame(rows->out, why->line, why);
}

enum err body_read(const struct route *route, enum media media, struct text body, void *record,
    struct frames *out, struct faults *why)
{
    const struct record *carries = route_carries(route);
    const struct record *rows_record = route->method == METHOD_GET ? NULL : rows_of(route);
    JSON_CLEANUP struct json_document document = {0};
    enum err err = OK;
    if (media == MEDIA_JSON)
        err = json_read(carries, body, &document, record, why);
    else if (media == MEDIA_MSGPACK)
        err = read_msgpack(carries, body, record, why);
    else
        err = record_check(carries, record, why);
    if (err != OK)
        return err;
    pack_write(carries, record, &out->bytes);
    err = end_frame(out, 0, why);
    if (err != OK || !rows_record)
        return err;
    if (media != MEDIA_CSV)
        return faults_add(why, ERR_BAD_INPUT, "", "a CSV file is needed as the body");
    struct rows rows = {rows_record, out};
    return csv_read(rows_record, body, FRAMES_ROWS_MAX, on_row, &rows, why);
}

static uint32_t column_of(struct text csv, struct text member)
{
    struct text header = {csv.at, text_find(csv, '\n')};
    for (uint32_t column = 1; header.at; column++) {
        struct text name = text_cut(header, ',', &header);
        if (name.len > 1 && name.at[0] == '"')
            name = (struct text){name.at + 1, name.len - 2};
        if (text_equal(name, member))
            return column;
    }
    return 0;
}

void body_place_faults(struct text csv, const uint32_t *lines, size_t row_count, struct faults *why)
{
    for (uint32_t i = 0; i < faults_kept(why); i++) {
        struct fault *fault = &why->kept[i];
        struct text rest, name, part = text_cut(text_of(fault->member), '/', &rest);
        uint64_t row;
        if (!text_is(part, "rows") || !rest.at)
            continue;
        part = text_cut(rest, '/', &rest);
        if (row_count == 0 || !text_whole(part, row_count - 1, &row))
            continue;
        fault->line = lines[row];
        name = text_cut(rest, '/', &rest);
        if (name.len)
            fault->column = column_of(csv, name);
    }
}
