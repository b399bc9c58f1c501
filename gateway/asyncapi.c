#include "asyncapi.h"

#include "schema/messages.h"
#include "schemas.h"

#include <stdio.h>

#define NAME_SIZE 128

static void write_info(struct outline *outline)
{
    outline_text(outline, "asyncapi", "3.0.0");
    outline_open(outline, "info", '{');
    outline_text(outline, "title", "Misaq: events for other departments");
    outline_text(outline, "version", "1");
    outline_text(outline, "description",
        "Every event of the ledger once, over ZeroMQ (PUB/SUB, CURVE). A message has three frames: "
        "the topic, the attributes, the event; both are JSON in UTF-8. Subscriptions are "
        "beginnings of topics. What is public is open to every department that is let in; what is "
        "not, by topics that two administrators opened to it. A message tells the position before "
        "it in its topic, and every second the control channel tells where topics stand: whatever "
        "was lost is seen, and read with GET /v1/events?after=.");
    outline_close(outline, '}');
}

static void write_server(struct outline *outline, const char *address, struct text key)
{
    static const char scheme[] = "tcp://";
    char public[64];
    outline_open(outline, "servers", '{');
    outline_open(outline, "departments", '{');
    bool plain = strncmp(address, scheme, sizeof scheme - 1) == 0;
    outline_text(outline, "host", plain ? address + sizeof scheme - 1 : address);
    outline_text(outline, "protocol", "zmtp");
    outline_text(outline, "protocolVersion", "3.1");
    outline_text(outline, "description",
        "Connect a SUB socket with CURVE: the key of the server is x-server-key, yours is one "
        "that was let in. An unknown key is refused at the handshake.");
    (void)snprintf(public, sizeof public, "%.*s", TEXT_ARG(key));
    outline_text(outline, "x-server-key", public);
    outline_close(outline, '}');
    outline_close(outline, '}');
}

static void reference(struct outline *outline, const char *name, const char *to)
{
    char path[NAME_SIZE + 64];
    (void)snprintf(path, sizeof path, "#/%s", to);
    outline_open(outline, name, '{');
    outline_text(outline, "$ref", path);
    outline_close(outline, '}');
}

static void write_parameter(
    struct outline *outline, const char *name, const char *about, const char *const *words)
{
    outline_open(outline, name, '{');
    outline_text(outline, "description", about);
    if (words) {
        outline_open(outline, "enum", '[');
        for (; *words; words++)
            outline_text(outline, NULL, *words);
        outline_close(outline, ']');
    }
    outline_close(outline, '}');
}

static void write_channel(struct outline *outline, const char *name, const char *address,
    const char *about, const char *message)
{
    static const char *const classes[] = {"public", "inner", NULL};
    char to[NAME_SIZE];
    bool is_control = address[0] == '~';
    outline_open(outline, name, '{');
    outline_text(outline, "address", address);
    outline_text(outline, "description", about);
    outline_open(outline, "messages", '{');
    (void)snprintf(to, sizeof to, "components/messages/%s", message);
    reference(outline, message, to);
    outline_close(outline, '}');
    outline_open(outline, "parameters", '{');
    if (is_control) {
        write_parameter(outline, "access", "The id of the access: AUDIT-PB.a1", NULL);
    } else {
        write_parameter(
            outline, "class", "public: everybody may have it; inner: if opened to you", classes);
        write_parameter(
            outline, "body", "The body that the subject belongs to; empty where it is none", NULL);
    }
    outline_close(outline, '}');
    outline_close(outline, '}');
}

static bool is_published(enum message message)
{
    return message_row(message)->kind == MESSAGE_EVENT;
}

static void write_channels(struct outline *outline)
{
    outline_open(outline, "channels", '{');
    write_channel(outline, "control", "~{access}",
        "Of one access: what was refused, that it has ended, and where its topics stand",
        "control");
    for (enum message m = MESSAGE_UNSET + 1; m < MESSAGE_COUNT; m++) {
        char address[NAME_SIZE];
        const struct message_row *row = message_row(m);
        (void)snprintf(address, sizeof address, "{class}.%s.{body}", row->wire);
        if (is_published(m))
            write_channel(outline, row->wire, address, row->sentence, row->wire);
    }
    outline_close(outline, '}');
}

