#include "support/chance.h"

#include "base/clock.h"
#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>

struct chance chance_start(const char *test)
{
    const char *given = getenv("MISAQ_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 10) : (uint64_t)clock_wall_ms();
    (void)printf("%s: MISAQ_SEED=%llu\n", test, (unsigned long long)seed);
    return (struct chance){seed * 2654435761u + 1};
}

/* xorshift64* (Vigna 2016). */
static uint64_t next(struct chance *chance)
{
    chance->state ^= chance->state >> 12;
    chance->state ^= chance->state << 25;
    chance->state ^= chance->state >> 27;
    return chance->state * 2685821657736338717u;
}

uint32_t chance_below(struct chance *chance, uint32_t below)
{
    return (uint32_t)((next(chance) >> 32) * below >> 32);
}

const struct record *chance_pick(uint8_t pick)
{
    size_t records = 0;
    while (record_at(records))
        records++;
    must(records > 0);
    return record_at(pick % records);
}

static int64_t between(struct chance *chance, int64_t least, int64_t most)
{
    if (chance_below(chance, 8) == 0)
        return chance_below(chance, 2) ? least : most;
    uint64_t span = (uint64_t)most - (uint64_t)least;
    return (int64_t)((uint64_t)least + (span ? next(chance) % span : 0));
}

static struct text keep(struct buf *arena, size_t from)
{
    must(!arena->full);
    return (struct text){arena->at + from, arena->len - from};
}

static struct text some_text(struct chance *chance, struct buf *arena, int64_t most)
{
    static const char *const pieces[] = {"a", "Z", "9", " ", "\"", "\\", "<", "&", "'", "ü", "م",
        "یثاق", "€", "😀", ",", ";", "|", "=", "/", "{", "-"};
    size_t from = arena->len;
    uint32_t count = 1 + chance_below(chance, (uint32_t)(most < 24 ? most : 24));
    for (uint32_t i = 0; i < count; i++) {
        uint32_t pick = chance_below(chance, sizeof pieces / sizeof *pieces);
        buf_str(arena, pick == 11 && i + 4 > count ? "x" : pieces[pick]);
        i += pick == 11 ? 3 : 0; /* four code points in one */
    }
    return keep(arena, from);
}

static struct text some_id(struct chance *chance, struct buf *arena)
{
    static const char letters[] = "ABCXYZabcxyz0189.-_";
    size_t from = arena->len;
    uint32_t count = 1 + chance_below(chance, ID_MAX);
    for (uint32_t i = 0; i < count; i++)
        buf_char(arena, letters[chance_below(chance, i ? sizeof letters - 1 : 16)]);
    return keep(arena, from);
}

static void fill_item(
    struct chance *chance, const struct field *field, struct buf *arena, void *item)
{
    if (field->kind == FIELD_MANY)
        chance_record(chance, field->record(), arena, item);
    else if (field->kind == FIELD_IDS)
        *(struct text *)item = some_id(chance, arena);
    else
        *(int64_t *)item = between(chance, DECIMAL_LEAST, DECIMAL_MAX);
}

static void fill_slot(struct chance *chance, const struct slot *slot, struct buf *arena, void *base)
{
    const struct field *field = slot->field;
    void *at = slot_at(slot, base);
    char *own = (char *)at - field->offset;
    switch (field->kind) {
    case FIELD_ID:
        *(struct text *)at = some_id(chance, arena);
        break;
    case FIELD_TEXT:
    case FIELD_BYTES:
    case FIELD_DATA:
        *(struct text *)at = some_text(chance, arena, field->most);
        break;
    case FIELD_PICK:
        *(int32_t *)at = 1 + (int32_t)chance_below(chance, field->choices()->count);
        break;
    case FIELD_FLAG:
        *(enum flag *)at = chance_below(chance, 2) ? FLAG_YES : FLAG_NO;
        break;
    case FIELD_DECIMAL:
        *(struct decimal *)at = (struct decimal){between(chance, field->least, field->most), true};
        break;
    case FIELD_WHOLE:
        *(struct whole *)at = (struct whole){between(chance, field->least, field->most), true};
        break;
    case FIELD_DAY:
        *(int32_t *)at = day_from_number((int32_t)between(chance, -20000, 60000));
        break;
    case FIELD_MOMENT:
        *(struct moment *)at = (struct moment){between(chance, 0, INT64_C(4102444800000)), true};
        break;
    case FIELD_DECIMALS:
    case FIELD_IDS:
    case FIELD_MANY: {
        struct list_head *head = at;
        *head = (struct list_head){
            chance_below(chance, (uint32_t)(field->most < 6 ? field->most : 6) + 1), true};
        for (uint32_t i = 0; i < head->count; i++)
            fill_item(chance, field, arena, own + field->at_offset + i * field->item_size);
        break;
    }
    case FIELD_ONE:
        *(bool *)(own + field->at_offset) = true;
        chance_record(chance, field->record(), arena, at);
        break;
    case FIELD_SPLICE:
        must(!"a splice is not a slot");
    }
}

void chance_record(
    struct chance *chance, const struct record *record, struct buf *arena, void *value)
{
    memset(value, 0, record->size);
    const struct slots *slots = record_slots(record);
    for (size_t i = 0; i < slots->count; i++)
        if (slots->at[i].field->needed != OPTIONAL || chance_below(chance, 3))
            fill_slot(chance, &slots->at[i], arena, value);
}
