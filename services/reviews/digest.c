/* A line for each thing in the order in which it came. What the checks of likeness rest on follows
 * from the rulings, and who acts for whom from the bodies. */
#include "digest.h"

#include "model.h"

/* FNV-1a, 64 bits: the digest need only differ where states differ by accident. */
static uint64_t mark(struct text text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ ((const unsigned char *)text.at)[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static void digest_body(const struct body_entry *body, struct buf *out)
{
    buf_printf(out, "body %s", body->id);
    for (size_t i = 0; i < body->successor_count; i++)
        buf_printf(out, " >%s", body->successors[i]);
    for (size_t i = 0; i < body->office_count; i++)
        buf_printf(out, " %s", body->offices[i]);
    buf_char(out, '\n');
}

static void digest_targets(
    const char *sign, const struct target_entry *targets, size_t count, struct buf *out)
{
    for (size_t i = 0; i < count; i++) {
        const struct target_entry *target = &targets[i];
        buf_printf(out, "%s%u %d %d %d %zu %lx\n", sign, target->number, target->weight,
            target->class, target->checked, target->ruling,
            mark((struct text){target->statement, target->statement_len}));
    }
}

static void digest_agreement(const struct agreement_entry *agreement, struct buf *out)
{
    buf_printf(out, "agreement %s %s %s %d %d %lu %lu %ld %u\n", agreement->id, agreement->body->id,
        agreement->cycle->id, (int)agreement->state, agreement->was_in_force, agreement->version,
        agreement->submitted, agreement->submitted_at, agreement->threads);
    digest_targets(".", agreement->targets, agreement->target_count, out);
    digest_targets("~", agreement->amended, agreement->amended_count, out);
}

static void digest_said(const struct thread_said *said, struct buf *out)
{
    buf_printf(out, " %.*s %.*s %ld %lx", TEXT_ARG(said->person), TEXT_ARG(said->office), said->at,
        mark(said->text));
}

static void digest_thread(const struct thread_entry *thread, struct buf *out)
{
    buf_printf(out, "thread %s %s %lu %d %zu", thread->id, thread->target, thread->position,
        (int)thread->outcome, thread->bytes);
    digest_said(&thread->opened, out);
    for (size_t i = 0; i < thread->word_count; i++)
        digest_said(&thread->words[i], out);
    buf_char(out, '\n');
}

void digest_write(const void *state, struct buf *out)
{
    const struct model *model = state;
    for (const struct body_entry *body = model->body_table; body; body = body->hh.next)
        digest_body(body, out);
    for (const struct cycle_entry *cycle = model->cycle_table; cycle; cycle = cycle->hh.next)
        buf_printf(out, "cycle %s %ld %ld\n", cycle->id, cycle->outcome_least, cycle->process_most);
    for (const struct agreement_entry *one = model->agreement_table; one; one = one->hh.next)
        digest_agreement(one, out);
    for (size_t i = 0; i < model->ruling_count; i++) {
        const struct ruling_entry *ruling = &model->rulings[i];
        buf_printf(out, "ruling %s.%u %lu %ld %d %d %.*s %.*s %lx\n", ruling->agreement->id,
            ruling->target, ruling->position, ruling->at, ruling->was_signed, ruling->replaced,
            TEXT_ARG(ruling->person), TEXT_ARG(ruling->office), mark(ruling->packed));
    }
    for (const struct thread_entry *thread = model->thread_table; thread; thread = thread->hh.next)
        digest_thread(thread, out);
    digest_quarter(model, out);
}
