/* Both texts of a target are written canonically and compared member by member: their names come
 * in one order. */
#include "changes.h"

#include "canon.h"
#include "document.h"

#include "base/must.h"
#include "schema/jcs.h"
#include "schema/pack.h"

#include <stdio.h>
#include <stdlib.h>

#define TEXT_MAX (256u * 1024u)

struct text changes_target_id(
    const struct agreement_entry *agreement, uint32_t number, char out[ID_MAX + 1])
{
    int len = snprintf(out, ID_MAX + 1, "%s.%u", agreement->id, number);
    must(len > 0 && len <= ID_MAX);
    return (struct text){out, (size_t)len};
}

static struct amendment_change read_change(struct text packed)
{
    struct amendment_changed changed = {0};
    struct faults why = {0};
    must(pack_read_trusted(amendment_changed_record(), packed, &changed, &why) == OK);
    return changed.change;
}

const struct text **changes_by_target(const struct agreement_entry *agreement)
{
    const struct text **by_target = calloc(agreement->target_count + 1, sizeof *by_target);
    must(by_target);
    for (size_t i = 0; i < agreement->amendment.count; i++) {
        const struct text *packed = &agreement->amendment.changes[i];
        const struct target_entry *target =
            model_target(agreement, model_number(read_change(*packed).target));
        must(target);
        by_target[target - agreement->targets] = packed;
    }
    return by_target;
}

static void write_member(struct buf *out, struct text name, struct text was, struct text becomes)
{
    if (out->at[out->len - 1] != '[')
        buf_char(out, ',');
    buf_str(out, "{\"member\":\"");
    buf_text(out, name);
    buf_char(out, '"');
    if (becomes.at) {
        buf_str(out, ",\"new\":");
        buf_text(out, becomes);
    }
    if (was.at) {
        buf_str(out, ",\"old\":");
        buf_text(out, was);
    }
    buf_char(out, '}');
}

/* Walks two objects whose members are in one order, as a merge. */
static void write_members(struct buf *out, struct text before, struct text after)
{
    struct canon was = canon_open(before), becomes = canon_open(after);
    struct text was_name, was_value, name, value;
    bool has_was = canon_member(&was, &was_name, &was_value);
    bool has = canon_member(&becomes, &name, &value);
    while (has_was || has) {
        int order = !has_was ? 1 : !has ? -1 : text_order(was_name, name);
        if (order == 0 && !text_equal(was_value, value))
            write_member(out, name, was_value, value);
        else if (order < 0)
            write_member(out, was_name, was_value, (struct text){0});
        else if (order > 0)
            write_member(out, name, (struct text){0}, value);
        if (order <= 0)
            has_was = canon_member(&was, &was_name, &was_value);
        if (order >= 0)
            has = canon_member(&becomes, &name, &value);
    }
}

static void write_change(const struct target_entry *target, struct text packed, struct buf *out)
{
    struct target_promised promised = {0};
    struct faults why = {0};
    struct amendment_change change = read_change(packed);
    BUF_CLEANUP struct buf before = BUF(TEXT_MAX), after = BUF(TEXT_MAX);
    must(pack_read_trusted(target_promised_record(), target->packed, &promised, &why) == OK);
    document_piece(&before, target_promise_record(), &promised.promise);
    document_piece(&after, target_promise_record(), &change.promise);
    must(!before.full && !after.full);
    buf_str(out, "{\"effect\":");
    must(jcs_text(out, change.effect));
    buf_str(out, ",\"members\":[");
    write_members(out, buf_as_text(&before), buf_as_text(&after));
    buf_str(out, "],\"target\":");
    must(jcs_text(out, change.target));
    buf_str(out, ",\"why\":");
    must(jcs_text(out, change.why));
    buf_char(out, '}');
}

void changes_write(const struct agreement_entry *agreement, struct buf *out)
{
    const struct text **changes = changes_by_target(agreement);
    for (size_t i = 0; i < agreement->target_count; i++) {
        if (!changes[i])
            continue;
        if (out->len)
            buf_char(out, ',');
        write_change(&agreement->targets[i], *changes[i], out);
    }
    free(changes);
}
