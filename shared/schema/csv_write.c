/* From packed bytes to CSV lines, by the rows. */
#include "schema/csv.h"

#include "base/clock.h"
#include "schema/messages.h"
#include "schema/unpack.h"

/* A cell is quoted when it must be; a text that a spreadsheet would take for a formula is given a
 * leading apostrophe, as is the custom there. */
static void write_cell(struct buf *out, struct text cell)
{
    bool formula = cell.len && strchr("=+@", cell.at[0]) != NULL;
    bool quoted = formula;
    for (size_t i = 0; i < cell.len && !quoted; i++)
        quoted = cell.at[i] == ',' || cell.at[i] == '"' || cell.at[i] == '\n' || cell.at[i] == '\r';
    if (!quoted) {
        buf_text(out, cell);
        return;
    }
    buf_str(out, formula ? "\"'" : "\"");
    for (size_t i = 0; i < cell.len; i++) {
        if (cell.at[i] == '"')
            buf_char(out, '"');
        buf_char(out, cell.at[i]);
    }
    buf_char(out, '"');
}

static void write_escaped(struct buf *out, struct text text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == ';' || text.at[i] == '|' || text.at[i] == '\\')
            buf_char(out, '\\');
        buf_char(out, text.at[i]);
    }
}

static const msgpack_object *member(const msgpack_object *map, struct text name)
{
    if (map->type != MSGPACK_OBJECT_MAP)
        return NULL;
    for (uint32_t i = 0; i < map->via.map.size; i++) {
        const msgpack_object_str *key = &map->via.map.ptr[i].key.via.str;
        if (text_equal((struct text){key->ptr, key->size}, name))
            return &map->via.map.ptr[i].val;
    }
    return NULL;
}

static void write_plain(const struct field *field, const msgpack_object *object, struct buf *out);

static void write_parts(const struct record *record, const msgpack_object *object, struct buf *out)
{
    BUF_CLEANUP struct buf part = BUF(out->max);
    const struct slots *slots = record_slots(record);
    for (size_t i = 0; i < slots->count; i++) {
        const msgpack_object *inner = member(object, slots->at[i].name);
        if (i)
            buf_char(out, '|');
        if (!inner)
            continue;
        buf_clear(&part);
        write_plain(slots->at[i].field, inner, &part);
        write_escaped(out, buf_as_text(&part));
        out->full |= part.full;
    }
}

static void write_items(
    const struct field *field, const msgpack_object_array *array, struct buf *out)
{
    for (uint32_t i = 0; i < array->size; i++) {
        const msgpack_object *item = &array->ptr[i];
        if (i)
            buf_char(out, ';');
        if (field->kind == FIELD_MANY)
            write_parts(field->record(), item, out);
        else if (item->type == MSGPACK_OBJECT_STR)
            write_escaped(out, (struct text){item->via.str.ptr, item->via.str.size});
        else
            write_plain(field, item, out);
    }
}

/* A value as plain text, the other way of slot_read_text(). */
static void write_plain(const struct field *field, const msgpack_object *object, struct buf *out)
{
    char moment[MOMENT_TEXT_SIZE];
    int64_t value;
    if (object->type == MSGPACK_OBJECT_STR) {
        buf_text(out, (struct text){object->via.str.ptr, object->via.str.size});
    } else if (object->type == MSGPACK_OBJECT_BOOLEAN) {
        buf_str(out, object->via.boolean ? "true" : "false");
    } else if (object->type == MSGPACK_OBJECT_ARRAY) {
        write_items(field, &object->via.array, out);
    } else if (!unpack_whole(object, &value)) {
        return;
    } else if (field->kind == FIELD_DECIMAL || field->kind == FIELD_DECIMALS) {
        decimal_write(out, value);
    } else if (field->kind == FIELD_WHOLE) {
        buf_whole(out, value);
    } else if (field->kind == FIELD_MOMENT && value >= MOMENT_LEAST && value <= MOMENT_MOST) {
        moment_to_text(value, moment);
        buf_str(out, moment);
    }
}

static void write_names(
    const struct record *record, const char *before, bool *first, struct buf *out)
{
    const struct slots *slots = record_slots(record);
    for (size_t i = 0; i < slots->count; i++) {
        const struct field *field = slots->at[i].field;
        if (field->kind == FIELD_BYTES || field->kind == FIELD_DATA)
            continue;
        if (field->kind == FIELD_ONE) {
            BUF_CLEANUP struct buf inner = BUF(256);
            buf_printf(&inner, "%s%s.", before, field->name);
            buf_char(&inner, '\0');
            write_names(field->record(), inner.at ? inner.at : "", first, out);
            continue;
        }
        buf_printf(out, "%s%s%s", *first ? "" : ",", before, field->name);
        *first = false;
    }
}

void csv_write_header(const struct record *record, struct buf *out)
{
    bool first = true;
    write_names(record, "", &first, out);
    buf_char(out, '\n');
}

static void write_cells(
    const struct record *record, const msgpack_object *object, bool *first, struct buf *out)
{
    BUF_CLEANUP struct buf cell = BUF(out->max);
    const struct slots *slots = record_slots(record);
    static const msgpack_object none = {.type = MSGPACK_OBJECT_NIL};
    for (size_t i = 0; i < slots->count; i++) {
        const struct field *field = slots->at[i].field;
        const msgpack_object *inner = member(object, slots->at[i].name);
        if (field->kind == FIELD_BYTES || field->kind == FIELD_DATA)
            continue;
        if (field->kind == FIELD_ONE) {
            write_cells(field->record(), inner ? inner : &none, first, out);
            continue;
        }
        buf_str(out, *first ? "" : ",");
        *first = false;
        buf_clear(&cell);
        if (inner)
            write_plain(field, inner, &cell);
        write_cell(out, buf_as_text(&cell));
        out->full |= cell.full;
    }
}

bool csv_write(const struct record *record, struct text packed, struct buf *out)
{
    msgpack_object object;
    if (!unpack_value(packed, &object) || object.type != MSGPACK_OBJECT_MAP)
        return false;
    bool first = true;
    write_cells(record, &object, &first, out);
    buf_char(out, '\n');
    return !out->full;
}
