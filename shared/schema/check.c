/* The rules that every record keeps, whichever codec it came through. */
#include "schema/schema.h"

#include "base/must.h"
#include "base/utf8.h"
#include "schema/way.h"

#include <stdlib.h>
#include <utf8proc.h>

static const char *character_complaint(uint32_t code)
{
    if (code < 0x20 || (code >= 0x7F && code <= 0x9F) || code == 0x2028 || code == 0x2029)
        return "holds a control character or a line break";
    if ((code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069))
        return "holds a bidirectional control character";
    if (code == 0xFEFF || (code & 0xFFFE) == 0xFFFE)
        return "holds a character that is not for text";
    return NULL;
}

static bool is_nfc(struct text text)
{
    utf8proc_uint8_t *composed = NULL;
    utf8proc_ssize_t len = utf8proc_map((const utf8proc_uint8_t *)text.at,
        (utf8proc_ssize_t)text.len, &composed, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    bool same = len == (utf8proc_ssize_t)text.len && memcmp(composed, text.at, text.len) == 0;
    free(composed);
    return same;
}

const char *text_complaint(struct text text, size_t most_code_points)
{
    if (text.len == 0)
        return "is empty";
    size_t count = 0;
    bool ascii = true;
    for (size_t i = 0; i < text.len; count++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c >= 0x20 && c < 0x7F) {
            i++;
            continue;
        }
        size_t width = utf8_width(text.at + i, text.len - i);
        if (width == 0)
            return "is not valid UTF-8";
        const char *complaint = character_complaint(utf8_code_point(text.at + i, width));
        if (complaint)
            return complaint;
        ascii = ascii && width == 1;
        i += width;
    }
    if (count > most_code_points)
        return "is too long";
    return ascii || is_nfc(text) ? NULL : "is not in Unicode normal form C";
}

const char *id_complaint(struct text text)
{
    if (text.len == 0 || text.len > ID_MAX)
        return "is not an id: 1 to 64 characters";
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        bool alnum = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!alnum && c != '-' && c != '_' && (c != '.' || i == 0)) /* a key's id is base64url */
            return "is not an id: letters, digits, - and _, behind the first also .";
    }
    return NULL;
}

static void check_number(
    const struct field *field, int64_t value, const struct way *way, struct faults *why)
{
    if (value >= field->least && value <= field->most)
        return;
    char least[DECIMAL_TEXT_SIZE], most[DECIMAL_TEXT_SIZE];
    int64_t unit = field->kind == FIELD_WHOLE ? DECIMAL_ONE : 1;
    if (field->kind == FIELD_WHOLE && field->most == WHOLE_MAX)
        way_fault(way, why, "is less than %lld", (long long)field->least);
    else
        way_fault(way, why, "is not between %s and %s", decimal_to_text(field->least * unit, least),
            decimal_to_text(field->most * unit, most));
}

static void check_members(
    const struct record *record, void *value, const struct way *up, struct faults *why);

static void check_items(
    const struct slot *slot, void *base, const struct way *way, struct faults *why)
{
    const struct field *field = slot->field;
    const struct list_head *head = slot_at(slot, base);
    char *items = (char *)slot_at(slot, base) - field->offset + field->at_offset;
    for (uint32_t i = 0; i < head->count; i++) {
        void *item = items + i * field->item_size;
        struct way here = {.up = way, .index = i};
        if (field->kind == FIELD_MANY) {
            check_members(field->record(), item, &here, why);
        } else if (field->kind == FIELD_IDS) {
            const char *complaint = id_complaint(*(const struct text *)item);
            if (complaint)
                way_fault(&here, why, "%s", complaint);
        }
    }
}

static void fill_preset(const struct slot *slot, void *base)
{
    if (slot->field->kind == FIELD_DECIMAL)
        *(struct decimal *)slot_at(slot, base) = (struct decimal){slot->field->preset, true};
    else
        *(struct whole *)slot_at(slot, base) = (struct whole){slot->field->preset, true};
}

static void check_slot(
    const struct slot *slot, void *base, const struct way *up, struct faults *why)
{
    const struct field *field = slot->field;
    struct way way = {.up = up, .name = slot->name};
    const char *complaint = NULL;
    if (!slot_given(slot, base)) {
        if (field->needed == PRESET)
            fill_preset(slot, base);
        else if (field->needed == REQUIRED)
            way_fault(&way, why, "is missing");
        return;
    }
    void *at = slot_at(slot, base);
    switch (field->kind) {
    case FIELD_ID:
        complaint = id_complaint(*(const struct text *)at);
        break;
    case FIELD_TEXT:
        complaint = text_complaint(*(const struct text *)at, (size_t)field->most);
        break;
    case FIELD_BYTES:
    case FIELD_DATA:
        complaint = ((const struct text *)at)->len > (size_t)field->most ? "is too long" : NULL;
        break;
    case FIELD_DECIMAL:
        check_number(field, ((const struct decimal *)at)->thousandths, &way, why);
        break;
    case FIELD_WHOLE:
        check_number(field, ((const struct whole *)at)->value, &way, why);
        break;
    case FIELD_DECIMALS:
    case FIELD_IDS:
    case FIELD_MANY:
        check_items(slot, base, &way, why);
        break;
    case FIELD_ONE:
        check_members(field->record(), at, &way, why);
        break;
    case FIELD_PICK:
    case FIELD_FLAG:
    case FIELD_DAY:
    case FIELD_MOMENT:
        break; /* the codecs let nothing else in */
    case FIELD_SPLICE:
        must(!"a splice is not a slot");
    }
    if (complaint && field->kind == FIELD_TEXT && strcmp(complaint, "is too long") == 0)
        way_fault(&way, why, "is longer than %lld characters", (long long)field->most);
    else if (complaint)
        way_fault(&way, why, "%s", complaint);
}

static void check_members(
    const struct record *record, void *value, const struct way *up, struct faults *why)
{
    const struct slots *slots = record_slots(record);
    for (size_t i = 0; i < slots->count; i++)
        check_slot(&slots->at[i], value, up, why);
}

enum err record_check(const struct record *record, void *value, struct faults *why)
{
    uint32_t before = why->total;
    struct way top = {0};
    check_members(record, value, &top, why);
    return why->total == before ? OK : faults_err(why);
}
