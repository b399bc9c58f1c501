/* What targets wait for. The days beyond the norm are counted into the period in which they lie, as
 * each span with the ball in the blocker's court ends. */
#include "apply.h"

#include "held.h"
#include "quarter.h"

#include "base/must.h"
#include "schema/pack.h"

#include <stdlib.h>

static const char *connect(struct model *model, const struct need_entry *need)
{
    const struct dependency_raise *raised = &need->facts.raised;
    for (uint32_t i = 0; i < raised->targets.head.count; i++) {
        struct agreement_entry *agreement = NULL;
        struct target_entry *target = model_target_of(model, raised->targets.at[i], &agreement);
        if (!target)
            return "a dependency of a target that is not there";
        target->needs = realloc(target->needs, (target->need_count + 1) * sizeof *target->needs);
        must(target->needs);
        target->needs[target->need_count++] = (uint32_t)need->index;
    }
    return NULL;
}

static const char *need_put(struct model *model, const struct happened *happened)
{
    struct faults why = {0};
    struct text rest, id = text_cut(happened->subject, '.', &rest);
    const struct agreement_entry *agreement = model_agreement(model, id);
    if (!agreement || quarter_need(model, happened->subject))
        return "a dependency raised twice, or of no agreement";
    struct need_entry *need = calloc(1, sizeof *need);
    must(need);
    APPLY_ID(need, happened->subject);
    need->index = model->need_count;
    need->agreement = agreement;
    need->packed = apply_own(happened->data);
    if (model->need_count == model->need_room) {
        model->need_room = model->need_room ? 2 * model->need_room : 256;
        must(model->needs = realloc(model->needs, model->need_room * sizeof(void *)));
    }
    model->needs[model->need_count++] = need;
    HASH_ADD_KEYPTR(hh, model->need_table, need->id, happened->subject.len, need);
    if (pack_read_trusted(dependency_raised_record(), need->packed, &need->facts, &why) != OK)
        return "the record of a dependency cannot be read";
    return connect(model, need);
}

const char *apply_need(struct model *model, const struct happened *happened)
{
    const char *complaint = NULL;
    if (happened->message == MESSAGE_dependency_raised)
        complaint = need_put(model, happened);
    struct need_entry *need = quarter_need(model, happened->subject);
    if (complaint || !need)
        return complaint ? complaint : "an event of a dependency that was never raised";
    struct ball before = need->ball;
    complaint = ball_apply(&need->ball, model->calendar, happened);
    if (!complaint)
        held_count(model, need, &before);
    return complaint;
}
