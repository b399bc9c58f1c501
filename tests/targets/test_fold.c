/* Random commands, and events of other services, as they come: whatever is decided keeps what must
 * always be true of the state, and the ledger folded again gives the same state. */
#include "table.h"

#include "model.h"

#include "base/must.h"
#include "facts/life.h"
#include "support/chance.h"
#include "targets/samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define ROUNDS 30
#define STEPS  600

/* A representation never changes under the same ETag. */
struct face {
    uint32_t number;
    uint64_t version;
    char bytes[8192];
};

struct play {
    struct world world;
    struct chance chance;
    uint32_t highest[3];  /* number ever used in each agreement */
    struct face faces[3]; /* of the target of the lowest number in each */
    unsigned done, refused, in_force, amended;
};

static const char *const bodies[] = {"FIN", "PWR", "WAT"};

static struct agreement_entry *agreement_at(struct play *play, int which)
{
    char id[16];
    (void)snprintf(id, sizeof id, "%s-2021", bodies[which]);
    return model_agreement(play->world.state, text_of(id));
}

static struct target_promise some_promise(struct play *play)
{
    struct target_promise promise = samples_promise();
    promise.owner = (struct text){0};
    promise.weight.thousandths = (1 + (int)chance_below(&play->chance, 4)) * 25000;
    promise.class = (enum target_class)chance_below(&play->chance, 4);
    if (chance_below(&play->chance, 4) == 0)
        promise.milestones.at[2] = -1; /* against the direction */
    if (chance_below(&play->chance, 4) == 0)
        promise.unit = (struct text){0};
    return promise;
}

/* ---- what must always be true ---- */
static void check_agreement(struct play *play, int which)
{
    const struct agreement_entry *agreement = agreement_at(play, which);
    struct sums sums = {0};
    bool seen[TARGETS_MAX + 1] = {false};
    uint32_t before = 0;
    for (size_t i = 0; i < agreement->target_count; i++) {
        const struct target_entry *target = &agreement->targets[i];
        assert_true(target->number > before && target->number < agreement->next_number);
        before = target->number;
        assert_in_range(target->order, 1, agreement->target_count);
        assert_false(seen[target->order]); /* places are a permutation */
        seen[target->order] = true;
        assert_true(model_target_version(agreement, target) <= agreement->version);
        assert_true(target->position <= agreement->position);
        sums_count(&sums, target, 1);
    }
    assert_memory_equal(&sums, &agreement->sums, sizeof sums);
    assert_true(agreement->next_number > play->highest[which]);
    play->highest[which] = agreement->next_number - 1;
    bool drafting = agreement->state == STATE_DRAFT || agreement->state == STATE_RETURNED;
    if (!drafting && agreement->state != STATE_LAPSED)
        assert_int_equal(agreement->sums.weight, 100 * DECIMAL_ONE);
    assert_int_equal(model_pending(agreement) != NULL, agreement->state == STATE_AMENDING);
    assert_true(agreement->was_in_force || !life_is_in_force(agreement->state));
}

static void check_refold(struct play *play)
{
    BUF_CLEANUP struct buf now = BUF(1 << 22), again = BUF(1 << 22);
    void *state = world_fold_again(&play->world, NULL);
    world_digest(&play->world, play->world.state, &now);
    world_digest(&play->world, state, &again);
    assert_true(text_equal(buf_as_text(&now), buf_as_text(&again)));
    play->world.service->state_free(state);
    buf_free(&again);
}

/* ---- one random command ---- */
static enum err import(struct play *play, const char *office, struct text id, uint64_t version)
{
    struct agreement_import body = {.agreement = id};
    BUF_CLEANUP struct buf packed = BUF(1 << 20);
    struct text frames[8];
    size_t ends[8], count = chance_below(&play->chance, 8);
    bool complete = (count == 2 || count == 4) && chance_below(&play->chance, 2);
    for (size_t i = 0; i < count; i++) {
        struct target_promise promise = complete ? samples_promise() : some_promise(play);
        if (complete) { /* it can be submitted */
            promise.owner = (struct text){0};
            promise.weight.thousandths /= (int64_t)count;
        }
        pack_write(target_promise_record(), &promise, &packed);
        ends[i] = packed.len;
    }
    for (size_t i = 0; i < count; i++)
        frames[i] =
            (struct text){packed.at + (i ? ends[i - 1] : 0), ends[i] - (i ? ends[i - 1] : 0)};
    return world_do_rows(&play->world, office, MESSAGE_agreement_import, &body, version,
        (struct world_rows){frames, count});
}

