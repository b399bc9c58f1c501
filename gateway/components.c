#include "components.h"

#include "cookies.h"
#include "media.h"
#include "problem.h"
#include "routes.h"
#include "schemas.h"

static void header(struct outline *outline, const char *name, const char *type, const char *about)
{
    outline_open(outline, name, '{');
    outline_text(outline, "description", about);
    outline_open(outline, "schema", '{');
    outline_text(outline, "type", type);
    outline_close(outline, '}');
    outline_close(outline, '}');
}

static void write_headers(struct outline *outline)
{
    outline_open(outline, "headers", '{');
    header(
        outline, "ETag", "string", "Version of the thing in quotes: for If-Match, If-None-Match");
    header(outline, "Link", "string", "rel=\"next\": the next page, with the same filters");
    header(outline, "Location", "string", "Path of what was made");
    header(outline, "Set-Cookie", "string",
        COOKIE_SESSION ": the token, for browsers; " COOKIE_DEVICE ": the mark of this browser");
    header(
        outline, "Misaq-Position", "integer", "Position up to which the answer knows the ledger");
    outline_close(outline, '}');
}

static void begin_parameter(
    struct outline *outline, const char *key, const char *name, const char *in, const char *about)
{
    outline_open(outline, key, '{');
    outline_text(outline, "name", name);
    outline_text(outline, "in", in);
    outline_text(outline, "description", about);
    outline_open(outline, "schema", '{');
    outline_text(outline, "type", "string");
}

static void end_parameter(struct outline *outline)
{
    outline_close(outline, '}');
    outline_close(outline, '}');
}

static void write_formats(struct outline *outline, const char *key, enum media last)
{
    begin_parameter(outline, key, "format", "query",
        last == MEDIA_NDJSON ? "Instead of Accept; csv and ndjson hold all pages as one stream"
                             : "Instead of Accept");
    outline_open(outline, "enum", '[');
    for (enum media m = MEDIA_JSON; m <= last; m++)
        outline_text(outline, NULL, media_format(m));
    outline_close(outline, ']');
    end_parameter(outline);
}

static void write_parameters(struct outline *outline)
{
    outline_open(outline, "parameters", '{');
    begin_parameter(outline, "at", "at", "query",
        "As it was then: a position of the ledger or a day, YYYY-MM-DD");
    outline_whole(outline, "maxLength", 20);
    end_parameter(outline);
    write_formats(outline, "format", MEDIA_MSGPACK);
    write_formats(outline, "format_list", MEDIA_NDJSON);
    begin_parameter(outline, "Idempotency-Key", "Idempotency-Key", "header",
        "The same request with the same key is done once and answered alike; 1 to 200 printable "
        "ASCII characters");
    outline_whole(outline, "maxLength", 200);
    end_parameter(outline);
    begin_parameter(outline, "Misaq-Office", "Misaq-Office", "header",
        "The office in which this is asked or done, one that the person holds; or person. Without "
        "it: the only office held; with several held, person where that may, else it is refused");
    outline_whole(outline, "maxLength", ID_MAX);
    end_parameter(outline);
    begin_parameter(outline, "If-Match", "If-Match", "header",
        "ETag of the version that you have seen; needed to change what exists");
    outline_text(outline, "pattern", "^\"[0-9]+\"$");
    end_parameter(outline);
    begin_parameter(outline, "Content-Digest", "Content-Digest", "header",
        "SHA-256 of the body (RFC 9530): it is refused when other bytes came");
    outline_text(outline, "pattern", "sha-256=:[A-Za-z0-9+/]{43}=:");
    end_parameter(outline);
    begin_parameter(outline, "If-None-Match", "If-None-Match", "header",
        "ETags that you have: 304 when the thing has not changed");
    end_parameter(outline);
    outline_close(outline, '}');
}

