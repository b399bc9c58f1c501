#include "same.h"

#include "base/clock.h"
#include "base/must.h"

#include <stdio.h>

#define SHOWN 110 /* bytes of a value in a fault: two of them fit its detail */

static struct text text_at(const struct slot *slot, const void *base)
{
    return *(const struct text *)(const void *)((const char *)base + slot->offset);
}

/* A value in words, cut where it is long; "nothing" when it is not given. */
static const char *shown(const struct slot *slot, const void *base, char out[SHOWN + 1])
{
    const void *at = (const char *)base + slot->offset;
    if (!slot_given(slot, base))
        return "nothing";
    switch (slot->field->kind) {
    case FIELD_ID:
    case FIELD_TEXT:
        (void)snprintf(out, SHOWN + 1, "\"%.*s\"", TEXT_ARG(text_at(slot, base)));
        return out;
    case FIELD_PICK:
        return choices_word(slot->field->choices(), *(const int *)at);
    case FIELD_DAY:
        day_to_text(*(const int32_t *)at, out);
        return out;
    default:
        (void)snprintf(out, SHOWN + 1, "%ld", ((const struct whole *)at)->value);
        return out;
    }
}

static bool same(const struct slot *slot, const void *a, const void *b)
{
    if (!slot_given(slot, a) || !slot_given(slot, b))
        return slot_given(slot, a) == slot_given(slot, b);
    switch (slot->field->kind) {
    case FIELD_ID:
    case FIELD_TEXT:
        return text_equal(text_at(slot, a), text_at(slot, b));
    case FIELD_PICK:
    case FIELD_DAY:
        return memcmp((const char *)a + slot->offset, (const char *)b + slot->offset,
                   sizeof(int32_t)) == 0;
    default:
        must(slot->field->kind == FIELD_WHOLE);
        return memcmp((const char *)a + slot->offset, (const char *)b + slot->offset,
                   sizeof(int64_t)) == 0;
    }
}

void same_check(
    const struct record *record, const void *said, const void *meant, struct faults *why)
{
    const struct slots *slots = record_slots(record);
    for (size_t i = 0; i < slots->count; i++) {
        const struct slot *slot = &slots->at[i];
        char wrong[SHOWN + 1], right[SHOWN + 1];
        if (!same(slot, said, meant))
            faults_add(why, ERR_INVALID, slot->field->name, "says %s, and has to say %s",
                shown(slot, said, wrong), shown(slot, meant, right));
    }
}
