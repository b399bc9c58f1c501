/* The whole state in lines, for the proof that every follower folded the same. Packed records stand
 * for themselves by a hash: it need only differ where states differ. */
#include "digest.h"

#include "model.h"

/* FNV-1a, 64 bits. */
static uint64_t mark(struct text bytes)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < bytes.len; i++)
        hash = (hash ^ (unsigned char)bytes.at[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static void tell_key(const struct signing_key *key, struct buf *out)
{
    buf_printf(out, "key %.*s %d %lu %lu %lu %ld %ld %.*s %.*s %lx %lx\n", TEXT_ARG(key->id),
        (int)key->state, key->proposed, key->enrolled, key->ended, key->enrolled_ms, key->ended_ms,
        TEXT_ARG(key->proposed_by), TEXT_ARG(key->confirmed_by), mark(key->reason),
        mark(key->packed));
}

static void tell_agreement(const struct agreement_entry *agreement, struct buf *out)
{
    buf_printf(out, "agreement %s %d %d %lu %lu %u %u %u %lx\n", agreement->id,
        (int)agreement->state, (int)agreement->public, agreement->version, agreement->position,
        agreement->threads, agreement->threads_accepted, agreement->threads_answered,
        mark(agreement->packed));
    for (size_t i = 0; i < agreement->target_count; i++) {
        const struct target_entry *target = &agreement->targets[i];
        buf_printf(out, ".%u %d %d %u %lx\n", target->number, (int)target->verdict,
            (int)target->ruled_class, target->enables, mark(target->packed));
    }
    if (agreement->amendment.packed.at)
        buf_printf(out, "amendment %lx\n", mark(agreement->amendment.packed));
    for (size_t i = 0; i < agreement->amendment.count; i++)
        buf_printf(out, "change %lx\n", mark(agreement->amendment.changes[i]));
}

static uint64_t at(const struct signature_entry *signature)
{
    return signature ? signature->position : 0;
}

static void tell_document(const struct document_entry *document, struct buf *out)
{
    buf_printf(out, "document %.*s %lu %ld %ld %lx %d %d %d %d %lu %lu %lu %lx\n",
        TEXT_ARG(document->facts.id), document->position, document->at_ms, document->parts,
        mark((struct text){document->bytes, document->len}), (int)document->amends,
        (int)document->voided, (int)document->in_force,
        (int)(document == document->agreement->current), at(document->minister), at(document->pm),
        document->superseded_by ? document->superseded_by->position : 0, mark(document->packed));
}

static void tell_signature(const struct signature_entry *signature, struct buf *out)
{
    buf_printf(out, "signature %.*s %d %lu %ld %d %.*s %lx\n", TEXT_ARG(signature->facts.id),
        (int)signature->event, signature->position, signature->at_ms, (int)signature->withdrawn,
        TEXT_ARG(signature->document->facts.id), mark(signature->packed));
}

void digest_model(const void *state, struct buf *out)
{
    const struct model *model = state;
    char root[DIGEST_HEX_SIZE];
    struct digest tree = merkle_root(model->tree, merkle_size(model->tree));
    buf_printf(out, "tree %lu %s\n", merkle_size(model->tree), digest_to_hex(&tree, root));
    for (const struct notion *n = model->cycle_notions; n; n = n->hh.next)
        buf_printf(out, "cycle %s %lx\n", n->id, mark(n->packed));
    for (const struct notion *n = model->body_notions; n; n = n->hh.next)
        buf_printf(out, "body %s %lx\n", n->id, mark(n->packed));
    for (const struct seat *s = model->seats; s; s = s->hh.next)
        buf_printf(out, "seat %s %lu %ld\n", s->id, s->version, s->taken_ms);
    for (size_t i = 0; i < keys_count(model->keys); i++)
        tell_key(keys_at(model->keys, i), out);
    for (const struct agreement_entry *a = model->agreements; a; a = a->hh.next)
        tell_agreement(a, out);
    for (size_t i = 0; i < model->draws.count; i++)
        buf_printf(out, "draw %s %lu %d %lx %lx\n", model->draws.at[i].id, model->draws.at[i].size,
            (int)model->draws.at[i].reached, mark(model->draws.at[i].packed),
            mark(model->draws.at[i].made));
    for (size_t i = 0; i < model->document_count; i++)
        tell_document(model->documents[i], out);
    for (size_t i = 0; i < model->signature_count; i++)
        tell_signature(model->signatures[i], out);
}
