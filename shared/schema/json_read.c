/* From JSON text to a record. What jansson does not refuse is refused before it sees the text:
 * deep nesting, and numbers with more digits than a double keeps apart. */
#include "schema/json.h"

#include "base/clock.h"
#include "base/must.h"
#include "schema/way.h"

#include <jansson.h>

#define JSON_DEPTH  16
#define JSON_DIGITS 15 /* every decimal of up to 15 digits has a double of its own */

void json_document_free(struct json_document *document)
{
    json_decref(document->root);
    document->root = NULL;
}

/* Where a string ends that begins behind its quote at `from`: at its closing quote. */
static size_t skip_string(struct text body, size_t from)
{
    for (size_t i = from; i < body.len; i++)
        if (body.at[i] == '"')
            return i;
        else if (body.at[i] == '\\')
            i++;
    return body.len;
}

/* Walks the text outside of strings. It need not be JSON: what is not, jansson refuses. */
static enum err guard(struct text body, struct faults *why)
{
    uint32_t depth = 0, digits = 0;
    bool exponent = false;
    size_t line_start = 0;
    why->line = 1;
    for (size_t i = 0; i < body.len; i++) {
        char c = body.at[i];
        if (c == '"') {
            i = skip_string(body, i + 1);
            continue;
        }
        if (c == '\n') {
            why->line++;
            line_start = i + 1;
        }
        bool digit = c >= '0' && c <= '9';
        if (digit && !exponent && (digits > 0 || c != '0'))
            digits++;
        else if (c == 'e' || c == 'E')
            exponent = digits > 0;
        else if (!digit && c != '.')
            digits = exponent = 0;
        depth += c == '{' || c == '[';
        depth -= (c == '}' || c == ']') && depth > 0;
        if (depth <= JSON_DEPTH && digits <= JSON_DIGITS)
            continue;
        why->column = (uint32_t)(i - line_start + 1);
        enum err err = depth > JSON_DEPTH ? faults_add(why, ERR_BAD_INPUT, "",
                                                "the JSON is nested more than %d deep", JSON_DEPTH)
                                          : faults_add(why, ERR_BAD_INPUT, "",
                                                "a number has more than %d digits", JSON_DIGITS);
        why->line = why->column = 0;
        return err;
    }
    why->line = why->column = 0;
    return OK;
}

static bool read_text(const json_t *json, const struct way *way, struct faults *why, void *at)
{
    if (!json_is_string(json))
        return way_fault(way, why, "is not a string");
    *(struct text *)at = (struct text){json_string_value(json), json_string_length(json)};
    return true;
}

static bool read_decimal(
    const json_t *json, const struct way *way, struct faults *why, int64_t *ret_thousandths)
{
    enum decimal_result result = DECIMAL_NOT;
    if (json_is_integer(json)) {
        json_int_t value = json_integer_value(json);
        bool fits = value < DECIMAL_MAX / DECIMAL_ONE + 1 && value > -DECIMAL_MAX / DECIMAL_ONE - 1;
        result = fits ? DECIMAL_FINE : DECIMAL_TOO_LARGE;
        if (fits)
            *ret_thousandths = value * DECIMAL_ONE;
    } else if (json_is_real(json)) {
        result = decimal_from_double(json_real_value(json), ret_thousandths);
    }
    return result == DECIMAL_FINE || way_fault(way, why, "%s", decimal_complaint(result));
}

static bool read_pick(const struct field *field, const json_t *json, const struct way *way,
    struct faults *why, int32_t *ret_value)
{
    struct text word = {0};
    if (!read_text(json, way, why, &word))
        return false;
    *ret_value = choices_value(field->choices(), word);
    if (*ret_value)
        return true;
    char complaint[200];
    struct buf out = {.at = complaint, .room = sizeof complaint, .max = sizeof complaint};
    buf_str(&out, "is none of");
    for (uint32_t i = 1; i <= field->choices()->count; i++)
        buf_printf(&out, "%s %s", i > 1 ? "," : "", field->choices()->words[i]);
    return way_fault(way, why, "%.*s", (int)out.len, complaint);
}

static bool read_record(const struct record *record, const json_t *json, const struct way *way,
    struct faults *why, void *base);

static bool read_list(const struct slot *slot, const json_t *json, const struct way *way,
    struct faults *why, void *base)
{
    const struct field *field = slot->field;
    if (!json_is_array(json))
        return way_fault(way, why, "is not an array");
    size_t count = json_array_size(json);
    if (count > (size_t)field->most)
        return way_fault(way, why, "has more than %lld items", (long long)field->most);
    char *items = (char *)slot_at(slot, base) - field->offset + field->at_offset;
    bool fine = true;
    for (size_t i = 0; i < count; i++) {
        const json_t *inner = json_array_get(json, i);
        struct way here = {.up = way, .index = (uint32_t)i};
        void *item = items + i * field->item_size;
        if (field->kind == FIELD_MANY)
            fine &=
                read_record(field->record(), inner, &here, why, memset(item, 0, field->item_size));
        else if (field->kind == FIELD_IDS)
            fine &= read_text(inner, &here, why, item);
        else
            fine &= read_decimal(inner, &here, why, item);
    }
    *(struct list_head *)slot_at(slot, base) = (struct list_head){(uint32_t)count, true};
    return fine;
}

