/* Records as plain C values, and the rows that describe them. Every struct here is born from the
 * tables under schema/tables, and so are the rows that one validator and all codecs walk; adding a
 * field is one line in a table. Values own nothing: texts are borrowed from the frame, the JSON
 * document or whatever else they were read from, which must outlive them. */
#ifndef MISAQ_SCHEMA_SCHEMA_H
#define MISAQ_SCHEMA_SCHEMA_H

#include "base/decimal.h"
#include "base/err.h"
#include "base/text.h"

#define ID_MAX        64
#define WHOLE_MAX     INT64_C(999999999999999) /* 15 digits: exact in every JSON reader */
#define DECIMAL_LEAST (-DECIMAL_MAX)

struct decimal {
    int64_t thousandths;
    bool given;
};

struct whole {
    int64_t value;
    bool given;
};

struct moment {
    int64_t ms; /* since 1970 UTC */
    bool given;
};

enum flag { FLAG_UNSET, FLAG_NO, FLAG_YES };

/* Every list begins with this head; the items follow in a member `at`. */
struct list_head {
    uint32_t count;
    bool given;
};

/* ---- the closed sets ---- */
#define CHOICES(name, sentence)         enum name { name##_UNSET,
#define CHOICE(enumerator, word, about) enumerator,
#define END_CHOICES                                                                                \
    }                                                                                              \
    ;
#include "schema/tables/choices.def"
#undef CHOICES
#undef CHOICE
#undef END_CHOICES

/* ---- the records ---- */
#define RECORD(name, sentence)                          struct name {
#define ID(name, needed, sentence)                      struct text name;
#define TEXT(name, most, needed, sentence)              struct text name;
#define PICK(name, choices, needed, sentence)           enum choices name;
#define FLAG(name, needed, sentence)                    enum flag name;
#define DECIMAL(name, least, most, needed, sentence)    struct decimal name;
#define DECIMAL_OR(name, least, most, preset, sentence) struct decimal name;
#define WHOLE(name, least, most, needed, sentence)      struct whole name;
#define WHOLE_OR(name, least, most, preset, sentence)   struct whole name;
#define DAY(name, needed, sentence)                     int32_t name; /* yyyymmdd, 0: none */
#define MOMENT(name, needed, sentence)                  struct moment name;
#define BYTES(name, most, needed, sentence)             struct text name;
#define DATA(name, most, needed, sentence)              struct text name;
#define DECIMALS(name, most, needed, sentence)                                                     \
    struct {                                                                                       \
        struct list_head head;                                                                     \
        int64_t at[most]; /* thousandths */                                                        \
    } name;
#define IDS(name, most, needed, sentence)                                                          \
    struct {                                                                                       \
        struct list_head head;                                                                     \
        struct text at[most];                                                                      \
    } name;
#define ONE(name, record, needed, sentence)                                                        \
    struct record name;                                                                            \
    bool has_##name;
#define MANY(name, record, most, needed, sentence)                                                 \
    struct {                                                                                       \
        struct list_head head;                                                                     \
        struct record at[most];                                                                    \
    } name;
#define SPLICE(name, record) struct record name;
#define END_RECORD                                                                                 \
    }                                                                                              \
    ;
#include "schema/records.def"
#include "schema/undef.h"

/* ---- what the rows say ---- */
enum field_kind {
    FIELD_ID = 1,
    FIELD_TEXT,
    FIELD_PICK,
    FIELD_FLAG,
    FIELD_DECIMAL,
    FIELD_WHOLE,
    FIELD_DAY,
    FIELD_MOMENT,
    FIELD_BYTES,
    FIELD_DATA,
    FIELD_DECIMALS,
    FIELD_IDS,
    FIELD_ONE,
    FIELD_MANY,
    FIELD_SPLICE
};

enum needed { OPTIONAL = 1, REQUIRED, PRESET };

struct choices {
    const char *name;
    const char *sentence;
    uint32_t count; /* words[1] to words[count]; words[0] is NULL: unset */
    const char *const *words;
    const char *const *sentences;
};

struct field {
    const char *name;
    enum field_kind kind;
    enum needed needed;
    size_t offset;
    size_t at_offset; /* of the first item of a list; of has_<name> of a ONE */
    size_t item_size; /* bytes of an item of a list */
    int64_t least;    /* numbers */
    int64_t most;     /* numbers; code points of a text; bytes; items of a list */
    int64_t preset;   /* of a PRESET */
    const struct choices *(*choices)(void);
    const struct record *(*record)(void);
    const char *sentence;
};

/* A field of a record with its splices flattened: where it stands in the outermost struct. */
struct slot {
    const struct field *field;
    size_t offset;
    struct text name;
};

#define SLOTS_MAX 64

struct slots {
    size_t count; /* 0 until record_slots() has filled it in */
    struct slot at[SLOTS_MAX];
};

struct record {
    const char *name;
    const char *sentence;
    size_t size; /* of the struct */
    size_t count;
    const struct field *fields;
    struct slots *slots; /* see record_slots() */
};

/* One function a record and one a closed set: target_record(), direction_choices(). */
#define RECORD(name, sentence) const struct record *name##_record(void);
#include "schema/quiet.h"
#include "schema/records.def"
#include "schema/undef.h"
#define CHOICES(name, sentence) const struct choices *name##_choices(void);
#define CHOICE(enumerator, word, about)
#define END_CHOICES
#include "schema/tables/choices.def"
#undef CHOICES
#undef CHOICE
#undef END_CHOICES

/* All records in the order of the tables; NULL behind the last. For tests and descriptions. */
const struct record *record_at(size_t index);
/* All fields of a record in order, splices flattened: what every codec walks. */
const struct slots *record_slots(const struct record *record);
/* The slot of a name, or NULL. *hint makes a walk in the order of the rows cost nothing: start it
 * at 0 and pass the same one on. */
const struct slot *record_find(const struct record *record, struct text name, size_t *hint);
/* The enumerator of a word, 0 when it is none; and the word, NULL for 0. */
int choices_value(const struct choices *choices, struct text word);
const char *choices_word(const struct choices *choices, int value);
/* Whether the field of a slot holds something in the struct at `base`. */
bool slot_given(const struct slot *slot, const void *base);
static inline void *slot_at(const struct slot *slot, void *base)
{
    return (char *)base + slot->offset;
}

/* ---- validation: check.c ---- */
/* Fills in presets and adds a fault for each rule that the record breaks: missing, too long, not
 * one line of NFC text, control or bidi characters, out of range. Members are named below the
 * prefix of `why`. */
enum err record_check(const struct record *record, void *value, struct faults *why) MUST_CHECK;
/* The rules for a single text and id, for what does not come in a record. NULL when it is fine,
 * else what is wrong with it. */
const char *text_complaint(struct text text, size_t most_code_points);
const char *id_complaint(struct text text);

/* ---- values in plain text: plain.c ---- */
/* Reads one field from a path segment, a query parameter or a CSV cell into the struct at `base`.
 * Lists and inner records have the form of csv.h. Texts are borrowed from `text`, except where an
 * escape had to be undone: then from `arena`, which does not grow here (it must have room for
 * text.len more bytes, or such a text is refused). Rules of record_check are not applied here. */
enum err slot_read_text(const struct slot *slot, struct text text, struct buf *arena, void *base,
    struct faults *why) MUST_CHECK;

#endif
