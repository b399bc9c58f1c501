#include "schema/json_look.h"

#include <jansson.h>

/* The object is jansson's own: the name hides it. */
static const json_t *of(const struct json_look *look)
{
    return (const void *)look;
}

struct json_look *json_look_open(struct text body)
{
    if (body.len > JSON_LOOK_MAX)
        return NULL;
    json_t *root = json_loadb(body.at, body.len, JSON_REJECT_DUPLICATES, NULL);
    if (json_is_object(root))
        return (void *)root;
    json_decref(root);
    return NULL;
}

void json_look_close(struct json_look *look)
{
    json_decref((void *)look);
}

bool json_look_has(const struct json_look *look, const char *name)
{
    return json_object_get(of(look), name);
}

static struct text text_in(const json_t *value)
{
    return json_is_string(value)
               ? (struct text){json_string_value(value), json_string_length(value)}
               : (struct text){0};
}

struct text json_look_text(const struct json_look *look, const char *name)
{
    return text_in(json_object_get(of(look), name));
}

bool json_look_whole(const struct json_look *look, const char *name, int64_t *ret_value)
{
    const json_t *value = json_object_get(of(look), name);
    if (!json_is_integer(value))
        return false;
    *ret_value = json_integer_value(value);
    return true;
}

size_t json_look_count(const struct json_look *look, const char *name)
{
    const json_t *list = json_object_get(of(look), name);
    return json_is_array(list) ? json_array_size(list) : 0;
}

const struct json_look *json_look_object_at(
    const struct json_look *look, const char *name, size_t index)
{
    const json_t *item = json_array_get(json_object_get(of(look), name), index);
    return json_is_object(item) ? (const void *)item : NULL;
}

struct text json_look_text_at(const struct json_look *look, const char *name, size_t index)
{
    return text_in(json_array_get(json_object_get(of(look), name), index));
}
