#include "describe.h"

#include "base/must.h"
#include "body.h"
#include "components.h"
#include "kinds.h"
#include "media.h"
#include "routes.h"
#include "schemas.h"

#include <stdio.h>

static void write_info(struct outline *outline)
{
    outline_text(outline, "openapi", "3.1.0");
    outline_open(outline, "info", '{');
    outline_text(outline, "title", "Misaq");
    outline_text(outline, "version", "1");
    outline_text(outline, "description",
        "What each body of a government promises, as one ledger remembers it. Numbers have at most "
        "15 digits and three decimals. As MessagePack (application/vnd.msgpack) records are maps "
        "with the same names; decimals are whole thousandths there, moments whole milliseconds.");
    outline_close(outline, '}');
    outline_open(outline, "security", '[');
    static const char *const schemes[] = {"cookie", "bearer"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        outline_open(outline, NULL, '{');
        outline_open(outline, schemes[i], '[');
        outline_close(outline, ']');
        outline_close(outline, '}');
    }
    outline_open(outline, NULL, '{'); /* the public */
    outline_close(outline, '}');
    outline_close(outline, ']');
}

static void write_parameter(struct outline *outline, const char *name, const char *in,
    bool required, const struct field *field)
{
    outline_open(outline, NULL, '{');
    outline_text(outline, "name", name);
    outline_text(outline, "in", in);
    if (required)
        outline_flag(outline, "required", true);
    outline_open(outline, "schema", '{');
    schemas_field(outline, field);
    outline_close(outline, '}');
    outline_close(outline, '}');
}

/* The next {name} of a pattern, or an absent text. */
static struct text next_brace(struct text *pattern)
{
    size_t open = text_find(*pattern, '{');
    if (open == pattern->len)
        return (struct text){0};
    struct text rest = {pattern->at + open + 1, pattern->len - open - 1};
    return text_cut(rest, '}', pattern);
}

/* The names in the braces of a pattern, comma between. */
static void names_in_path(const char *pattern, char out[ID_MAX * ROUTE_VALUES_MAX])
{
    struct buf names = {.at = out, .room = ID_MAX, .max = ID_MAX};
    struct text rest = text_of(pattern), name;
    while ((name = next_brace(&rest)).at) {
        if (names.len)
            buf_char(&names, ',');
        buf_text(&names, name);
    }
    out[names.len] = '\0';
}

static void write_path_parameters(struct outline *outline, const struct route *route)
{
    static const struct field word = {.name = "word",
        .kind = FIELD_ID,
        .needed = REQUIRED,
        .most = ID_MAX,
        .sentence = "Word of the problem"};
    const struct record *carries = route_carries(route);
    struct text rest = text_of(route->pattern), name;
    while ((name = next_brace(&rest)).at) {
        size_t hint = 0;
        const struct slot *slot = carries ? record_find(carries, name, &hint) : NULL;
        const struct field *field = slot ? slot->field : &word;
        write_parameter(outline, field->name, "path", true, field);
    }
}

static void write_query_parameters(struct outline *outline, const struct route *route)
{
    char in_path[ID_MAX * ROUTE_VALUES_MAX];
    names_in_path(route->pattern, in_path);
    const struct record *carries = route_carries(route);
    const struct slots *slots = record_slots(carries);
    for (size_t i = 0; i < slots->count; i++) {
        const struct field *field = slots->at[i].field;
        bool paging = strcmp(field->name, "limit") == 0 || strcmp(field->name, "after") == 0;
        if (strcmp(in_path, field->name) != 0 && (!paging || route_many(route)))
            write_parameter(outline, field->name, "query", field->needed == REQUIRED, field);
    }
    if (route->message && route->method == METHOD_GET)
        outline_ref(outline, NULL, "parameters", "at");
}

/* A body that is no record leaves the members to the query. */
static bool has_query(const struct route *route)
{
    return route_carries(route) && !(body_media(route) & MEDIA_BIT(MEDIA_JSON));
}

/* What a request says in its header, besides what every request says. */
static void write_header_parameters(struct outline *outline, const struct route *route)
{
    bool command = route->message && message_row(route->message)->kind == MESSAGE_COMMAND;
    if (route->own != OWN_SIGN_IN)
        outline_ref(outline, NULL, "parameters", "Misaq-Office");
    if (route->own == OWN_EVIDENCE_PUT)
        outline_ref(outline, NULL, "parameters", "Content-Digest");
    if (command) {
        outline_ref(outline, NULL, "parameters", "Idempotency-Key");
        outline_ref(outline, NULL, "parameters", "If-Match");
    } else if (route->message && route->method == METHOD_GET && !route_many(route)) {
        outline_ref(outline, NULL, "parameters", "If-None-Match");
    }
}