static enum err reorder(struct play *play, const char *office, struct text id, uint64_t version)
{
    static char ids[TARGETS_MAX][TARGET_ID_SIZE];
    const struct agreement_entry *agreement = model_agreement(play->world.state, id);
    uint32_t count = (uint32_t)agreement->target_count;
    struct agreement_reorder body = {.agreement = id};
    body.order.head = (struct list_head){count, true};
    for (uint32_t i = 0; i < count; i++)
        body.order.at[i] = model_target_id(agreement, agreement->targets[i].number, ids[i]);
    for (uint32_t i = count; i > 1; i--) {
        uint32_t j = chance_below(&play->chance, i);
        struct text swap = body.order.at[i - 1];
        body.order.at[i - 1] = body.order.at[j];
        body.order.at[j] = swap;
    }
    return world_do(&play->world, office, MESSAGE_agreement_reorder, &body, version);
}

static enum err amend(struct play *play, const char *office, struct text id, uint64_t version)
{
    const struct agreement_entry *agreement = model_agreement(play->world.state, id);
    struct amendment_propose body = {.agreement = id, .reason = TEXT_LITERAL("a flood")};
    if (agreement->target_count == 0)
        return ERR_INVALID;
    const struct target_entry *target =
        &agreement->targets[chance_below(&play->chance, (uint32_t)agreement->target_count)];
    char at[TARGET_ID_SIZE];
    struct amendment_change change = {.target = model_target_id(agreement, target->number, at),
        .why = body.reason,
        .effect = body.reason,
        .promise = some_promise(play)};
    change.promise.weight.thousandths = target->weight;
    BUF_CLEANUP struct buf packed = BUF(1 << 16);
    pack_write(amendment_change_record(), &change, &packed);
    struct text row = buf_as_text(&packed);
    return world_do_rows(&play->world, office, MESSAGE_amendment_propose, &body, version,
        (struct world_rows){&row, 1});
}

static void rule(struct play *play, const struct agreement_entry *agreement)
{
    const struct target_entry *target =
        &agreement->targets[chance_below(&play->chance, (uint32_t)agreement->target_count)];
    char at[TARGET_ID_SIZE], subject[16];
    struct ruling ruling = {.statement = TEXT_LITERAL("Halve the losses")};
    ruling.made.target = model_target_id(agreement, target->number, at);
    ruling.made.verdict = (enum verdict)(1 + chance_below(&play->chance, 3));
    ruling.made.class = (enum target_class)(1 + chance_below(&play->chance, 3));
    (void)snprintf(subject, sizeof subject, "%.*s", TEXT_ARG(agreement->id));
    world_happen(&play->world, MESSAGE_target_ruled, subject, at, &ruling);
}

/* What the other services decide, where the table of states lets it happen. */
static enum err others(struct play *play, const struct agreement_entry *agreement)
{
    static const enum message events[] = {MESSAGE_target_ruled, MESSAGE_agreement_returned,
        MESSAGE_agreement_accepted, MESSAGE_agreement_forwarded, MESSAGE_agreement_frozen,
        MESSAGE_agreement_minister_signed, MESSAGE_agreement_pm_signed, MESSAGE_agreement_unsigned,
        MESSAGE_agreement_amended, MESSAGE_agreement_countersigned};
    enum message can[sizeof events / sizeof *events];
    uint32_t count = 0;
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        if (life_after(events[i], agreement->state))
            can[count++] = events[i];
    if (count == 0)
        return ERR_STATE;
    enum message event = can[chance_below(&play->chance, count)];
    char id[16];
    struct agreement_judge judge = {.agreement = agreement->id};
    struct document_frozen frozen = {.agreement = agreement->id};
    struct signature signature = {.agreement = agreement->id};
    (void)snprintf(id, sizeof id, "%.*s", TEXT_ARG(agreement->id));
    play->in_force += event == MESSAGE_agreement_pm_signed;
    play->amended += event == MESSAGE_agreement_amended;
    if (event == MESSAGE_target_ruled)
        rule(play, agreement);
    else if (message_row(event)->carries() == agreement_judge_record())
        world_happen(&play->world, event, id, id, &judge);
    else if (event == MESSAGE_agreement_frozen)
        world_happen(&play->world, event, id, id, &frozen);
    else
        world_happen(&play->world, event, id, id, &signature);
    return OK;
}

