/* Bodies merge and split, so that the body of a promise has kin: all that came from it and all that
 * it came from, through any number of changes. A sister is no kin: it promised something else. */
#include "recusal.h"

#include "base/must.h"

#include <stdlib.h>

/* Whether successors lead from one body to another; every body leads to itself. */
static bool leads(
    const struct model *model, const struct body_entry *from, const struct body_entry *to)
{
    size_t bodies = HASH_COUNT(model->body_table), count = 0;
    bool *seen = calloc(bodies, sizeof *seen);
    const struct body_entry **open = malloc(bodies * sizeof *open);
    must(seen && open);
    open[count++] = from;
    seen[from->index] = true;
    while (count > 0 && !seen[to->index]) {
        const struct body_entry *body = open[--count];
        for (size_t i = 0; i < body->successor_count; i++) {
            const struct body_entry *next = model_body(model, text_of(body->successors[i]));
            if (next && !seen[next->index]) {
                seen[next->index] = true;
                open[count++] = next;
            }
        }
    }
    bool found = seen[to->index];
    free(seen);
    free(open);
    return found;
}

static bool is_kin(
    const struct model *model, const struct body_entry *one, const struct body_entry *other)
{
    return one == other || leads(model, one, other) || leads(model, other, one);
}

const char *recusal_of(const struct model *model, const struct roster *roster, struct text person,
    const struct agreement_entry *agreement)
{
    for (const struct body_entry *one = model->body_table; one; one = one->hh.next)
        if (roster_belongs(roster, person, text_of(one->id)) && is_kin(model, one, agreement->body))
            return one->id;
    return NULL;
}

static void rely_on_kin(
    const struct model *model, const struct agreement_entry *agreement, struct decision *decision)
{
    for (const struct body_entry *one = model->body_table; one; one = one->hh.next) {
        if (!is_kin(model, one, agreement->body))
            continue;
        decision_expect(decision, text_of(one->id));
        for (size_t i = 0; i < one->office_count; i++)
            decision_expect(decision, text_of(one->offices[i]));
    }
}

enum err recusal_check(const struct model *model, const struct request *request,
    const struct agreement_entry *agreement, struct decision *decision, struct faults *why)
{
    struct text person = request->actor.person;
    const char *body = recusal_of(model, request->roster, person, agreement);
    if (body)
        return faults_add(why, ERR_FORBIDDEN, "",
            "%.*s holds or held an office of %s or comes from there, and must not judge %s: "
            "somebody else has to",
            TEXT_ARG(person), body, agreement->id);
    decision_expect(decision, person);
    rely_on_kin(model, agreement, decision);
    return OK;
}