/* Whether all of a list can be had as lines. */
static bool has_lines(const struct route *route)
{
    return route_many(route) && route->method == METHOD_GET;
}

static void write_parameters(struct outline *outline, const struct route *route)
{
    bool speaks = route_carries(route) || route_answers(route) || route->own == OWN_SIGN_OUT;
    if (!speaks && !strchr(route->pattern, '{'))
        return;
    outline_open(outline, "parameters", '[');
    write_path_parameters(outline, route);
    if (has_query(route))
        write_query_parameters(outline, route);
    if (route_answers(route))
        outline_ref(outline, NULL, "parameters", has_lines(route) ? "format_list" : "format");
    if (speaks)
        write_header_parameters(outline, route);
    outline_close(outline, ']');
}

static void write_bytes(struct outline *outline, const char *media)
{
    outline_open(outline, media, '{');
    outline_open(outline, "schema", '{');
    outline_close(outline, '}');
    outline_close(outline, '}');
}

static void write_file_body(struct outline *outline)
{
    outline_open(outline, "requestBody", '{');
    outline_flag(outline, "required", true);
    outline_open(outline, "content", '{');
    for (size_t i = 0; kinds_at(i); i++)
        write_bytes(outline, kinds_at(i)->media);
    outline_close(outline, '}');
    outline_close(outline, '}');
}

static void write_body(struct outline *outline, const struct route *route)
{
    if (route->own == OWN_EVIDENCE_PUT) {
        write_file_body(outline);
        return;
    }
    if (route->method == METHOD_GET || route->method == METHOD_DELETE || !route_carries(route))
        return;
    char in_path[ID_MAX * ROUTE_VALUES_MAX];
    names_in_path(route->pattern, in_path);
    const struct record *carries = route_carries(route);
    bool csv = body_media(route) & MEDIA_BIT(MEDIA_CSV);
    outline_open(outline, "requestBody", '{');
    if (csv)
        outline_text(outline, "description", message_row(route->message)->rows()->sentence);
    outline_open(outline, "content", '{');
    for (enum media m = MEDIA_JSON; m < MEDIA_COUNT; m++) {
        if (!(body_media(route) & MEDIA_BIT(m)))
            continue;
        outline_open(outline, csv ? "text/csv" : media_type(m), '{');
        if (csv)
            outline_ref(outline, "schema", "schemas", message_row(route->message)->rows()->name);
        else
            schemas_record(outline, "schema", carries, text_of(in_path));
        outline_close(outline, '}');
    }
    outline_close(outline, '}');
    outline_close(outline, '}');
}

static void write_header_refs(struct outline *outline, const struct route *route)
{
    outline_open(outline, "headers", '{');
    if (has_lines(route))
        outline_ref(outline, "Link", "headers", "Link");
    else if (!route_many(route))
        outline_ref(outline, "ETag", "headers", "ETag");
    outline_ref(outline, "Misaq-Position", "headers", "Misaq-Position");
    if (route->status == 201)
        outline_ref(outline, "Location", "headers", "Location");
    if (route->own == OWN_SIGN_IN || route->own == OWN_RENEW)
        outline_ref(outline, "Set-Cookie", "headers", "Set-Cookie");
    outline_close(outline, '}');
}

static void write_list_schema(struct outline *outline, const char *item)
{
    outline_open(outline, "schema", '{');
    outline_text(outline, "type", "object");
    outline_open(outline, "properties", '{');
    outline_open(outline, "items", '{');
    outline_text(outline, "type", "array");
    outline_ref(outline, "items", "schemas", item);
    outline_close(outline, '}');
    outline_open(outline, "total", '{');
    outline_text(outline, "type", "integer");
    outline_text(outline, "description", "How many there are on all pages");
    outline_close(outline, '}');
    outline_open(outline, "next", '{');
    outline_text(outline, "type", "string");
    outline_text(
        outline, "description", "The parameter `after` of the next page; absent on the last");
    outline_close(outline, '}');
    outline_close(outline, '}');
    outline_open(outline, "required", '[');
    outline_text(outline, NULL, "items");
    outline_close(outline, ']');
    outline_close(outline, '}');
}

static void write_record_content(struct outline *outline, const struct route *route)
{
    const struct record *answers = route_answers(route);
    outline_open(outline, "content", '{');
    for (enum media m = MEDIA_JSON; m < MEDIA_COUNT; m++) {
        bool lines = m == MEDIA_CSV || m == MEDIA_NDJSON;
        bool stream = m == MEDIA_EVENTS;
        if ((lines && !has_lines(route)) || (stream && route->own != OWN_EVENTS))
            continue;
        outline_open(outline, m == MEDIA_CSV ? "text/csv" : media_type(m), '{');
        if (route_many(route) && !lines && !stream)
            write_list_schema(outline, answers->name);
        else
            outline_ref(outline, "schema", "schemas", answers->name);
        outline_close(outline, '}');
    }
    outline_close(outline, '}');
}

