#include "schemas.h"

static void write_choices(struct outline *outline, const struct choices *choices)
{
    BUF_CLEANUP struct buf meanings = BUF(8192);
    outline_text(outline, "type", "string");
    outline_open(outline, "enum", '[');
    for (uint32_t i = 1; i <= choices->count; i++) {
        outline_text(outline, NULL, choices->words[i]);
        buf_printf(
            &meanings, "%s%s: %s", i > 1 ? "; " : "", choices->words[i], choices->sentences[i]);
    }
    outline_close(outline, ']');
    buf_char(&meanings, '\0');
    outline_text(outline, "x-meanings", meanings.at);
}

static void write_decimal(struct outline *outline, const struct field *field)
{
    outline_text(outline, "type", "number");
    outline_decimal(outline, "multipleOf", 1);
    if (field->kind != FIELD_DECIMALS) {
        outline_decimal(outline, "minimum", field->least);
        outline_decimal(outline, "maximum", field->most);
    } else {
        outline_decimal(outline, "minimum", DECIMAL_LEAST);
        outline_decimal(outline, "maximum", DECIMAL_MAX);
    }
}

static void write_id(struct outline *outline)
{
    outline_text(outline, "type", "string");
    outline_text(outline, "pattern", "^[A-Za-z0-9][A-Za-z0-9._-]*$");
    outline_whole(outline, "maxLength", ID_MAX);
}

static void write_list(struct outline *outline, const struct field *field)
{
    outline_text(outline, "type", "array");
    outline_whole(outline, "maxItems", field->most);
    if (field->kind == FIELD_MANY) {
        outline_ref(outline, "items", "schemas", field->record()->name);
        return;
    }
    outline_open(outline, "items", '{');
    if (field->kind == FIELD_IDS)
        write_id(outline);
    else
        write_decimal(outline, field);
    outline_close(outline, '}');
}

static void write_reference(struct outline *outline, const struct record *record)
{
    BUF_CLEANUP struct buf path = BUF(256);
    buf_printf(&path, "#/components/schemas/%s", record->name);
    buf_char(&path, '\0');
    outline_text(outline, "$ref", path.at);
}

static void write_string(struct outline *outline, const char *format, int64_t least, int64_t most)
{
    outline_text(outline, "type", "string");
    if (format)
        outline_text(outline, "format", format);
    if (least)
        outline_whole(outline, "minLength", least);
    if (most)
        outline_whole(outline, "maxLength", most);
}

static void write_kind(struct outline *outline, const struct field *field)
{
    switch (field->kind) {
    case FIELD_ID:
        write_id(outline);
        return;
    case FIELD_TEXT:
        write_string(outline, NULL, 1, field->most);
        return;
    case FIELD_PICK:
        write_choices(outline, field->choices());
        return;
    case FIELD_FLAG:
        outline_text(outline, "type", "boolean");
        return;
    case FIELD_DECIMAL:
        write_decimal(outline, field);
        return;
    case FIELD_WHOLE:
        outline_text(outline, "type", "integer");
        outline_whole(outline, "minimum", field->least);
        outline_whole(outline, "maximum", field->most);
        return;
    case FIELD_DAY:
        write_string(outline, "date", 0, 0);
        return;
    case FIELD_MOMENT:
        write_string(outline, "date-time", 0, 0);
        return;
    case FIELD_DATA:
        outline_text(outline, "type", "object");
        return;
    case FIELD_DECIMALS:
    case FIELD_IDS:
    case FIELD_MANY:
        write_list(outline, field);
        return;
    case FIELD_ONE:
        write_reference(outline, field->record());
        return;
    case FIELD_BYTES:
    case FIELD_SPLICE:
        return; /* never shown; never a slot */
    }
}

void schemas_field(struct outline *outline, const struct field *field)
{
    write_kind(outline, field);
    if (field->needed == PRESET && field->kind == FIELD_DECIMAL)
        outline_decimal(outline, "default", field->preset);
    else if (field->needed == PRESET)
        outline_whole(outline, "default", field->preset);
    outline_text(outline, "description", field->sentence);
}

static bool is_named(struct text list, struct text name)
{
    while (list.at)
        if (text_equal(text_cut(list, ',', &list), name))
            return true;
    return false;
}

void schemas_record(
    struct outline *outline, const char *name, const struct record *record, struct text without)
{
    const struct slots *slots = record_slots(record);
    outline_open(outline, name, '{');
    outline_text(outline, "type", "object");
    outline_text(outline, "description", record->sentence);
    outline_open(outline, "properties", '{');
    bool required = false;
    for (size_t i = 0; i < slots->count; i++) {
        const struct field *field = slots->at[i].field;
        if (field->kind == FIELD_BYTES || is_named(without, slots->at[i].name))
            continue;
        required |= field->needed == REQUIRED;
        outline_open(outline, field->name, '{');
        schemas_field(outline, field);
        outline_close(outline, '}');
    }
    outline_close(outline, '}');
    if (required) {
        outline_open(outline, "required", '[');
        for (size_t i = 0; i < slots->count; i++)
            if (slots->at[i].field->needed == REQUIRED && slots->at[i].field->kind != FIELD_BYTES &&
                !is_named(without, slots->at[i].name))
                outline_text(outline, NULL, slots->at[i].field->name);
        outline_close(outline, ']');
    }
    outline_flag(outline, "additionalProperties", false);
    outline_close(outline, '}');
}
