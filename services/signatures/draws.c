#include "draws.h"

#include "commands.h"
#include "model.h"
#include "record.h"

#include "base/must.h"
#include "schema/pack.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#define SETTLE_MS 5000 /* other services' clocks may be a little behind */
#define DRAWN_MAX 2000
#define LIST_MAX  50

void draws_free(struct draws *draws)
{
    for (size_t i = 0; i < draws->count; i++) {
        model_drop(&draws->at[i].packed);
        model_drop(&draws->at[i].made);
    }
    free(draws->at);
}

const struct draw *draws_find(const struct draws *draws, struct text id)
{
    for (size_t i = 0; i < draws->count; i++)
        if (text_is(id, draws->at[i].id))
            return &draws->at[i];
    return NULL;
}

void draws_pass(struct draws *draws, uint64_t position, int64_t at_ms)
{
    for (size_t i = 0; i < draws->count; i++) {
        struct draw *draw = &draws->at[i];
        if (draw->reached)
            continue;
        draw->reached = at_ms >= draw->facts.announced.at.ms;
        draw->size = draw->reached ? position - 1 : position;
    }
}

void draws_apply(struct draws *draws, const struct happened *happened)
{
    struct faults why = {0};
    if (happened->message == MESSAGE_draw_announced) {
        draws->at = model_room(draws->at, draws->count, &draws->room, sizeof *draws->at);
        struct draw *draw = &draws->at[draws->count++];
        *draw = (struct draw){.packed = model_copy(happened->data), .size = happened->position};
        must(pack_read_trusted(draw_announced_record(), draw->packed, &draw->facts, &why) == OK);
        (void)snprintf(draw->id, sizeof draw->id, "%.*s", TEXT_ARG(happened->about));
    } else {
        struct draw *draw = (struct draw *)(uintptr_t)draws_find(draws, happened->about);
        must(draw);
        draw->made = model_copy(happened->data);
    }
}

/* ---- announcing and drawing ---- */

enum err draw_announce_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct model *model = state;
    const struct draw_announce *announce = request->body;
    struct cycle cycle;
    char id[ID_MAX + 1];
    if (!model_cycle(model, announce->cycle, &cycle))
        faults_add(why, ERR_INVALID, "cycle", "there is no cycle %.*s; the list of cycles has them",
            TEXT_ARG(announce->cycle));
    if (announce->at.ms <= request->now_ms)
        faults_add(why, ERR_INVALID, "at",
            "a draw is announced before its moment: choose one in the future");
    if (why->total)
        return faults_err(why);
    (void)snprintf(id, sizeof id, "draw-%zu", model->draws.count + 1);
    const struct draw_announced announced = {.id = text_of(id), .announced = *announce};
    decision_add(ret_decision, MESSAGE_draw_announced, announced.id, announced.id, &announced);
    return OK;
}

struct ticket {
    char id[ID_MAX + 12];
    struct digest lot;
};

static int by_lot(const void *a, const void *b)
{
    return memcmp(((const struct ticket *)a)->lot.at, ((const struct ticket *)b)->lot.at,
        sizeof(struct digest));
}

static struct digest lot_of(const struct digest *seed, const char *id)
{
    struct digest lot;
    crypto_hash_sha256_state hash;
    must(crypto_hash_sha256_init(&hash) == 0);
    must(crypto_hash_sha256_update(&hash, seed->at, sizeof seed->at) == 0);
    must(crypto_hash_sha256_update(&hash, (const unsigned char *)id, strlen(id)) == 0);
    must(crypto_hash_sha256_final(&hash, lot.at) == 0);
    return lot;
}

