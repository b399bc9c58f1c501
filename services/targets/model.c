/* Finding things, naming things, and telling the whole state for a digest. */
#include "model.h"

#include "amending.h"

#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>

void *model_new(void)
{
    struct model *model = calloc(1, sizeof *model);
    must(model);
    model->succession = bodies_new();
    return model;
}

/* packed.at is const because everybody but its owner borrows it. */
static void free_packed(struct text packed)
{
    free((void *)(uintptr_t)packed.at);
}

static void free_body(void *thing)
{
    struct body_entry *body = thing;
    free_packed(body->packed);
    free(body);
}

static void free_cycle(void *thing)
{
    struct cycle_entry *cycle = thing;
    free_packed(cycle->packed);
    free(cycle);
}

static void free_agreement(void *thing)
{
    struct agreement_entry *agreement = thing;
    for (size_t i = 0; i < agreement->target_count; i++)
        free(agreement->targets[i].kept);
    free(agreement->targets);
    amending_free(agreement);
    free_packed(agreement->packed);
    free(agreement);
}

void model_free(void *state)
{
    struct model *model = state;
    if (!model)
        return;
    catalogue_free(&model->agreements, free_agreement);
    catalogue_free(&model->bodies, free_body);
    catalogue_free(&model->cycles, free_cycle);
    bodies_free(model->succession);
    handovers_free(&model->handovers);
    ideas_free(&model->ideas);
    checker_free(model->checker);
    free(model);
}

const struct body_entry *model_body(const struct model *model, struct text id)
{
    return catalogue_find(&model->bodies, id);
}

const struct cycle_entry *model_cycle(const struct model *model, struct text id)
{
    return catalogue_find(&model->cycles, id);
}

struct agreement_entry *model_agreement(const struct model *model, struct text id)
{
    return catalogue_find(&model->agreements, id);
}

bool model_split_target(struct text id, struct text *ret_agreement, uint32_t *ret_number)
{
    struct text digits, agreement = text_cut(id, '.', &digits);
    uint64_t number;
    if (agreement.len == 0 || !text_whole(digits, UINT32_MAX, &number) || number == 0)
        return false;
    *ret_agreement = agreement;
    *ret_number = (uint32_t)number;
    return true;
}

struct target_entry *model_target(const struct agreement_entry *agreement, uint32_t number)
{
    size_t low = 0, high = agreement->target_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (agreement->targets[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < agreement->target_count && agreement->targets[low].number == number;
    return found ? &agreement->targets[low] : NULL;
}

uint64_t model_target_version(
    const struct agreement_entry *agreement, const struct target_entry *target)
{
    return target->version > agreement->shown_version ? target->version : agreement->shown_version;
}

struct amendment_entry *model_pending(const struct agreement_entry *agreement)
{
    struct amendment_entry *last =
        agreement->amendment_count ? &agreement->amendments[agreement->amendment_count - 1] : NULL;
    return last && !last->in_force && !last->dropped ? last : NULL;
}

struct text model_target_id(
    const struct agreement_entry *agreement, uint32_t number, char out[TARGET_ID_SIZE])
{
    int len = snprintf(out, TARGET_ID_SIZE, "%.*s.%u", TEXT_ARG(agreement->id), number);
    must(len > 0 && len < TARGET_ID_SIZE);
    return (struct text){out, (size_t)len};
}

struct text model_amendment_id(
    const struct agreement_entry *agreement, size_t number, char out[TARGET_ID_SIZE])
{
    int len = snprintf(out, TARGET_ID_SIZE, "%.*s.a%zu", TEXT_ARG(agreement->id), number);
    must(len > 0 && len < TARGET_ID_SIZE);
    return (struct text){out, (size_t)len};
}

/* FNV-1a, 64 bits: the digest need only differ where states differ by accident. */
static uint64_t mark(const void *bytes, size_t len)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ ((const unsigned char *)bytes)[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static void digest_amendment(const struct amendment_entry *amendment, struct buf *out)
{
    buf_printf(out, "amendment %lu %ld %ld %d %d %lx", amendment->position, amendment->at_ms,
        amendment->in_force_ms, amendment->in_force, amendment->dropped,
        mark(amendment->packed.at, amendment->packed.len));
    for (size_t i = 0; i < amendment->text_count; i++)
        buf_printf(out, " %u:%lx", amendment->texts[i].number,
            mark(amendment->texts[i].packed.at, amendment->texts[i].packed.len));
    buf_char(out, '\n');
}

static void digest_agreement(const struct agreement_entry *agreement, struct buf *out)
{
    buf_printf(out, "agreement %.*s %d %d %lu %lu %ld %lu %u %lx\n", TEXT_ARG(agreement->id),
        (int)agreement->state, agreement->was_in_force, agreement->version, agreement->position,
        agreement->changed_at, agreement->shown_version, agreement->next_number,
        mark(agreement->packed.at, agreement->packed.len));
    for (size_t i = 0; i < agreement->target_count; i++) {
        const struct target_entry *t = &agreement->targets[i];
        struct text packed = kept_packed(t->kept);
        buf_printf(out, ".%u %u %lu %lu %ld %d %u %u %d %d %d %d %d %lx\n", t->number, t->order,
            t->version, t->position, t->changed_at, t->weight, t->enables, t->amendment, t->verdict,
            t->class, t->phasing_flag, t->ambition, t->quality, mark(packed.at, packed.len));
    }
    for (size_t i = 0; i < agreement->amendment_count; i++)
        digest_amendment(&agreement->amendments[i], out);
}

void model_digest(const void *state, struct buf *out)
{
    const struct model *model = state;
    for (size_t i = 0; i < model->cycles.count; i++) {
        const struct cycle_entry *cycle = (const void *)model->cycles.at[i];
        buf_printf(out, "cycle %.*s %lu %lx\n", TEXT_ARG(cycle->id), cycle->version,
            mark(cycle->packed.at, cycle->packed.len));
    }
    for (size_t i = 0; i < model->bodies.count; i++) {
        const struct body_entry *body = (const void *)model->bodies.at[i];
        buf_printf(out, "body %.*s %lu %lx\n", TEXT_ARG(body->id), body->version,
            mark(body->packed.at, body->packed.len));
    }
    for (size_t i = 0; i < model->agreements.count; i++)
        digest_agreement((const void *)model->agreements.at[i], out);
    handovers_digest(&model->handovers, out);
    ideas_digest(&model->ideas, out);
    buf_printf(out, "rulings %lu, founded %d\n", model->rulings, model->founded);
}
