/* Values in plain text: what stands in a path, a query or a cell of a CSV. */
#include "base/clock.h"
#include "base/must.h"
#include "schema/schema.h"

#include <stdio.h>

struct source {
    struct buf *arena;
    struct faults *why;
    const char *member;
};

static bool fail(const struct source *source, const char *complaint)
{
    faults_add(source->why, ERR_INVALID, source->member, "%s", complaint);
    return false;
}

/* Cuts off the part before the first `divider` that no backslash escapes. */
static struct text cut(struct text text, char divider, struct text *rest)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '\\')
            i++;
        else if (text.at[i] == divider) {
            *rest = (struct text){text.at + i + 1, text.len - i - 1};
            return (struct text){text.at, i};
        }
    }
    *rest = (struct text){0};
    return text;
}

static struct text trim(struct text text)
{
    while (text.len && text.at[0] == ' ')
        text = (struct text){text.at + 1, text.len - 1};
    while (text.len && text.at[text.len - 1] == ' ')
        text.len--;
    return text;
}

/* Undoes the escapes of an item of a list; only a text that has any moves into the arena. */
static bool unescape(const struct source *source, struct text text, struct text *ret_text)
{
    if (text_find(text, '\\') == text.len) {
        *ret_text = text;
        return true;
    }
    struct buf *arena = source->arena;
    if (arena->room - arena->len < text.len) /* growing would move what is borrowed from it */
        return fail(source, "is too long");
    char *to = arena->at + arena->len;
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        i += text.at[i] == '\\';
        if (i == text.len)
            return fail(source, "ends in a backslash");
        to[len++] = text.at[i];
    }
    arena->len += len;
    *ret_text = (struct text){to, len};
    return true;
}

static bool read_decimal(const struct source *source, struct text text, int64_t *ret_thousandths)
{
    enum decimal_result result = decimal_from_text(text, ret_thousandths);
    return result == DECIMAL_FINE || fail(source, decimal_complaint(result));
}

static bool read_whole(const struct source *source, struct text text, struct whole *ret_whole)
{
    bool minus = text.len && text.at[0] == '-';
    uint64_t value;
    if (!text_whole((struct text){text.at + minus, text.len - minus}, WHOLE_MAX, &value))
        return fail(source, "is not a whole number");
    *ret_whole = (struct whole){minus ? -(int64_t)value : (int64_t)value, true};
    return true;
}

static bool read_simple(
    const struct source *source, const struct slot *slot, struct text text, void *base)
{
    const struct field *field = slot->field;
    void *at = slot_at(slot, base);
    switch (field->kind) {
    case FIELD_ID:
    case FIELD_TEXT:
        *(struct text *)at = text;
        return true;
    case FIELD_PICK:
        *(int32_t *)at = choices_value(field->choices(), text);
        return *(int32_t *)at != 0 || fail(source, "is not one of the words allowed");
    case FIELD_FLAG:
        *(enum flag *)at = text_is(text, "true")    ? FLAG_YES
                           : text_is(text, "false") ? FLAG_NO
                                                    : FLAG_UNSET;
        return *(enum flag *)at != FLAG_UNSET || fail(source, "is not true or false");
    case FIELD_DECIMAL:
        ((struct decimal *)at)->given =
            read_decimal(source, text, &((struct decimal *)at)->thousandths);
        return ((struct decimal *)at)->given;
    case FIELD_WHOLE:
        return read_whole(source, text, at);
    case FIELD_DAY:
        *(int32_t *)at = day_from_text(text);
        return *(int32_t *)at != 0 || fail(source, "is not a day, YYYY-MM-DD");
    case FIELD_MOMENT:
        ((struct moment *)at)->given = moment_from_text(text, &((struct moment *)at)->ms);
        return ((struct moment *)at)->given ||
               fail(source, "is not a moment, YYYY-MM-DDThh:mm:ss.mmmZ");
    default:
        return fail(source, "cannot be given as text");
    }
}

/* "2019-06-30|19.1": the members of an inner record in the order of its rows. */
static bool read_inner(
    const struct source *source, const struct record *record, struct text text, void *base)
{
    const struct slots *slots = record_slots(record);
    memset(base, 0, record->size);
    struct text rest = text;
    for (size_t i = 0; i < slots->count && rest.at; i++) {
        struct text part = trim(cut(rest, '|', &rest));
        if (part.len &&
            (!unescape(source, part, &part) || !read_simple(source, &slots->at[i], part, base)))
            return false;
    }
    return !rest.at || fail(source, "has an item with more parts than expected");
}

static bool read_list(
    const struct source *source, const struct slot *slot, struct text text, void *base)
{
    const struct field *field = slot->field;
    char *items = (char *)slot_at(slot, base) - field->offset + field->at_offset;
    uint32_t count = 0;
    for (struct text rest = text; rest.at; count++) {
        struct text part = trim(cut(rest, ';', &rest));
        if (count == field->most)
            return fail(source, "has too many items");
        void *item = items + count * field->item_size;
        bool fine = field->kind == FIELD_MANY  ? read_inner(source, field->record(), part, item)
                    : field->kind == FIELD_IDS ? unescape(source, part, item)
                                               : read_decimal(source, part, item);
        if (!fine)
            return false;
    }
    *(struct list_head *)slot_at(slot, base) = (struct list_head){count, true};
    return true;
}

enum err slot_read_text(
    const struct slot *slot, struct text text, struct buf *arena, void *base, struct faults *why)
{
    struct source source = {arena, why, slot->field->name};
    enum field_kind kind = slot->field->kind;
    bool list = kind == FIELD_DECIMALS || kind == FIELD_IDS || kind == FIELD_MANY;
    bool fine =
        list ? read_list(&source, slot, text, base) : read_simple(&source, slot, text, base);
    return fine ? OK : ERR_INVALID;
}