static enum err step(struct play *play, int which)
{
    char office[24], id[16], target[TARGET_ID_SIZE];
    struct agreement_entry *agreement = agreement_at(play, which);
    (void)snprintf(office, sizeof office, "secretary.%s", bodies[which]);
    (void)snprintf(id, sizeof id, "%s-2021", bodies[which]);
    struct agreement_submit submit = {.agreement = text_of(id)};
    uint32_t number = 1 + chance_below(&play->chance, agreement->next_number);
    struct text target_id = model_target_id(agreement, number, target);
    const struct target_entry *entry = model_target(agreement, number);
    uint64_t version = agreement->version - (chance_below(&play->chance, 10) == 0);
    uint64_t target_version = entry ? model_target_version(agreement, entry) : 1;
    struct target_promise promise = some_promise(play);
    struct target_draft draft = {.agreement = submit.agreement, .promise = promise};
    struct target_change change = {.target = target_id, .promise = promise};
    struct target_one one = {.target = target_id};
    switch (chance_below(&play->chance, 60)) {
    case 0:
    case 1:
    case 2:
        return world_do(&play->world, office, MESSAGE_target_draft, &draft, version);
    case 3:
    case 4:
        return world_do(&play->world, office, MESSAGE_target_change, &change, target_version);
    case 5:
    case 6:
        return world_do(&play->world, office, MESSAGE_target_remove, &one, target_version);
    case 7:
    case 15:
    case 16:
        return import(play, office, submit.agreement, version);
    case 8:
        return reorder(play, office, submit.agreement, version);
    case 9:
    case 10:
    case 17:
    case 18:
    case 19:
        return world_do(&play->world, office, MESSAGE_agreement_submit, &submit, version);
    case 11:
        return world_do(&play->world, office, MESSAGE_agreement_withdraw, &submit, version);
    case 12:
    case 13:
        return amend(play, office, submit.agreement, version);
    case 14:
        return world_do(&play->world, office, MESSAGE_amendment_drop, &submit, version);
    default:
        return others(play, agreement);
    }
}

static void check_etag(struct play *play, struct face *shown, const char *id)
{
    struct target_one one = {.target = text_of(id)};
    if (world_ask(&play->world, "auditor", MESSAGE_target_get, &one) != OK)
        return;
    struct text frame = reply_frame_at(play->world.reply, 0);
    uint64_t version = (uint64_t)world_head(&play->world).version.value;
    must(frame.len <= sizeof shown->bytes);
    if (shown->version == version)
        assert_memory_equal(shown->bytes, frame.at, frame.len);
    shown->version = version;
    memcpy(shown->bytes, frame.at, frame.len);
}

/* The one of the lowest number in an agreement; a new one when that is gone. */
static void check_etags(struct play *play, int which)
{
    const struct agreement_entry *agreement = agreement_at(play, which);
    struct face *face = &play->faces[which];
    char id[TARGET_ID_SIZE];
    if (agreement->target_count == 0)
        return;
    if (face->number != agreement->targets[0].number)
        face->version = 0;
    face->number = agreement->targets[0].number;
    model_target_id(agreement, face->number, id);
    check_etag(play, face, id);
}

/* A government in which amendments may touch everything. */
static void begin(struct play *play)
{
    struct model *model;
    world_open(&play->world, table_service());
    samples_government(&play->world);
    model = play->world.state;
    struct cycle_entry *cycle = catalogue_find(&model->cycles, TEXT_LITERAL("2021"));
    cycle->facts.amendment_most.thousandths = 100 * DECIMAL_ONE;
    memset(play->highest, 0, sizeof play->highest);
    memset(play->faces, 0, sizeof play->faces);
}

static void round_of(struct play *play)
{
    begin(play);
    for (int i = 0; i < STEPS; i++) {
        int which = (int)chance_below(&play->chance, 3);
        size_t before = play->world.log_count;
        if (step(play, which)) {
            play->refused++;
            assert_int_equal(play->world.log_count, before);
        } else {
            play->done++;
        }
        check_agreement(play, which);
        check_etags(play, which);
        if (i % 300 == 299)
            check_refold(play);
    }
    world_close(&play->world);
}

static void test_play(void **state)
{
    (void)state;
    static struct play play;
    play.chance = chance_start("test_fold");
    for (int i = 0; i < ROUNDS; i++)
        round_of(&play);
    print_message("%u done, %u refused, %u times in force, %u amended\n", play.done, play.refused,
        play.in_force, play.amended);
    unsigned all = play.done + play.refused;
    assert_true(play.done > all / 10 && play.refused > all / 10);
    assert_true(play.in_force > 0 && play.amended > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_play)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
