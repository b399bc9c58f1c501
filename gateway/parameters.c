#include "parameters.h"

#include "body.h"

#include "base/must.h"

static bool is_manner(struct text name)
{
    return text_is(name, "format") || text_is(name, "at");
}

static bool came_before(const struct path *path, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (text_equal(path->parameters[i].name, path->parameters[index].name))
            return true;
    return false;
}

/* Names of parameters come from anybody: only a readable beginning goes into a sentence. */
static enum err refuse(struct faults *why, struct text name, const char *detail)
{
    char shown[72];
    struct buf out = {.at = shown, .room = sizeof shown - 1, .max = sizeof shown - 1};
    buf_text(&out, name.len < sizeof shown ? name : (struct text){name.at, 64});
    shown[out.len] = '\0';
    return faults_add(why, ERR_INVALID, shown, "%s", detail);
}

enum err parameters_manner(const struct route *route, const struct path *path,
    struct manner *ret_manner, struct faults *why)
{
    struct manner manner = {0};
    bool knows_past = route->message && message_row(route->message)->kind == MESSAGE_QUERY;
    for (size_t i = 0; i < path->parameter_count; i++) {
        struct text name = path->parameters[i].name, value = path->parameters[i].value;
        if (!is_manner(name))
            continue;
        if (came_before(path, i))
            refuse(why, name, "comes twice");
        else if (text_is(name, "format") && route->raw)
            refuse(why, name, "is not a parameter here: a document has one form");
        else if (text_is(name, "format")) {
            manner.format = media_of_format(value);
            if (!manner.format)
                refuse(why, name, "is none of json, msgpack, csv, ndjson, events");
        } else if (!knows_past)
            refuse(
                why, name, "is not a parameter here: only what is read from a service has a past");
        else if (value.len == 0 || text_complaint(value, 20))
            refuse(why, name, "is neither a position of the ledger nor a day, YYYY-MM-DD");
        else
            manner.at = value;
    }
    *ret_manner = manner;
    return faults_err(why);
}

static void fill(
    const struct record *record, struct text name, struct text value, void *to, struct faults *why)
{
    size_t hint = 0;
    const struct slot *slot = record_find(record, name, &hint);
    must(slot);               /* tests look that every name of a path is a member */
    struct buf none = BUF(0); /* only lists with escapes would need room */
    (void)!slot_read_text(slot, value, &none, to, why);
}

enum err parameters_read(
    const struct route_match *match, const struct path *path, void *record, struct faults *why)
{
    const struct record *carries = route_carries(match->route);
    for (size_t i = 0; carries && i < match->count; i++)
        fill(carries, match->names[i], match->values[i], record, why);
    for (size_t i = 0; i < path->parameter_count; i++) {
        struct text name = path->parameters[i].name;
        size_t hint = 0;
        bool in_path = false;
        for (size_t j = 0; j < match->count; j++)
            in_path |= text_equal(name, match->names[j]);
        if (is_manner(name))
            continue;
        if (body_media(match->route) & MEDIA_BIT(MEDIA_JSON))
            refuse(why, name, "is not a parameter here: it stands in the body");
        else if (!carries || !record_find(carries, name, &hint))
            refuse(why, name, "is not a parameter here; /openapi.json lists them");
        else if (in_path)
            refuse(why, name, "stands in the path already");
        else if (came_before(path, i))
            refuse(why, name, "comes twice");
        else
            fill(carries, name, path->parameters[i].value, record, why);
    }
    return faults_err(why);
}

void parameters_next(struct buf *out, struct text target, struct text after)
{
    struct text query, path = text_cut(target, '?', &query);
    buf_text(out, path);
    char before = '?';
    while (query.at && query.len) {
        struct text value, pair = text_cut(query, '&', &query);
        struct text name = text_cut(pair, '=', &value);
        if (text_is(name, "after") || pair.len == 0)
            continue;
        buf_char(out, before);
        buf_text(out, pair);
        before = '&';
    }
    buf_char(out, before);
    buf_str(out, "after=");
    path_encode(out, after);
}