static void write_operation(struct outline *outline, const char *channel)
{
    char name[NAME_SIZE], to[NAME_SIZE];
    (void)snprintf(name, sizeof name, "send.%s", channel);
    (void)snprintf(to, sizeof to, "channels/%s", channel);
    outline_open(outline, name, '{');
    outline_text(outline, "action", "send");
    reference(outline, "channel", to);
    outline_close(outline, '}');
}

static void write_operations(struct outline *outline)
{
    outline_open(outline, "operations", '{');
    write_operation(outline, "control");
    for (enum message m = MESSAGE_UNSET + 1; m < MESSAGE_COUNT; m++)
        if (is_published(m))
            write_operation(outline, message_row(m)->wire);
    outline_close(outline, '}');
}

/* The payload of an event: what every event has, with the record of its type as `data`. */
static void write_event(struct outline *outline, const struct message_row *row)
{
    outline_open(outline, row->wire, '{');
    outline_text(outline, "name", row->wire);
    outline_text(outline, "summary", row->sentence);
    outline_text(outline, "contentType", "application/json");
    reference(outline, "headers", "components/schemas/stream_attributes");
    outline_open(outline, "payload", '{');
    outline_open(outline, "allOf", '[');
    reference(outline, NULL, "components/schemas/event_view");
    outline_open(outline, NULL, '{');
    outline_text(outline, "type", "object");
    outline_open(outline, "properties", '{');
    outline_ref(outline, "data", "schemas", row->carries()->name);
    outline_close(outline, '}');
    outline_close(outline, '}');
    outline_close(outline, ']');
    outline_close(outline, '}');
    outline_close(outline, '}');
}

/* Whether a schema refers to this record: it is part of what is published. */
static bool is_part(const struct record *part, const struct record *whole, int depth)
{
    const struct slots *slots = record_slots(whole);
    if (part == whole)
        return true;
    for (size_t i = 0; depth < 8 && i < slots->count; i++) {
        const struct field *field = slots->at[i].field;
        bool refers = field->kind == FIELD_ONE || field->kind == FIELD_MANY;
        if (refers && is_part(part, field->record(), depth + 1))
            return true;
    }
    return false;
}

static bool is_used(const struct record *record)
{
    if (is_part(record, event_view_record(), 0) || record == stream_attributes_record() ||
        is_part(record, stream_control_record(), 0))
        return true;
    for (enum message m = MESSAGE_UNSET + 1; m < MESSAGE_COUNT; m++)
        if (is_published(m) && is_part(record, message_row(m)->carries(), 0))
            return true;
    return false;
}

static void write_components(struct outline *outline)
{
    outline_open(outline, "components", '{');
    outline_open(outline, "messages", '{');
    outline_open(outline, "control", '{');
    outline_text(outline, "name", "control");
    outline_text(outline, "contentType", "application/json");
    outline_ref(outline, "payload", "schemas", "stream_control");
    outline_close(outline, '}');
    for (enum message m = MESSAGE_UNSET + 1; m < MESSAGE_COUNT; m++)
        if (is_published(m))
            write_event(outline, message_row(m));
    outline_close(outline, '}');
    outline_open(outline, "schemas", '{');
    for (size_t i = 0; record_at(i); i++)
        if (is_used(record_at(i)))
            schemas_record(outline, record_at(i)->name, record_at(i), (struct text){0});
    outline_close(outline, '}');
    outline_close(outline, '}');
}

void asyncapi_write(struct buf *out, const char *address, struct text key)
{
    struct outline outline = {.out = out};
    outline_open(&outline, NULL, '{');
    write_info(&outline);
    write_server(&outline, address, key);
    write_channels(&outline);
    write_operations(&outline);
    write_components(&outline);
    outline_close(&outline, '}');
    buf_char(out, '\n');
}