static void write_raw_content(struct outline *outline, const struct route *route)
{
    outline_open(outline, "content", '{');
    outline_open(outline, route->raw, '{');
    outline_open(outline, "schema", '{');
    if (strcmp(route->raw, media_type(MEDIA_JSON)) != 0)
        outline_text(outline, "type", "string");
    outline_close(outline, '}');
    outline_close(outline, '}');
    outline_close(outline, '}');
}

static void write_good_response(struct outline *outline, const struct route *route)
{
    char status[4];
    const struct record *answers = route_answers(route);
    (void)snprintf(status, sizeof status, "%u", (unsigned)route->status % 1000);
    outline_open(outline, status, '{');
    outline_text(outline, "description", answers ? answers->sentence : route_sentence(route));
    if (answers || route->raw)
        write_header_refs(outline, route);
    if (route->own == OWN_EVIDENCE_FILE) {
        outline_open(outline, "content", '{');
        write_bytes(outline, "application/octet-stream");
        outline_close(outline, '}');
    }
    if (route->raw)
        write_raw_content(outline, route);
    else if (answers)
        write_record_content(outline, route);
    outline_close(outline, '}');
    if (route->message && route->method == METHOD_GET && !route_many(route)) {
        outline_open(outline, "304", '{');
        outline_text(outline, "description", "You have this version already");
        outline_close(outline, '}');
    }
}

static void write_roles(struct outline *outline, const struct route *route)
{
    const struct choices *roles = role_choices();
    if (route_may(route) == UINT32_MAX)
        return;
    outline_open(outline, "x-roles", '[');
    for (uint32_t i = 1; i <= roles->count; i++)
        if (route_may(route) >> i & 1u)
            outline_text(outline, NULL, roles->words[i]);
    outline_close(outline, ']');
}

/* A name for programs: the wire name of the message, and with the member of the path where an
 * earlier path leads to the same message. What the gateway answers itself is named by its path, and
 * by its method where that is not GET. */
static void write_operation_id(struct outline *outline, const struct route *route)
{
    char in_path[ID_MAX * ROUTE_VALUES_MAX];
    BUF_CLEANUP struct buf id = BUF(256);
    if (!route->message && route->method != METHOD_GET)
        buf_printf(&id, "%s:", method_word(route->method));
    buf_str(&id, route->message ? message_row(route->message)->wire : route->pattern + 1);
    names_in_path(route->pattern, in_path);
    for (size_t i = 0; route->message && route_at(i) != route; i++)
        if (route_at(i)->message == route->message)
            buf_printf(&id, ".%s", in_path);
    buf_char(&id, '\0');
    outline_text(outline, "operationId", id.at);
}

static void write_operation(struct outline *outline, const struct route *route)
{
    static const char *const names[METHOD_COUNT] = {"", "get", "post", "put", "delete"};
    outline_open(outline, names[route->method], '{');
    write_operation_id(outline, route);
    outline_text(outline, "summary", route_sentence(route));
    if (route->own == OWN_SIGN_IN) { /* a token would not be looked at */
        outline_open(outline, "security", '[');
        outline_close(outline, ']');
    }
    write_roles(outline, route);
    write_parameters(outline, route);
    write_body(outline, route);
    outline_open(outline, "responses", '{');
    write_good_response(outline, route);
    outline_ref(outline, "default", "responses", "problem");
    outline_close(outline, '}');
    outline_close(outline, '}');
}

static bool is_first_of_path(size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(route_at(i)->pattern, route_at(index)->pattern) == 0)
            return false;
    return true;
}

static void write_paths(struct outline *outline)
{
    outline_open(outline, "paths", '{');
    for (size_t i = 0; route_at(i); i++) {
        if (!is_first_of_path(i))
            continue;
        outline_open(outline, route_at(i)->pattern, '{');
        for (size_t j = i; route_at(j); j++)
            if (strcmp(route_at(j)->pattern, route_at(i)->pattern) == 0)
                write_operation(outline, route_at(j));
        outline_close(outline, '}');
    }
    outline_close(outline, '}');
}

void describe_openapi(struct buf *out)
{
    struct outline outline = {.out = out};
    outline_open(&outline, NULL, '{');
    write_info(&outline);
    write_paths(&outline);
    components_write(&outline);
    outline_close(&outline, '}');
    buf_char(out, '\n');
    must(!out->full);
}
