/* What was promised for a body with successors is heard of by theirs: almost always a body acts for
 * itself, so that is tried before all bodies are asked. */
#include "resolve.h"

#include "rules.h"

struct visit {
    const struct model *model;
    void (*visit)(void *context, struct inbox *inbox);
    void *context;
};

static void visit_one(const struct visit *visit, struct inbox *inbox)
{
    if (inbox)
        visit->visit(visit->context, inbox);
}

static void visit_seats(const struct visit *visit, const struct seats *seats)
{
    for (size_t i = 0; i < seats->count; i++)
        visit_one(visit, seats->at[i]);
}

static const struct seats *seats_of(const struct body_entry *body, enum role role)
{
    return role == ROLE_FOCAL       ? &body->focal
           : role == ROLE_SECRETARY ? &body->secretary
                                    : &body->minister;
}

static void visit_body(const struct visit *visit, const struct body_entry *body, enum role role)
{
    if (!body)
        return;
    const struct bodies *bodies = visit->model->bodies;
    struct text id = text_of(body->id);
    if (bodies_act_for(bodies, id, id)) {
        visit_seats(visit, seats_of(body, role));
        return;
    }
    for (const struct body_entry *one = visit->model->body_table; one; one = one->hh.next)
        if (bodies_act_for(bodies, text_of(one->id), id))
            visit_seats(visit, seats_of(one, role));
}

static void visit_all(const struct visit *visit, enum role role)
{
    for (const struct body_entry *one = visit->model->body_table; one; one = one->hh.next)
        visit_seats(visit, seats_of(one, role));
}

enum where { OWN, OTHER, CENTRE, EVERY, OWNER, VERIFIER, OPENER, SELF };

static const struct {
    enum where where;
    enum role role;
} all_who[] = {
#define WHO(name, where, role, words) {where, role},
#include "who.def"
#undef WHO
};

static void visit_who(const struct visit *visit, unsigned who, const struct scene *scene)
{
    enum role role = all_who[who].role;
    switch (all_who[who].where) {
    case OWN:
        visit_body(visit, scene->own, role);
        break;
    case OTHER:
        visit_body(visit, scene->other, role);
        break;
    case CENTRE:
        visit_seats(visit, &visit->model->centre[role]);
        break;
    case EVERY:
        visit_all(visit, role);
        break;
    case OWNER:
        visit_one(visit, scene->owner);
        break;
    case VERIFIER:
        visit_one(visit, scene->verifier);
        break;
    case OPENER:
        visit_one(visit, scene->opener);
        break;
    case SELF:
        visit_one(visit, scene->self);
        break;
    }
}

void resolve(const struct model *model, uint32_t who, const struct scene *scene,
    void (*visit)(void *context, struct inbox *inbox), void *context)
{
    struct visit all = {model, visit, context};
    for (unsigned one = 0; one < WHO_COUNT; one++)
        if (who & 1u << one)
            visit_who(&all, one, scene);
}
