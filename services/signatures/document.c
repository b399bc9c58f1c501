/* The outer object is written by hand in the order of its names; what lies in it are records. */
#include "document.h"

#include "changes.h"

#include "base/must.h"
#include "schema/jcs.h"
#include "schema/pack.h"

#include <stdlib.h>

#define PIECE_MAX (256u * 1024u)

void document_piece(struct buf *out, const struct record *record, const void *value)
{
    BUF_CLEANUP struct buf packed = BUF(PIECE_MAX);
    pack_write(record, value, &packed);
    must(!packed.full && (jcs_write(record, buf_as_text(&packed), out) || out->full));
}

static void name(struct buf *out, const char *member)
{
    if (out->at[out->len - 1] != '{')
        buf_char(out, ',');
    buf_char(out, '"');
    buf_str(out, member);
    buf_str(out, "\":");
}

static void text_member(struct buf *out, const char *member, struct text text)
{
    if (text.len == 0)
        return;
    name(out, member);
    must(jcs_text(out, text));
}

static void record_member(
    struct buf *out, const char *member, const struct record *record, const void *value)
{
    name(out, member);
    document_piece(out, record, value);
}

static void list_member(struct buf *out, const char *member, const struct buf *items)
{
    name(out, member);
    buf_char(out, '[');
    buf_text(out, buf_as_text(items));
    buf_char(out, ']');
    if (items->full)
        out->full = true;
}

static void add_party(void *owner, const struct document_party *party)
{
    struct buf *out = owner;
    if (out->len)
        buf_char(out, ',');
    document_piece(out, document_party_record(), party);
}

static void count(struct document_tally *tally, int64_t weight)
{
    tally->targets.value++;
    tally->weight.thousandths += weight;
}

static struct document_tally *tally_of(struct document_rulings *rulings, enum target_class class)
{
    switch ((int)class) {
    case CLASS_OUTCOME:
        return &rulings->outcome;
    case CLASS_OUTPUT:
        return &rulings->output;
    case CLASS_PROCESS:
        return &rulings->process;
    default:
        return &rulings->unruled;
    }
}

static struct document_rulings no_rulings(void)
{
    static const struct document_tally none = {.targets = {0, true}, .weight = {0, true}};
    return (struct document_rulings){.outcome = none,
        .has_outcome = true,
        .output = none,
        .has_output = true,
        .process = none,
        .has_process = true,
        .enablers = none,
        .has_enablers = true,
        .unruled = none,
        .has_unruled = true};
}

/* A target as it shall read: with its new text it has no ruling yet. */
static void add_target(const struct agreement_entry *agreement, const struct target_entry *target,
    const struct text *change, struct buf *out, struct document_rulings *rulings)
{
    struct target_promised promised = {0};
    struct amendment_changed changed = {0};
    struct faults why = {0};
    char enables[ID_MAX + 1];
    must(pack_read_trusted(target_promised_record(), target->packed, &promised, &why) == OK);
    struct document_target shown = {.id = promised.id, .promise = promised.promise};
    if (change) {
        must(pack_read_trusted(amendment_changed_record(), *change, &changed, &why) == OK);
        shown.promise = changed.change.promise;
    } else {
        shown.verdict = (enum verdict)target->verdict;
        shown.ruled_class = (enum target_class)target->ruled_class;
        if (target->enables)
            shown.enables = changes_target_id(agreement, target->enables, enables);
    }
    int64_t weight = shown.promise.weight.thousandths;
    count(tally_of(rulings, shown.ruled_class), weight);
    if (shown.verdict == VERDICT_ENABLER)
        count(&rulings->enablers, weight);
    if (out->len)
        buf_char(out, ',');
    document_piece(out, document_target_record(), &shown);
}

static void add_targets(
    const struct agreement_entry *agreement, struct buf *out, struct document_rulings *rulings)
{
    const struct text **changes = changes_by_target(agreement);
    for (size_t i = 0; i < agreement->target_count; i++)
        add_target(agreement, &agreement->targets[i], changes[i], out, rulings);
    free(changes);
}

static void add_amendment(const struct agreement_entry *agreement, struct buf *out)
{
    const struct amendment_proposed *facts = &agreement->amendment.facts;
    struct document_amendment shown = {.id = facts->id,
        .reason = facts->proposal.reason,
        .changes = facts->changes,
        .weight = facts->weight};
    if (agreement->amendment.packed.at)
        record_member(out, "amendment", document_amendment_record(), &shown);
}

static void add_changes(const struct agreement_entry *agreement, struct buf *out)
{
    BUF_CLEANUP struct buf changes = BUF(DOCUMENT_MAX);
    if (!agreement->amendment.packed.at)
        return;
    changes_write(agreement, &changes);
    list_member(out, "changes", &changes);
}

static void add_title(const struct agreement_entry *agreement, const struct body *body,
    const struct cycle *cycle, struct buf *out)
{
    BUF_CLEANUP struct buf title = BUF(4096);
    buf_printf(&title, "Performance agreement of %.*s, %.*s", TEXT_ARG(body->name),
        TEXT_ARG(cycle->title));
    text_member(
        out, "title", agreement->facts.title.len ? agreement->facts.title : buf_as_text(&title));
}

bool document_write(const struct model *model, const struct agreement_entry *agreement,
    const struct request *request, struct text supersedes, struct buf *out,
    char ret_conflict[PARTIES_CONFLICT])
{
    struct body body = {0};
    struct cycle cycle = {0};
    must(model_body(model, agreement->facts.body, &body));
    must(model_cycle(model, agreement->facts.cycle, &cycle));
    struct document_rulings rulings = no_rulings();
    BUF_CLEANUP struct buf parties = BUF(PIECE_MAX), targets = BUF(DOCUMENT_MAX);
    parties_each(model, request->roster, body.id, add_party, &parties, ret_conflict);
    add_targets(agreement, &targets, &rulings);

    buf_char(out, '{');
    text_member(out, "agreement", text_of(agreement->id));
    add_amendment(agreement, out);
    record_member(out, "body", document_body_record(),
        &(struct document_body){.id = body.id, .name = body.name});
    add_changes(agreement, out);
    text_member(out, "conflict", text_of(ret_conflict));
    record_member(out, "cycle", document_cycle_record(),
        &(struct document_cycle){cycle.id, cycle.title, cycle.starts_on, cycle.ends_on});
    record_member(out, "feedback", document_feedback_record(),
        &(struct document_feedback){.threads = {agreement->threads, true},
            .accepted = {agreement->threads_accepted, true},
            .answered = {agreement->threads_answered, true}});
    text_member(out, "origin", request->origin);
    list_member(out, "parties", &parties);
    record_member(out, "rulings", document_rulings_record(), &rulings);
    text_member(out, "supersedes", supersedes);
    list_member(out, "targets", &targets);
    add_title(agreement, &body, &cycle, out);
    text_member(out, "type", TEXT_LITERAL(DOCUMENT_TYPE));
    name(out, "version");
    buf_whole(out, (int64_t)agreement->document_count + 1);
    buf_char(out, '}');
    return !out->full;
}