static void property(struct outline *outline, const char *name, const char *type, const char *about)
{
    outline_open(outline, name, '{');
    outline_text(outline, "type", type);
    outline_text(outline, "description", about);
    outline_close(outline, '}');
}

static void write_fault_schema(struct outline *outline)
{
    outline_open(outline, "errors", '{');
    outline_text(outline, "type", "array");
    outline_open(outline, "items", '{');
    outline_text(outline, "type", "object");
    outline_open(outline, "properties", '{');
    property(outline, "detail", "string", "What is wrong and what to do");
    property(outline, "pointer", "string", "Where in the body, as a JSON pointer");
    property(outline, "parameter", "string", "Which parameter of the path or query");
    property(outline, "header", "string", "Which field of the header");
    property(outline, "line", "integer", "Line of the input, from 1");
    property(outline, "column", "integer", "Column of the input, from 1");
    outline_close(outline, '}');
    outline_close(outline, '}');
    outline_close(outline, '}');
}

static void write_problem_schema(struct outline *outline)
{
    outline_open(outline, "problem", '{');
    outline_text(outline, "type", "object");
    outline_text(outline, "description", "What is wrong with a request (RFC 9457)");
    outline_open(outline, "properties", '{');
    outline_open(outline, "type", '{');
    outline_text(outline, "type", "string");
    outline_open(outline, "enum", '[');
    for (enum err e = OK + 1; e < ERR_COUNT; e++) {
        BUF_CLEANUP struct buf path = BUF(128);
        buf_printf(&path, "/problems/%s", err_word(e));
        buf_char(&path, '\0');
        outline_text(outline, NULL, path.at);
    }
    outline_close(outline, ']');
    outline_close(outline, '}');
    property(outline, "title", "string", "The type in a sentence");
    property(outline, "status", "integer", "Status of the answer");
    property(outline, "detail", "string", "This case in a sentence");
    property(outline, "trace", "string", "Names the request in the logs");
    write_fault_schema(outline);
    outline_close(outline, '}');
    outline_open(outline, "required", '[');
    outline_text(outline, NULL, "type");
    outline_text(outline, NULL, "title");
    outline_text(outline, NULL, "status");
    outline_close(outline, ']');
    outline_close(outline, '}');
}

static void write_responses(struct outline *outline)
{
    outline_open(outline, "responses", '{');
    outline_open(outline, "problem", '{');
    outline_text(outline, "description", "A refusal; nothing was written");
    outline_open(outline, "content", '{');
    outline_open(outline, PROBLEM_TYPE, '{');
    outline_ref(outline, "schema", "schemas", "problem");
    outline_close(outline, '}');
    outline_close(outline, '}');
    outline_close(outline, '}');
    outline_close(outline, '}');
}

static void write_security(struct outline *outline)
{
    outline_open(outline, "securitySchemes", '{');
    outline_open(outline, "cookie", '{');
    outline_text(outline, "type", "apiKey");
    outline_text(outline, "in", "cookie");
    outline_text(outline, "name", COOKIE_SESSION);
    outline_text(outline, "description",
        "Set by POST /v1/sessions; what changes something is taken from pages of this site only");
    outline_close(outline, '}');
    outline_open(outline, "bearer", '{');
    outline_text(outline, "type", "http");
    outline_text(outline, "scheme", "bearer");
    outline_text(outline, "bearerFormat", "JWT");
    outline_text(outline, "description", "The token that POST /v1/sessions answers");
    outline_close(outline, '}');
    outline_close(outline, '}');
}

void components_write(struct outline *outline)
{
    outline_open(outline, "components", '{');
    write_security(outline);
    outline_open(outline, "schemas", '{');
    for (size_t i = 0; record_at(i); i++)
        schemas_record(outline, record_at(i)->name, record_at(i), (struct text){0});
    write_problem_schema(outline);
    outline_close(outline, '}');
    write_responses(outline);
    write_parameters(outline);
    write_headers(outline);
    outline_close(outline, '}');
}
