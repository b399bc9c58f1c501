/* What a body owes and is owed beside its agreements: requests both ways, days that were promised,
 * corrective actions, ideas, orders from outside the plan. Each thing stands in the lines of one or
 * two bodies under one number. */
#include "apply.h"

#include "lines.h"

#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>

static struct duty_entry *duty_of(struct model *model, const char *body)
{
    struct duty_entry *duty = model_duty(model, text_of(body));
    if (duty)
        return duty;
    must(duty = calloc(1, sizeof *duty));
    duty->id = model_keep(text_of(body));
    catalogue_add(&model->duties, &duty->id);
    return duty;
}

static struct thing_entry *begin(
    struct model *model, struct text id, struct text first, struct text second)
{
    struct thing_entry *thing = model_thing(model, id);
    if (thing)
        return thing;
    must(thing = calloc(1, sizeof *thing));
    apply_id(thing->id, id);
    apply_id(thing->body[0], first);
    apply_id(thing->body[1], second);
    thing->number = HASH_COUNT(model->things) + 1;
    HASH_ADD_KEYPTR(hh, model->things, thing->id, id.len, thing);
    return thing;
}

/* A line of a thing with one of its bodies; nothing where that is empty. */
static struct line *put(struct model *model, const struct thing_entry *thing, int side,
    enum line_kind kind, struct text what, const char *state, const struct happened *happened)
{
    static struct line nowhere;
    if (!thing->body[side][0])
        return &nowhere;
    struct duty_entry *duty = duty_of(model, thing->body[side]);
    struct line *line =
        lines_put(&duty->lines, kind, thing->number, text_of(thing->id), what, happened);
    line->state = state;
    return line;
}

static void become(struct model *model, const struct thing_entry *thing, enum line_kind kind,
    const char *state, const struct happened *happened)
{
    for (int side = 0; side < 2; side++) {
        struct duty_entry *duty = model_duty(model, text_of(thing->body[side]));
        struct line *line = duty ? lines_find(&duty->lines, kind, thing->number) : NULL;
        if (!line)
            continue;
        line->state = state;
        line->position = happened->position;
    }
}

/* ---- requests ---- */

static void request_put(struct model *model, const struct happened *happened)
{
    const struct dependency_raised *raised = happened->record;
    const struct dependency_raise *raise = &raised->raised;
    bool outside = text_is(raise->blocking_body, "EXTERNAL");
    struct text other = outside ? TEXT_LITERAL("") : raise->blocking_body;
    const char *state =
        choices_word(dependency_state_choices(), outside ? DEPENDENCY_EXTERNAL : DEPENDENCY_RAISED);
    const struct thing_entry *thing = begin(model, raised->id, raised->body, other);
    char what[700];
    (void)snprintf(what, sizeof what, "from %.*s: %.*s", TEXT_ARG(raise->blocking_body),
        TEXT_ARG(raise->what));
    put(model, thing, 0, LINE_DEPENDENCY, text_of(what), state, happened)->weight =
        (int32_t)raised->weight.thousandths;
    (void)snprintf(
        what, sizeof what, "for %.*s: %.*s", TEXT_ARG(raised->body), TEXT_ARG(raise->what));
    put(model, thing, 1, LINE_REQUEST, text_of(what), state, happened)->weight =
        (int32_t)raised->weight.thousandths;
}

/* The day that was promised stands with who promised it, under the words of the request. */
static void commit(struct model *model, const struct thing_entry *thing, int32_t promised,
    const struct happened *happened)
{
    struct duty_entry *duty = model_duty(model, text_of(thing->body[1]));
    const struct line *request =
        duty ? lines_find(&duty->lines, LINE_REQUEST, thing->number) : NULL;
    if (!request)
        return;
    struct text what = model_keep(request->what);
    put(model, thing, 1, LINE_COMMITMENT, what, "open", happened)->due = promised;
    model_drop(&what);
}

static void keep_word(
    struct model *model, const struct thing_entry *thing, const struct happened *happened)
{
    const struct dependency_act *act = happened->record;
    struct duty_entry *duty = model_duty(model, text_of(thing->body[1]));
    struct line *line = duty ? lines_find(&duty->lines, LINE_COMMITMENT, thing->number) : NULL;
    if (!line)
        return;
    line->state = happened->message == MESSAGE_dependency_withdrawn ? "ended"
                  : happened->message == MESSAGE_dependency_refused ? "refused"
                  : act->on <= line->due                            ? "kept"
                                                                    : "late";
    line->position = happened->position;
}

