/* Making, finding and giving back what is remembered. */
#include "model.h"

#include "base/must.h"
#include "schema/pack.h"

#include <stdio.h>
#include <stdlib.h>

void *model_new(void)
{
    struct model *model = calloc(1, sizeof *model);
    must(model);
    model->keys = keys_new();
    model->bodies = bodies_new();
    must(model->tree = merkle_new());
    model->sealed.note = model->sealed.witnessed = BUF(SEALED_NOTE_MAX);
    return model;
}

struct text model_copy(struct text bytes)
{
    char *copy = malloc(bytes.len + 1);
    must(copy);
    if (bytes.len)
        memcpy(copy, bytes.at, bytes.len);
    return (struct text){copy, bytes.len};
}

/* The text is const because everybody but its owner borrows it. */
void model_drop(struct text *owned)
{
    free((void *)(uintptr_t)owned->at);
    *owned = (struct text){0};
}

void *model_room(void *items, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return items;
    *room = *room ? *room + *room / 2 : 8;
    items = realloc(items, *room * size);
    must(items);
    return items;
}

static void free_agreement(struct agreement_entry *agreement)
{
    for (size_t i = 0; i < agreement->target_count; i++)
        model_drop(&agreement->targets[i].packed);
    for (size_t i = 0; i < agreement->amendment.count; i++)
        model_drop(&agreement->amendment.changes[i]);
    free(agreement->targets);
    free(agreement->amendment.changes);
    model_drop(&agreement->amendment.packed);
    model_drop(&agreement->packed);
    free(agreement);
}

static void free_notions(struct notion *notions)
{
    struct notion *notion = notions;
    HASH_CLEAR(hh, notions);
    for (struct notion *next; notion; notion = next) {
        next = notion->hh.next;
        model_drop(&notion->packed);
        free(notion);
    }
}

static void free_papers(struct model *model)
{
    for (size_t i = 0; i < model->document_count; i++) {
        model_drop(&model->documents[i]->packed);
        free(model->documents[i]->bytes);
        free(model->documents[i]);
    }
    for (size_t i = 0; i < model->signature_count; i++) {
        model_drop(&model->signatures[i]->packed);
        free(model->signatures[i]);
    }
    free(model->documents);
    free(model->signatures);
}

void model_free(void *state)
{
    struct model *model = state;
    if (!model)
        return;
    struct agreement_entry *agreement = model->agreements;
    struct seat *seat = model->seats;
    HASH_CLEAR(hh, model->agreements);
    HASH_CLEAR(hh, model->seats);
    for (struct agreement_entry *next; agreement; agreement = next) {
        next = agreement->hh.next;
        free_agreement(agreement);
    }
    for (struct seat *next; seat; seat = next) {
        next = seat->hh.next;
        free(seat);
    }
    free_notions(model->body_notions);
    free_notions(model->cycle_notions);
    free_papers(model);
    keys_free(model->keys);
    bodies_free(model->bodies);
    merkle_free(model->tree);
    draws_free(&model->draws);
    buf_free(&model->sealed.note);
    buf_free(&model->sealed.witnessed);
    free(model);
}

struct agreement_entry *model_agreement(const struct model *model, struct text id)
{
    struct agreement_entry *agreement = NULL;
    HASH_FIND(hh, model->agreements, id.at, id.len, agreement);
    return agreement;
}

/* There are a few for each agreement. */
struct document_entry *model_document(const struct model *model, struct text id)
{
    for (size_t i = model->document_count; i > 0; i--)
        if (text_equal(model->documents[i - 1]->facts.id, id))
            return model->documents[i - 1];
    return NULL;
}

const struct seat *model_seat(const struct model *model, struct text office)
{
    const struct seat *seat = NULL;
    HASH_FIND(hh, model->seats, office.at, office.len, seat);
    return seat;
}

static bool read_notion(
    const struct notion *notions, struct text id, const struct record *record, void *ret)
{
    const struct notion *notion = NULL;
    struct faults why = {0};
    HASH_FIND(hh, notions, id.at, id.len, notion);
    if (!notion)
        return false;
    memset(ret, 0, record->size);
    must(pack_read_trusted(record, notion->packed, ret, &why) == OK);
    return true;
}

bool model_body(const struct model *model, struct text id, struct body *ret_body)
{
    return read_notion(model->body_notions, id, body_record(), ret_body);
}

bool model_cycle(const struct model *model, struct text id, struct cycle *ret_cycle)
{
    return read_notion(model->cycle_notions, id, cycle_record(), ret_cycle);
}

uint32_t model_number(struct text target)
{
    struct text digits;
    uint64_t number;
    (void)text_cut(target, '.', &digits);
    return text_whole(digits, UINT32_MAX, &number) ? (uint32_t)number : 0;
}

struct target_entry *model_target(const struct agreement_entry *agreement, uint32_t number)
{
    for (size_t i = 0; i < agreement->target_count; i++)
        if (agreement->targets[i].number == number)
            return &agreement->targets[i];
    return NULL;
}

struct text model_name(
    const struct agreement_entry *agreement, char kind, uint64_t number, char out[ID_MAX + 1])
{
    int len = snprintf(out, ID_MAX + 1, "%s.%c%lu", agreement->id, kind, number);
    must(len > 0 && len <= ID_MAX);
    return (struct text){out, (size_t)len};
}
