#include "routes.h"

#include "schema/may.h"

#include <stdio.h>

static const struct route table[] = {
#define ROUTE(verb, path, name, code)                                                              \
    {.method = METHOD_##verb, .pattern = path, .status = code, .message = MESSAGE_##name},
#define RAW(verb, path, name, type)                                                                \
    {.method = METHOD_##verb,                                                                      \
        .pattern = path,                                                                           \
        .status = 200,                                                                             \
        .message = MESSAGE_##name,                                                                 \
        .raw = type},
#define OWN(verb, path, what, takes, gives, code, may, sentence)                                   \
    {.method = METHOD_##verb,                                                                      \
        .pattern = path,                                                                           \
        .status = code,                                                                            \
        .own = what,                                                                               \
        .own_carries = takes,                                                                      \
        .own_answers = gives,                                                                      \
        .own_may = may,                                                                            \
        .own_sentence = sentence},
#include "routes.def"
#undef ROUTE
#undef RAW
#undef OWN
};

#define ROUTES (sizeof table / sizeof *table)

const struct route *route_at(size_t index)
{
    return index < ROUTES ? &table[index] : NULL;
}

static const struct record *record_or_null(const struct record *(*record)(void))
{
    return record ? record() : NULL;
}

const struct record *route_carries(const struct route *route)
{
    return record_or_null(
        route->message ? message_row(route->message)->carries : route->own_carries);
}

const struct record *route_answers(const struct route *route)
{
    if (route->raw)
        return NULL;
    return record_or_null(
        route->message ? message_row(route->message)->answers : route->own_answers);
}

uint32_t route_may(const struct route *route)
{
    return route->message ? message_row(route->message)->may : route->own_may;
}

const char *route_sentence(const struct route *route)
{
    return route->message ? message_row(route->message)->sentence : route->own_sentence;
}

bool route_many(const struct route *route)
{
    return route->message ? message_row(route->message)->many
                          : route->own == OWN_EVENTS || route->own == OWN_ENTRIES;
}

static const char *const words[METHOD_COUNT] = {
    [METHOD_GET] = "GET",
    [METHOD_POST] = "POST",
    [METHOD_PUT] = "PUT",
    [METHOD_DELETE] = "DELETE",
};

const char *method_word(enum method method)
{
    return words[method];
}

static enum method method_of(struct text word)
{
    if (text_is(word, "HEAD"))
        return METHOD_GET;
    for (enum method m = METHOD_GET; m < METHOD_COUNT; m++)
        if (text_is(word, words[m]))
            return m;
    return 0;
}

/* Whether a path fits a pattern; the values of its braces into *ret. */
static bool fits(const char *pattern, const struct path *path, struct route_match *ret)
{
    struct text rest = {pattern + 1, strlen(pattern) - 1};
    ret->count = 0;
    for (size_t i = 0; i < path->segment_count; i++) {
        if (!rest.at)
            return false;
        struct text wanted = text_cut(rest, '/', &rest);
        if (wanted.at[0] != '{') {
            if (!text_equal(wanted, path->segments[i]))
                return false;
            continue;
        }
        ret->names[ret->count] = (struct text){wanted.at + 1, wanted.len - 2};
        ret->values[ret->count++] = path->segments[i];
    }
    return !rest.at && path->segment_count > 0;
}

enum err route_find(const struct path *path, struct text method, struct route_match *ret_match)
{
    enum method wanted = method_of(method);
    struct route_match match = {0}, found = {0};
    for (size_t i = 0; i < ROUTES; i++) {
        if (!fits(table[i].pattern, path, &match))
            continue;
        uint32_t allow = found.allow | 1u << table[i].method;
        if (table[i].method == wanted) {
            found = match;
            found.route = &table[i];
            found.index = i;
        }
        found.allow = allow;
    }
    *ret_match = found;
    if (found.route)
        return OK;
    return found.allow ? ERR_METHOD : ERR_NOT_FOUND;
}

void route_write_allow(uint32_t allow, struct buf *out)
{
    for (enum method m = METHOD_GET; m < METHOD_COUNT; m++)
        if (allow >> m & 1u)
            buf_printf(out, "%s, ", m == METHOD_GET ? "GET, HEAD" : words[m]);
    buf_str(out, "OPTIONS");
}

const struct route *route_of_thing(const struct route *maker)
{
    char wire[ID_MAX + 1], braced[ID_MAX + 3];
    struct buf name = {.at = wire, .room = ID_MAX, .max = ID_MAX};
    struct text rest, noun = text_cut(text_of(message_row(maker->message)->wire), '.', &rest);
    buf_text(&name, noun);
    buf_str(&name, ".get");
    (void)snprintf(braced, sizeof braced, "{%.*s}", TEXT_ARG(noun));
    enum message get = message_from_wire(buf_as_text(&name));
    for (size_t i = 0; i < ROUTES; i++)
        if (get && table[i].message == get && !strstr(maker->pattern, braced))
            return &table[i];
    return NULL;
}
