/* One complete body for each command, so that only who, where and when can be wrong. */
#include "targets/acts.h"

#include "model.h"

#include "targets/samples.h"

#define PWR TEXT_LITERAL("PWR-2021")

void acts_stand(struct world *world, enum agreement_state state)
{
    struct target_promise promise = samples_promise();
    samples_draft(world, "PWR-2021", &promise);
    samples_reach(world, state);
}

/* The one row of an import or an amendment. */
static enum err act_row(struct world *world, const char *office, enum message command,
    uint64_t version, const struct record *record, const void *value)
{
    struct agreement_import import = {.agreement = PWR};
    struct amendment_propose propose = {.agreement = PWR, .reason = TEXT_LITERAL("a flood")};
    bool imports = command == MESSAGE_agreement_import;
    BUF_CLEANUP struct buf packed = BUF(65536);
    pack_write(record, value, &packed);
    struct text row = buf_as_text(&packed);
    return world_do_rows(world, office, command,
        imports ? (const void *)&import : (const void *)&propose, version,
        (struct world_rows){&row, 1});
}

enum err acts_do(struct world *world, const char *office, enum message command, bool if_match)
{
    struct target_draft draft = {.agreement = PWR, .promise = samples_promise()};
    struct target_change change = {
        .target = TEXT_LITERAL("PWR-2021.1"), .promise = samples_promise()};
    struct target_one one = {.target = change.target};
    struct agreement_submit submit = {.agreement = PWR};
    struct agreement_reorder reorder = {.agreement = PWR};
    struct amendment_change amend = {.target = change.target,
        .why = TEXT_LITERAL("a flood"),
        .effect = TEXT_LITERAL("none"),
        .promise = samples_promise()};
    amend.promise.note = TEXT_LITERAL("changed");
    reorder.order.head = (struct list_head){1, true};
    reorder.order.at[0] = change.target;
    uint64_t version = if_match ? model_agreement(world->state, PWR)->version : 0;
    switch ((int)command) {
    case MESSAGE_target_draft:
        return world_do(world, office, command, &draft, version);
    case MESSAGE_target_change:
        return world_do(world, office, command, &change, version);
    case MESSAGE_target_remove:
        return world_do(world, office, command, &one, version);
    case MESSAGE_agreement_reorder:
        return world_do(world, office, command, &reorder, version);
    case MESSAGE_agreement_import:
        return act_row(world, office, command, version, target_promise_record(), &draft.promise);
    case MESSAGE_amendment_propose:
        return act_row(world, office, command, version, amendment_change_record(), &amend);
    default:
        return world_do(world, office, command, &submit, version);
    }
}
