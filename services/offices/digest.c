/* All that was folded, a line each, in the order of ids: equal for equal histories. */
#include "model.h"

/* FNV-1a, 64 bits: the digest need only differ where states differ by accident. */
static uint64_t mark(struct text bytes)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < bytes.len; i++)
        hash = (hash ^ ((const unsigned char *)bytes.at)[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static void write_person(const struct person_entry *person, struct buf *out)
{
    const struct person_code *code = &person->code;
    buf_printf(out, "person %.*s %lu %d %lx %lu %s %s %ld\n", TEXT_ARG(person->id), person->version,
        person->founder, mark(person->packed), code->number, code->proposed_by, code->confirmed_by,
        code->confirmed_ms);
}

static void write_office(const struct office_entry *office, struct buf *out)
{
    buf_printf(out, "office %.*s %lu %ld %zu %lx\n", TEXT_ARG(office->id), office->version,
        office->vacant_ms, office->held, mark(office->packed));
    for (size_t i = 0; i < office->posting_count; i++) {
        const struct posting_entry *p = &office->postings[i];
        buf_printf(out, " %s %d %s %s %lu %lu %ld %ld %lx %lx\n", p->id, (int)p->state,
            p->proposed_by, p->confirmed_by, p->began, p->ended, p->began_ms, p->ended_ms,
            mark(p->packed), mark(p->reason));
    }
    for (size_t i = 0; i < office->handover_count; i++) {
        const struct handover_entry *h = &office->handovers[i];
        buf_printf(out, " %s %s %s %lu %ld %ld %ld %lx\n", h->id, h->outgoing, h->incoming,
            h->position, h->left_ms, h->came_ms, h->acknowledged_ms, mark(h->note));
    }
}

static void write_lines(const struct lines *lines, struct buf *out)
{
    for (size_t i = 0; i < lines->count; i++) {
        const struct line *l = &lines->at[i];
        buf_printf(out, " %d %u %s %lx %s %d %d %lu\n", (int)l->kind, l->number, l->id,
            mark(l->what), l->state, l->weight, l->due, l->position);
    }
}

static void write_pact(const struct pact_entry *pact, struct buf *out)
{
    buf_printf(out, "agreement %.*s %.*s %d %d %lu\n", TEXT_ARG(pact->id), TEXT_ARG(pact->body),
        (int)pact->state, pact->was_in_force, pact->position);
    write_lines(&pact->lines, out);
}

static void write_key(const struct signing_key *key, struct buf *out)
{
    buf_printf(out, "key %.*s %d %lu %lu\n", TEXT_ARG(key->id), (int)key->state, key->enrolled,
        key->ended);
}

static void write_department(const struct department_entry *entry, struct buf *out)
{
    buf_printf(out, "department %s %lu\n", entry->id, entry->version);
    for (size_t i = 0; i < entry->count; i++) {
        const struct department_access *a = &entry->accesses[i];
        buf_printf(out, " %s %d %s %s %ld %ld %lx\n", a->id, (int)a->state, a->proposed_by,
            a->confirmed_by, a->granted_ms, a->ended_ms, mark(a->facts.proposal.key));
    }
}

void model_digest(const void *state, struct buf *out)
{
    const struct model *model = state;
    buf_printf(out, "founded %d\n", model->founded);
    for (size_t i = 0; i < model->people.count; i++)
        write_person((const void *)model->people.at[i], out);
    for (size_t i = 0; i < model->offices.count; i++)
        write_office((const void *)model->offices.at[i], out);
    for (size_t i = 0; i < model->pacts.count; i++)
        write_pact((const void *)model->pacts.at[i], out);
    for (size_t i = 0; i < model->duties.count; i++) {
        const struct duty_entry *duty = (const void *)model->duties.at[i];
        buf_printf(out, "duty %.*s\n", TEXT_ARG(duty->id));
        write_lines(&duty->lines, out);
    }
    for (const struct thing_entry *one = model->things; one; one = one->hh.next)
        buf_printf(out, "thing %s %s %s %u\n", one->id, one->body[0], one->body[1], one->number);
    for (size_t i = 0; i < keys_count(model->keys); i++)
        write_key(keys_at(model->keys, i), out);
    const struct department_entry *entry;
    for (size_t i = 0; (entry = departments_at(model->departments, i)); i++)
        write_department(entry, out);
}