/* All targets in force of the cycle with their lots, the smallest first; the caller frees them. */
static struct ticket *draw_lots(
    const struct model *model, struct text cycle, const struct digest *seed, size_t *ret_count)
{
    struct ticket *tickets = NULL;
    size_t count = 0, room = 0;
    for (const struct agreement_entry *a = model->agreements; a; a = a->hh.next) {
        if (!life_is_in_force(a->state) || !text_equal(a->facts.cycle, cycle))
            continue;
        for (size_t i = 0; i < a->target_count; i++) {
            tickets = model_room(tickets, count, &room, sizeof *tickets);
            struct ticket *ticket = &tickets[count++];
            (void)snprintf(ticket->id, sizeof ticket->id, "%s.%u", a->id, a->targets[i].number);
            ticket->lot = lot_of(seed, ticket->id);
        }
    }
    if (count)
        qsort(tickets, count, sizeof *tickets, by_lot);
    *ret_count = count;
    return tickets;
}

enum err draw_make_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct model *model = state;
    const struct draw_one *asked = request->body;
    const struct draw *draw = draws_find(&model->draws, asked->draw);
    static struct draw_made made;
    char hex[DIGEST_HEX_SIZE];
    size_t population;
    if (!draw)
        return faults_add(why, ERR_NOT_FOUND, "draw", "there is no draw %.*s; the list has them",
            TEXT_ARG(asked->draw));
    if (draw->made.at)
        return faults_add(
            why, ERR_STATE, "draw", "%s was drawn already: it is drawn once", draw->id);
    if (request->now_ms < draw->facts.announced.at.ms + SETTLE_MS)
        return faults_add(why, ERR_STATE, "draw",
            "its moment has not passed yet: draw it %d seconds after that", SETTLE_MS / 1000);
    struct digest seed = merkle_root(model->tree, draw->size);
    struct ticket *tickets = draw_lots(model, draw->facts.announced.cycle, &seed, &population);
    made = (struct draw_made){.id = text_of(draw->id),
        .size = {(int64_t)draw->size, true},
        .seed = text_of(digest_to_hex(&seed, hex)),
        .population = {(int64_t)population, true}};
    for (size_t i = 0; i < population && i < (size_t)draw->facts.announced.count.value &&
                       made.drawn.head.count < DRAWN_MAX;
         i++)
        made.drawn.at[made.drawn.head.count++] = text_of(tickets[i].id);
    made.drawn.head.given = true;
    decision_add(ret_decision, MESSAGE_draw_made, made.id, made.id, &made);
    free(tickets);
    return OK;
}

/* ---- reading ---- */

static void view(const struct draw *draw, struct reply *reply)
{
    static struct draw_made made;
    static struct draw_view shown;
    struct faults why = {0};
    shown = (struct draw_view){.draw = draw->facts, .made = draw->made.at ? FLAG_YES : FLAG_NO};
    if (draw->made.at) {
        must(pack_read_trusted(draw_made_record(), draw->made, &made, &why) == OK);
        shown.size = made.size;
        shown.seed = made.seed;
        shown.population = made.population;
        memcpy(&shown.drawn, &made.drawn, sizeof shown.drawn);
    }
    reply_add(reply, draw_view_record(), &shown);
}

enum err draw_get_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct draw_one *asked = request->body;
    const struct draw *draw = draws_find(&model->draws, asked->draw);
    if (!draw)
        return faults_add(why, ERR_NOT_FOUND, "draw", "there is no draw %.*s; the list has them",
            TEXT_ARG(asked->draw));
    view(draw, ret_reply);
    return OK;
}

enum err draw_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct draw_list *asked = request->body;
    uint64_t before = model->draws.count + 1;
    if (asked->after.at && !text_whole(asked->after, model->draws.count, &before))
        return faults_add(
            why, ERR_INVALID, "after", "is not where a page of this list ends: take `next`");
    size_t most = asked->limit.value < LIST_MAX ? (size_t)asked->limit.value : LIST_MAX;
    for (size_t shown = 0; before > 1 && shown < most; shown++)
        view(&model->draws.at[--before - 1], ret_reply);
    reply_total(ret_reply, model->draws.count);
    if (before > 1) {
        char next[24];
        int len = snprintf(next, sizeof next, "%llu", (unsigned long long)before);
        reply_next(ret_reply, (struct text){next, (size_t)len});
    }
    return OK;
}
