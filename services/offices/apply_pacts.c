/* The lines that a hand-over pack shows of each agreement: its targets with their rulings, threads,
 * documents and signatures, one short line each, with the position of its last event. */
#include "apply.h"

#include "lines.h"

#include "facts/life.h"

#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>

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
    lines_drop(
        &pact->lines, lines_find(&pact->lines, LINE_RULING, number)); /* it was on another text */
    lines_put(&pact->lines, LINE_TARGET, number, id, promise->statement, happened)->weight =
        (int32_t)promise->weight.thousandths;
}

static void target_rule(struct pact_entry *pact, const struct happened *happened)
{
    const struct ruling *ruling = happened->record;
    struct text id = ruling->made.target;
    struct text reason = ruling->made.reason.at ? ruling->made.reason : ruling->statement;
    lines_put(&pact->lines, LINE_RULING, target_number(id), id, reason, happened)->state =
        choices_word(verdict_choices(), (int)ruling->made.verdict);
}

static void amendment_put(struct pact_entry *pact, const struct happened *happened)
{
    const struct amendment_proposed *amendment = happened->record;
    lines_put(&pact->lines, LINE_AMENDMENT, lines_next(&pact->lines, LINE_AMENDMENT), amendment->id,
        amendment->proposal.reason, happened)
        ->state = "proposed";
}

/* The last one. */
static void amendment_end(
    struct pact_entry *pact, const char *state, const struct happened *happened)
{
    uint32_t number = lines_next(&pact->lines, LINE_AMENDMENT) - 1;
    struct line *line = lines_find(&pact->lines, LINE_AMENDMENT, number);
    if (!line)
        return;
    line->state = state;
    line->position = happened->position;
}

/* What an amendment changes waits beside the old text until it is signed. */
static void amendment_wait(struct pact_entry *pact, const struct happened *happened)
{
    const struct amendment_changed *record = happened->record;
    const struct amendment_change *change = &record->change;
    lines_put(&pact->lines, LINE_AMENDED, target_number(change->target), change->target,
        change->promise.statement, happened)
        ->weight = (int32_t)change->promise.weight.thousandths;
}

static void amendment_do(struct pact_entry *pact, const struct happened *happened)
{
    struct line *next;
    while ((next = lines_first(&pact->lines, LINE_AMENDED))) {
        struct line waits = *next;
        waits.what = model_keep(waits.what);
        lines_drop(&pact->lines, next);
        lines_drop(&pact->lines, lines_find(&pact->lines, LINE_RULING, waits.number));
        lines_put(&pact->lines, LINE_TARGET, waits.number, text_of(waits.id), waits.what, happened)
            ->weight = waits.weight;
        model_drop(&waits.what);
    }
}

/* ---- threads, documents, signatures ---- */
static void thread_touch(struct pact_entry *pact, const struct happened *happened)
{
    const struct thread_close *closed = happened->record;
    struct line *line = lines_find_id(&pact->lines, LINE_THREAD, happened->about);
    if (!line)
        return;
    line->position = happened->position;
    if (happened->message == MESSAGE_thread_closed)
        line->state = choices_word(thread_outcome_choices(), (int)closed->outcome);
}

static void documents_become(
    struct pact_entry *pact, const char *from, const char *to, const struct happened *happened)
{
    for (size_t i = 0; i < pact->lines.count; i++)
        if (pact->lines.at[i].kind == LINE_DOCUMENT && strcmp(pact->lines.at[i].state, from) == 0) {
            pact->lines.at[i].state = to;
            pact->lines.at[i].position = happened->position;
        }
}

static void document_put(struct pact_entry *pact, const struct happened *happened)
{
    const struct document_frozen *document = happened->record;
    documents_become(pact, "frozen", "void", happened);
    lines_put(&pact->lines, LINE_DOCUMENT, lines_next(&pact->lines, LINE_DOCUMENT), document->id,
        document->sha256, happened)
        ->state = "frozen";
}

static void signature_put(struct pact_entry *pact, const struct happened *happened)
{
    const struct signature *signature = happened->record;
    char what[3 * ID_MAX];
    (void)snprintf(
        what, sizeof what, "%.*s, %.*s", TEXT_ARG(signature->person), TEXT_ARG(signature->office));
    lines_put(&pact->lines, LINE_SIGNATURE, lines_next(&pact->lines, LINE_SIGNATURE), signature->id,
        text_of(what), happened)
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
        lines_drop(
            &pact->lines, lines_find(&pact->lines, LINE_RULING, target_number(happened->about)));
        lines_drop(
            &pact->lines, lines_find(&pact->lines, LINE_TARGET, target_number(happened->about)));
        break;
    case MESSAGE_target_ruled:
        target_rule(pact, happened);
        break;
    case MESSAGE_thread_opened:
        lines_put(&pact->lines, LINE_THREAD, lines_next(&pact->lines, LINE_THREAD), thread->id,
            thread->opened.text, happened)
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
    case MESSAGE_amendment_dropped:
        amendment_end(pact, "given up", happened);
        documents_become(pact, "frozen", "void", happened);
        lines_drop_all(&pact->lines, LINE_AMENDED);
        break;
    case MESSAGE_agreement_reopened:
        documents_become(pact, "frozen", "void", happened);
        lines_drop_all(&pact->lines, LINE_AMENDED);
        break;
    case MESSAGE_amendment_proposed:
        amendment_put(pact, happened);
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
        amendment_end(pact, "in force", happened);
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
    pact->cycle = model_keep(record->opened.cycle);
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
