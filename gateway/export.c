#include "export.h"

#include "base/must.h"
#include "schema/csv.h"
#include "schema/json.h"
#include "schema/pack.h"

#include <stdio.h>
#include <stdlib.h>

#define LINES_MAX (32u << 20) /* of one page */
#define NEXT_MAX  1024
#define BLOCK     (size_t)(64 * 1024)

struct export
{
    struct exchange *exchange;
    struct buf query; /* the packed record */
    struct buf lines; /* of the page that is leaving */
    size_t sent;
    bool asked;
    bool more;
    size_t next_len;
    char next[NEXT_MAX];
};

static void export_free(void *work)
{
    struct export *export = work;
    buf_free(&export->query);
    buf_free(&export->lines);
    free(export);
}

void export_begin(struct exchange *exchange, const void *record)
{
    struct export *export = calloc(1, sizeof *export);
    must(export);
    export->exchange = exchange;
    export->query = BUF(BUS_FRAME_MAX);
    export->lines = BUF(LINES_MAX);
    pack_write(route_carries(exchange->match.route), record, &export->query);
    exchange->work = export;
    exchange->work_free = export_free;
}

static bool ask_next(struct export *export)
{
    struct exchange *exchange = export->exchange;
    struct gateway *gateway = exchange->gateway;
    const struct record *carries = route_carries(exchange->match.route);
    size_t hint = 0;
    const struct slot *after = record_find(carries, TEXT_LITERAL("after"), &hint);
    faults_clear(&gateway->why);
    if (!after || pack_read_trusted(
                      carries, buf_as_text(&export->query), gateway->record, &gateway->why) != OK)
        return false;
    *(struct text *)slot_at(after, gateway->record) = (struct text){export->next, export->next_len};
    return pages_ask(exchange, gateway->record);
}

/* Called by the library when the reader can take more. */
static ssize_t on_read(void *owner, uint64_t position, char *out, size_t most)
{
    (void)position;
    struct export *export = owner;
    struct exchange *exchange = export->exchange;
    if (exchange->aborted)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    size_t left = export->lines.len - export->sent;
    if (left) {
        size_t now = left < most ? left : most;
        memcpy(out, export->lines.at + export->sent, now);
        export->sent += now;
        return (ssize_t)now;
    }
    if (!export->more)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (!export->asked && !ask_next(export))
        return MHD_CONTENT_READER_END_WITH_ERROR;
    export->asked = true;
    exchange->suspended = true;
    MHD_suspend_connection(exchange->connection);
    return 0;
}

static bool write_lines(struct export *export, const struct page *page)
{
    struct exchange *exchange = export->exchange;
    const struct record *record = route_answers(exchange->match.route);
    buf_clear(&export->lines);
    export->sent = 0;
    if (exchange->media == MEDIA_CSV && !exchange->streaming)
        csv_write_header(record, &export->lines);
    for (size_t i = 0; i < page->count; i++) {
        bool fine = exchange->media == MEDIA_CSV
                        ? csv_write(record, page->items[i], &export->lines)
                        : json_write(record, page->items[i], &export->lines);
        if (!fine)
            return false;
        if (exchange->media == MEDIA_NDJSON)
            buf_char(&export->lines, '\n');
    }
    return !export->lines.full;
}

/* The name of the file: the last word of the path that is not the name of a thing. */
static void add_file_name(struct exchange *exchange)
{
    struct text rest = text_of(exchange->match.route->pattern), name = {0};
    while (rest.at) {
        struct text word = text_cut(rest, '/', &rest);
        if (word.len && word.at[0] != '{')
            name = word;
    }
    char text[128];
    (void)snprintf(text, sizeof text, "attachment; filename=\"%.*s.%s\"", TEXT_ARG(name),
        media_format(exchange->media));
    exchange_header(exchange, MHD_HTTP_HEADER_CONTENT_DISPOSITION, text);
}

static void begin_stream(struct export *export)
{
    struct exchange *exchange = export->exchange;
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, on_read, export, NULL);
    must(response);
    exchange_answer_stream(exchange, response);
    exchange_header(exchange, MHD_HTTP_HEADER_CONTENT_TYPE, media_type(exchange->media));
    exchange_header(exchange, MHD_HTTP_HEADER_CACHE_CONTROL, "private, no-cache");
    exchange_header(exchange, MHD_HTTP_HEADER_VARY, EXCHANGE_VARY);
    add_file_name(exchange);
}

void export_deliver(struct exchange *exchange, const struct page *page)
{
    struct export *export = exchange->work;
    bool fine = write_lines(export, page) && page->next.len <= NEXT_MAX;
    export->asked = false;
    export->more = page->next.len > 0;
    export->next_len = fine ? page->next.len : 0;
    if (export->next_len)
        memcpy(export->next, page->next.at, export->next_len);
    if (exchange->streaming)
        exchange->aborted |= !fine;
    else if (!fine)
        exchange_refuse_with(
            exchange, ERR_INTERNAL, "the service answered in another form than agreed");
    else
        begin_stream(export);
}
