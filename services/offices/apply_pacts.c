/* The lines that a hand-over pack shows of each agreement: its targets with their rulings, threads,
 * documents and signatures, one short line each, with the position of its last event. */
#include "apply.h"

#include "facts/life.h"

#include "base/must.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>

#define WHAT_MOST 200 /* code points of a line */

/* ---- lines ---- */
static struct text cut(struct text text)
{
    size_t len = 0;
    for (size_t points = 0; len < text.len && points < WHAT_MOST; points++) {
        size_t width = utf8_width(text.at + len, text.len - len);
        len += width ? width : 1;
    }
    return (struct text){text.at, len < text.len ? len : text.len};
}

static size_t place_of(const struct pact_entry *pact, enum line_kind kind, uint32_t number)
{
    size_t low = 0, high = pact->line_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct line *line = &pact->lines[middle];
        if (line->kind < kind || (line->kind == kind && line->number < number))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct line *find(const struct pact_entry *pact, enum line_kind kind, uint32_t number)
{
    size_t place = place_of(pact, kind, number);
    bool found = place < pact->line_count && pact->lines[place].kind == kind &&
                 pact->lines[place].number == number;
    return found ? &pact->lines[place] : NULL;
}

static void drop(struct pact_entry *pact, struct line *line)
{
    if (!line)
        return;
    model_drop(&line->what);
    size_t behind = pact->line_count - (size_t)(line - pact->lines) - 1;
    memmove(line, line + 1, behind * sizeof *line);
    pact->line_count--;
}

/* Takes the place of the line of that kind and number, if there is one. */
static struct line *put(struct pact_entry *pact, enum line_kind kind, uint32_t number,
    struct text id, struct text what, const struct happened *happened)
{
    drop(pact, find(pact, kind, number));
    size_t place = place_of(pact, kind, number);
    pact->lines = apply_room(pact->lines, pact->line_count, &pact->line_room, sizeof *pact->lines);
    struct line *line = &pact->lines[place];
    memmove(line + 1, line, (pact->line_count - place) * sizeof *line);
    pact->line_count++;
    *line = (struct line){.kind = kind,
        .number = number,
        .what = model_keep(cut(what)),
        .state = "",
        .position = happened->position};
    apply_id(line->id, id);
    return line;
}

static uint32_t next_number(const struct pact_entry *pact, enum line_kind kind)
{
    size_t place = place_of(pact, kind, UINT32_MAX);
    bool any = place > 0 && pact->lines[place - 1].kind == kind;
    return any ? pact->lines[place - 1].number + 1 : 1;
}

static struct line *find_id(struct pact_entry *pact, enum line_kind kind, struct text id)
{
    for (size_t i = place_of(pact, kind, 0); i < pact->line_count; i++)
        if (pact->lines[i].kind == kind && text_is(id, pact->lines[i].id))
            return &pact->lines[i];
    return NULL;
}

static void drop_all(struct pact_entry *pact, enum line_kind kind)
{
    for (size_t i = pact->line_count; i > 0; i--)
        if (pact->lines[i - 1].kind == kind)
            drop(pact, &pact->lines[i - 1]);
}

/* ---- targets ---- */
static uint32_t target_number(struct text id)
{
    uint64_t number = 0;
    struct text digits;
    (void)text_cut(id, '.', &digits);
    return text_whole(digits, UINT32_MAX, &number) ? (uint32_t)number : 0;
}

static void target_put(struct pact_entry *pact, struct text id,
    const struct target_promise *promise, const struct happened *happened)
{
    uint32_t number = target_number(id);
    drop(pact, find(pact, LINE_RULING, number)); /* it was on another text */
    put(pact, LINE_TARGET, number, id, promise->statement, happened)->weight =
        (int32_t)promise->weight.thousandths;
}

static void target_rule(struct pact_entry *pact, const struct happened *happened)
{
    const struct ruling *ruling = happened->record;
    struct text id = ruling->made.target;
    struct text reason = ruling->made.reason.at ? ruling->made.reason : ruling->statement;
    put(pact, LINE_RULING, target_number(id), id, reason, happened)->state =
        choices_word(verdict_choices(), (int)ruling->made.verdict);
}

/* What an amendment changes waits beside the old text until it is signed. */
static void amendment_wait(struct pact_entry *pact, const struct happened *happened)
{
    const struct amendment_changed *record = happened->record;
    const struct amendment_change *change = &record->change;
    put(pact, LINE_AMENDED, target_number(change->target), change->target,
        change->promise.statement, happened)
        ->weight = (int32_t)change->promise.weight.thousandths;
}

static void amendment_do(struct pact_entry *pact, const struct happened *happened)
{
    size_t place;
    while ((place = place_of(pact, LINE_AMENDED, 0)) < pact->line_count) {
        struct line waits = pact->lines[place];
        waits.what = model_keep(waits.what);
        drop(pact, &pact->lines[place]);
        drop(pact, find(pact, LINE_RULING, waits.number));
        put(pact, LINE_TARGET, waits.number, text_of(waits.id), waits.what, happened)->weight =
            waits.weight;
        model_drop(&waits.what);
    }
}

/* ---- threads, documents, signatures ---- */
static void thread_touch(struct pact_entry *pact, const struct happened *happened)
{
    const struct thread_close *closed = happened->record;
    struct line *line = find_id(pact, LINE_THREAD, happened->about);
    if (!line)
        return;
    line->position = happened->position;
    if (happened->message == MESSAGE_thread_closed)
        line->state = choices_word(thread_outcome_choices(), (int)closed->outcome);
}

static void documents_become(
    struct pact_entry *pact, const char *from, const char *to, const struct happened *happened)
{
    for (size_t i = 0; i < pact->line_count; i++)
        if (pact->lines[i].kind == LINE_DOCUMENT && strcmp(pact->lines[i].state, from) == 0) {
            pact->lines[i].state = to;
            pact->lines[i].position = happened->position;
        }
}

static void document_put(struct pact_entry *pact, const struct happened *happened)
{
    const struct document_frozen *document = happened->record;
    documents_become(pact, "frozen", "void", happened);
    put(pact, LINE_DOCUMENT, next_number(pact, LINE_DOCUMENT), document->id, document->sha256,
        happened)
        ->state = "frozen";
}

static void signature_put(struct pact_entry *pact, const struct happened *happened)
{
    const struct signature *signature = happened->record;
    char what[3 * ID_MAX];
    (void)snprintf(
        what, sizeof what, "%.*s, %.*s", TEXT_ARG(signature->person), TEXT_ARG(signature->office));
    put(pact, LINE_SIGNATURE, next_number(pact, LINE_SIGNATURE), signature->id, text_of(what),
        happened)
        ->state = choices_word(signing_act_choices(), (int)signature->act);
    if (happened->message != MESSAGE_agreement_pm_signed &&
        happened->message != MESSAGE_agreement_amended)
        return;
    documents_become(pact, "in force", "superseded", happened);
    documents_become(pact, "frozen", "in force", happened);
}

/* ---- events ---- */
static void change(struct pact_entry *pact, const struct happened *happened)
{
    const struct target_promised *promised = happened->record;
    const struct thread_opened *thread = happened->record;
    switch (happened->message) {
    case MESSAGE_target_drafted:
    case MESSAGE_target_changed:
        target_put(pact, promised->id, &promised->promise, happened);
        break;
    case MESSAGE_target_removed:
        drop(pact, find(pact, LINE_RULING, target_number(happened->about)));
        drop(pact, find(pact, LINE_TARGET, target_number(happened->about)));
        break;
    case MESSAGE_target_ruled:
        target_rule(pact, happened);
        break;
    case MESSAGE_thread_opened:
        put(pact, LINE_THREAD, next_number(pact, LINE_THREAD), thread->id, thread->opened.text,
            happened)
            ->state = choices_word(thread_outcome_choices(), THREAD_OPEN);
        break;
    case MESSAGE_thread_answered:
    case MESSAGE_thread_closed:
        thread_touch(pact, happened);
        break;
    case MESSAGE_agreement_frozen:
    case MESSAGE_amendment_frozen:
        document_put(pact, happened);
        break;
    case MESSAGE_agreement_reopened:
    case MESSAGE_amendment_dropped:
        documents_become(pact, "frozen", "void", happened);
        drop_all(pact, LINE_AMENDED);
        break;
    case MESSAGE_amendment_changed:
        amendment_wait(pact, happened);
        break;
    case MESSAGE_agreement_minister_signed:
    case MESSAGE_agreement_unsigned:
    case MESSAGE_agreement_countersigned:
    case MESSAGE_agreement_adopted:
    case MESSAGE_agreement_withdrawn_by_pm:
    case MESSAGE_amendment_minister_signed:
    case MESSAGE_agreement_pm_signed:
        signature_put(pact, happened);
        break;
    case MESSAGE_agreement_amended:
        signature_put(pact, happened);
        amendment_do(pact, happened);
        break;
    default:
        break;
    }
}

static struct pact_entry *open(struct model *model, const struct happened *happened)
{
    const struct agreement_opened *record = happened->record;
    struct pact_entry *pact = calloc(1, sizeof *pact);
    must(pact);
    pact->id = model_keep(record->id);
    pact->body = model_keep(record->opened.body);
    catalogue_add(&model->pacts, &pact->id);
    return pact;
}

const char *apply_pacts(struct model *model, const struct happened *happened)
{
    if (!life_concerns(happened->message))
        return NULL;
    struct pact_entry *pact = model_pact(model, happened->subject);
    enum agreement_state after =
        life_after(happened->message, pact ? pact->state : agreement_state_UNSET);
    if (!after)
        return "an agreement was not in a state in which that happens";
    if (!pact)
        pact = open(model, happened);
    pact->state = after;
    pact->was_in_force = pact->was_in_force || life_is_in_force(after);
    pact->position = happened->position;
    change(pact, happened);
    return NULL;
}