static bool read_moment(const json_t *json, int64_t *ret_ms)
{
    return json_is_string(json) &&
           moment_from_text(
               (struct text){json_string_value(json), json_string_length(json)}, ret_ms);
}

static bool read_slot(const struct slot *slot, const json_t *json, const struct way *way,
    struct faults *why, void *base)
{
    const struct field *field = slot->field;
    void *at = slot_at(slot, base);
    switch (field->kind) {
    case FIELD_ID:
    case FIELD_TEXT:
        return read_text(json, way, why, at);
    case FIELD_PICK:
        return read_pick(field, json, way, why, at);
    case FIELD_FLAG:
        if (!json_is_boolean(json))
            return way_fault(way, why, "is not true or false");
        *(enum flag *)at = json_is_true(json) ? FLAG_YES : FLAG_NO;
        return true;
    case FIELD_DECIMAL:
        ((struct decimal *)at)->given =
            read_decimal(json, way, why, &((struct decimal *)at)->thousandths);
        return ((struct decimal *)at)->given;
    case FIELD_WHOLE:
        *(struct whole *)at = (struct whole){json_integer_value(json), json_is_integer(json)};
        return ((struct whole *)at)->given || way_fault(way, why, "is not a whole number");
    case FIELD_DAY:
        *(int32_t *)at = json_is_string(json) ? day_from_text(text_of(json_string_value(json))) : 0;
        return *(int32_t *)at != 0 || way_fault(way, why, "is not a day, YYYY-MM-DD");
    case FIELD_MOMENT:
        ((struct moment *)at)->given = read_moment(json, &((struct moment *)at)->ms);
        return ((struct moment *)at)->given ||
               way_fault(way, why, "is not a moment, YYYY-MM-DDThh:mm:ss.mmmZ");
    case FIELD_BYTES:
    case FIELD_DATA:
        return way_fault(way, why, "cannot be given in JSON");
    case FIELD_DECIMALS:
    case FIELD_IDS:
    case FIELD_MANY:
        return read_list(slot, json, way, why, base);
    case FIELD_ONE:
        *(bool *)((char *)at - field->offset + field->at_offset) = true;
        return read_record(field->record(), json, way, why, at);
    case FIELD_SPLICE:
        break;
    }
    must(!"a splice is not a slot");
    return false;
}

/* A member that the path has set already may be repeated in the body, if it says the same. */
static bool repeats_the_path(const struct slot *slot, const json_t *json, const struct way *way,
    struct faults *why, void *base)
{
    const struct text *set = slot_at(slot, base);
    if (slot->field->kind == FIELD_ID && json_is_string(json) &&
        text_is(*set, json_string_value(json)))
        return true;
    return way_fault(way, why, "differs from the path");
}

static bool read_record(const struct record *record, const json_t *json, const struct way *way,
    struct faults *why, void *base)
{
    if (!json_is_object(json))
        return way_fault(way, why, "is not an object");
    bool fine = true;
    size_t hint = 0;
    void *at = json_object_iter((json_t *)json);
    for (; at; at = json_object_iter_next((json_t *)json, at)) {
        const char *key = json_object_iter_key(at);
        const json_t *inner = json_object_iter_value(at);
        struct way here = {.up = way, .name = text_of(key)};
        const struct slot *slot = record_find(record, here.name, &hint);
        if (!slot)
            fine = way_fault(&here, why, "is not a member here");
        else if (json_is_null(inner))
            fine = way_fault(&here, why, "is null; leave out what is not known");
        else if (slot_given(slot, base))
            fine &= repeats_the_path(slot, inner, &here, why, base);
        else
            fine &= read_slot(slot, inner, &here, why, base);
    }
    return fine;
}

enum err json_read(const struct record *record, struct text body, struct json_document *document,
    void *ret, struct faults *why)
{
    enum err err = guard(body, why);
    if (err != OK)
        return err;
    json_error_t error;
    json_t *json = json_loadb(body.at ? body.at : "", body.len, JSON_REJECT_DUPLICATES, &error);
    if (!json) {
        why->line = error.line > 0 ? (uint32_t)error.line : 1;
        why->column = error.column > 0 ? (uint32_t)error.column : 1;
        faults_add(why, ERR_BAD_INPUT, "", "the JSON is broken: %s", error.text);
        why->line = why->column = 0;
        return ERR_BAD_INPUT;
    }
    json_document_free(document);
    document->root = json;
    struct way top = {0};
    /* What could not be read has its fault: the rules would call it missing as well. */
    if (!read_record(record, json, &top, why, ret))
        return faults_err(why);
    return record_check(record, ret, why);
}