static void request_become(struct model *model, const struct happened *happened)
{
    static const enum dependency_state states[MESSAGE_COUNT] = {
        [MESSAGE_dependency_acknowledged] = DEPENDENCY_ACKNOWLEDGED,
        [MESSAGE_dependency_returned] = DEPENDENCY_RETURNED,
        [MESSAGE_dependency_completed] = DEPENDENCY_ACKNOWLEDGED,
        [MESSAGE_dependency_promised] = DEPENDENCY_PROMISED,
        [MESSAGE_dependency_granted] = DEPENDENCY_GRANTED,
        [MESSAGE_dependency_refused] = DEPENDENCY_REFUSED,
        [MESSAGE_dependency_externalised] = DEPENDENCY_EXTERNAL,
        [MESSAGE_dependency_resumed] = DEPENDENCY_ACKNOWLEDGED,
        [MESSAGE_dependency_withdrawn] = DEPENDENCY_WITHDRAWN,
        [MESSAGE_dependency_reopened] = DEPENDENCY_ACKNOWLEDGED};
    const struct thing_entry *thing = model_thing(model, happened->subject);
    enum dependency_state state = states[happened->message];
    if (!thing || !state)
        return;
    const char *word = choices_word(dependency_state_choices(), (int)state);
    become(model, thing, LINE_DEPENDENCY, word, happened);
    become(model, thing, LINE_REQUEST, word, happened);
    if (state == DEPENDENCY_PROMISED)
        commit(model, thing, ((const struct dependency_promise *)happened->record)->promised,
            happened);
    if (state == DEPENDENCY_GRANTED || state == DEPENDENCY_REFUSED || state == DEPENDENCY_WITHDRAWN)
        keep_word(model, thing, happened);
}

/* ---- actions, ideas, orders ---- */

static void action_put(struct model *model, const struct happened *happened)
{
    const struct action_opened *opened = happened->record;
    const struct thing_entry *thing = begin(model, opened->id,
        office_read(opened->opened.owner).body, office_read(opened->opened.verifier).body);
    const char *state = choices_word(action_state_choices(), ACTION_OPEN);
    for (int side = 0; side < 2; side++)
        put(model, thing, side, LINE_ACTION, opened->opened.what, state, happened)->due =
            opened->opened.due;
}

static void action_become(struct model *model, const struct happened *happened)
{
    static const enum action_state states[MESSAGE_COUNT] = {[MESSAGE_action_finished] = ACTION_DONE,
        [MESSAGE_action_verified] = ACTION_VERIFIED,
        [MESSAGE_action_rejected] = ACTION_OPEN,
        [MESSAGE_action_dropped] = ACTION_DROPPED};
    const struct thing_entry *thing = model_thing(model, happened->subject);
    enum action_state state = states[happened->message];
    if (thing && state)
        become(
            model, thing, LINE_ACTION, choices_word(action_state_choices(), (int)state), happened);
}

static void idea_put(struct model *model, const struct happened *happened)
{
    const struct idea_proposed *idea = happened->record;
    const struct thing_entry *thing = begin(model, idea->id, idea->proposal.body, TEXT_LITERAL(""));
    put(model, thing, 0, LINE_IDEA, idea->proposal.title,
        choices_word(idea_state_choices(), IDEA_PROPOSED), happened);
}

/* A minister who takes an idea up brings it into the own body's pack. */
static void idea_step(struct model *model, const struct happened *happened)
{
    const struct idea_stepped *stepped = happened->record;
    struct thing_entry *thing = model_thing(model, happened->subject);
    const char *state = choices_word(idea_state_choices(), (int)stepped->step.to);
    struct text sponsor = office_read(happened->actor.office).body;
    if (!thing)
        return;
    if (stepped->step.to == IDEA_SPONSORED && sponsor.len && !text_is(sponsor, thing->body[0])) {
        apply_id(thing->body[1], sponsor);
        put(model, thing, 1, LINE_IDEA, stepped->step.reason, state, happened);
    }
    become(model, thing, LINE_IDEA, state, happened);
}

static void order_put(struct model *model, const struct happened *happened)
{
    const struct order_logged *logged = happened->record;
    const struct thing_entry *thing =
        begin(model, logged->id, logged->order.body, TEXT_LITERAL(""));
    put(model, thing, 0, LINE_ORDER, logged->order.text, "", happened)->due = logged->on;
}

void apply_duties(struct model *model, const struct happened *happened)
{
    switch ((int)happened->message) {
    case MESSAGE_dependency_raised:
        request_put(model, happened);
        break;
    case MESSAGE_action_opened:
        action_put(model, happened);
        break;
    case MESSAGE_idea_proposed:
        idea_put(model, happened);
        break;
    case MESSAGE_idea_stepped:
        idea_step(model, happened);
        break;
    case MESSAGE_order_logged:
        order_put(model, happened);
        break;
    default:
        request_become(model, happened);
        action_become(model, happened);
    }
}
