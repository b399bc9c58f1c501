/* The tables read for their rows. Each record's rows stand in a function of its own, so that
 * `self` can name its struct there. */
#include "schema/schema.h"

#include "base/must.h"

#define COMMON(kind, name, needed) #name, kind, needed, offsetof(self, name)
#define PLAIN(kind, name, needed, least, most, preset, sentence)                                   \
    {COMMON(kind, name, needed), 0, 0, least, most, preset, NULL, NULL, sentence},
#define LIST(kind, name, needed, most, record, sentence)                                           \
    {COMMON(kind, name, needed), offsetof(self, name.at), sizeof((self *)0)->name.at[0], 0, most,  \
        0, NULL, record, sentence},

#define CHOICES(name, about)            static const char *const name##_words[] = {NULL,
#define CHOICE(enumerator, word, about) word,
#define END_CHOICES                                                                                \
    }                                                                                              \
    ;
#include "schema/tables/choices.def"
#undef CHOICES
#undef CHOICE
#undef END_CHOICES
#define CHOICES(name, about)            static const char *const name##_sentences[] = {NULL,
#define CHOICE(enumerator, word, about) about,
#define END_CHOICES                                                                                \
    }                                                                                              \
    ;
#include "schema/tables/choices.def"
#undef CHOICES
#undef CHOICE
#undef END_CHOICES
#define CHOICES(name, about)                                                                       \
    const struct choices *name##_choices(void)                                                     \
    {                                                                                              \
        static const struct choices choices = {#name, about,                                       \
            sizeof name##_words / sizeof *name##_words - 1, name##_words, name##_sentences};       \
        return &choices;                                                                           \
    }
#define CHOICE(enumerator, word, about)
#define END_CHOICES
#include "schema/tables/choices.def"

#define RECORD(id, about)                                                                          \
    const struct record *id##_record(void)                                                         \
    {                                                                                              \
        typedef struct id self;                                                                    \
        static const char self_name[] = #id, self_sentence[] = about;                              \
        static struct slots slots;                                                                 \
        static const struct field fields[] = {
#define ID(name, needed, sentence)         PLAIN(FIELD_ID, name, needed, 0, ID_MAX, 0, sentence)
#define TEXT(name, most, needed, sentence) PLAIN(FIELD_TEXT, name, needed, 0, most, 0, sentence)
#define PICK(name, set, needed, sentence)                                                          \
    {COMMON(FIELD_PICK, name, needed), 0, 0, 0, 0, 0, set##_choices, NULL, sentence},
#define FLAG(name, needed, sentence) PLAIN(FIELD_FLAG, name, needed, 0, 0, 0, sentence)
#define DECIMAL(name, least, most, needed, sentence)                                               \
    PLAIN(FIELD_DECIMAL, name, needed, least, most, 0, sentence)
#define DECIMAL_OR(name, least, most, preset, sentence)                                            \
    PLAIN(FIELD_DECIMAL, name, PRESET, least, most, preset, sentence)
#define WHOLE(name, least, most, needed, sentence)                                                 \
    PLAIN(FIELD_WHOLE, name, needed, least, most, 0, sentence)
#define WHOLE_OR(name, least, most, preset, sentence)                                              \
    PLAIN(FIELD_WHOLE, name, PRESET, least, most, preset, sentence)
#define DAY(name, needed, sentence)         PLAIN(FIELD_DAY, name, needed, 0, 0, 0, sentence)
#define MOMENT(name, needed, sentence)      PLAIN(FIELD_MOMENT, name, needed, 0, 0, 0, sentence)
#define BYTES(name, most, needed, sentence) PLAIN(FIELD_BYTES, name, needed, 0, most, 0, sentence)
#define DATA(name, most, needed, sentence)  PLAIN(FIELD_DATA, name, needed, 0, most, 0, sentence)
#define DECIMALS(name, most, needed, sentence)                                                     \
    LIST(FIELD_DECIMALS, name, needed, most, NULL, sentence)
#define IDS(name, most, needed, sentence) LIST(FIELD_IDS, name, needed, most, NULL, sentence)
#define ONE(name, inner, needed, sentence)                                                         \
    {COMMON(FIELD_ONE, name, needed), offsetof(self, has_##name), 0, 0, 0, 0, NULL,                \
        inner##_record, sentence},
#define MANY(name, inner, most, needed, sentence)                                                  \
    LIST(FIELD_MANY, name, needed, most, inner##_record, sentence)
#define SPLICE(name, inner)                                                                        \
    {COMMON(FIELD_SPLICE, name, REQUIRED), 0, 0, 0, 0, 0, NULL, inner##_record, NULL},
#define END_RECORD                                                                                 \
    }                                                                                              \
    ;                                                                                              \
    static const struct record record = {                                                          \
        self_name, self_sentence, sizeof(self), sizeof fields / sizeof *fields, fields, &slots};   \
    return &record;                                                                                \
    }
#include "schema/records.def"
#include "schema/undef.h"

const struct record *record_at(size_t index)
{
    static const struct record *(*const all[])(void) = {
#define RECORD(name, sentence) name##_record,
#include "schema/quiet.h"
#include "schema/records.def"
#include "schema/undef.h"
    };
    return index < sizeof all / sizeof *all ? all[index]() : NULL;
}

static void fill_slots(const struct record *record, size_t offset, struct slots *slots)
{
    for (size_t i = 0; i < record->count; i++) {
        const struct field *field = &record->fields[i];
        if (field->kind == FIELD_SPLICE) {
            fill_slots(field->record(), offset + field->offset, slots);
            continue;
        }
        must(slots->count < SLOTS_MAX);
        slots->at[slots->count++] =
            (struct slot){field, offset + field->offset, text_of(field->name)};
    }
}

const struct slots *record_slots(const struct record *record)
{
    if (record->slots->count == 0)
        fill_slots(record, 0, record->slots);
    return record->slots;
}

const struct slot *record_find(const struct record *record, struct text name, size_t *hint)
{
    const struct slots *slots = record_slots(record);
    for (size_t step = 0; step < slots->count; step++) {
        size_t i = *hint + step < slots->count ? *hint + step : *hint + step - slots->count;
        if (text_equal(name, slots->at[i].name)) {
            *hint = i + 1 < slots->count ? i + 1 : 0;
            return &slots->at[i];
        }
    }
    return NULL;
}

bool slot_given(const struct slot *slot, const void *base)
{
    const char *at = (const char *)base + slot->offset;
    const struct field *field = slot->field;
    switch (field->kind) {
    case FIELD_ID:
    case FIELD_TEXT:
    case FIELD_BYTES:
    case FIELD_DATA:
        return ((const struct text *)(const void *)at)->at != NULL;
    case FIELD_PICK:
    case FIELD_FLAG:
    case FIELD_DAY:
        return *(const int32_t *)(const void *)at != 0;
    case FIELD_DECIMAL:
        return ((const struct decimal *)(const void *)at)->given;
    case FIELD_WHOLE:
        return ((const struct whole *)(const void *)at)->given;
    case FIELD_MOMENT:
        return ((const struct moment *)(const void *)at)->given;
    case FIELD_DECIMALS:
    case FIELD_IDS:
    case FIELD_MANY:
        return ((const struct list_head *)(const void *)at)->given;
    case FIELD_ONE:
        return *(const bool *)(at - field->offset + field->at_offset);
    case FIELD_SPLICE:
        break;
    }
    must(!"a splice is not a slot");
    return false;
}

int choices_value(const struct choices *choices, struct text word)
{
    for (uint32_t i = 1; i <= choices->count; i++)
        if (text_is(word, choices->words[i]))
            return (int)i;
    return 0;
}

const char *choices_word(const struct choices *choices, int value)
{
    return value > 0 && (uint32_t)value <= choices->count ? choices->words[value] : NULL;
}
