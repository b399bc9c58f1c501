/* A graph from each body to those that follow it. It may hold circles (two bodies that name each
 * other by mistake), and ids of bodies that are not registered yet: whoever walks it goes by ids
 * and keeps where it was. */
#include "facts/bodies.h"

#include "base/must.h"

#include <stdlib.h>
#include <uthash.h>

#define SUCCESSORS_MAX (sizeof((struct body *)0)->successors.at / sizeof(struct text))

struct body_id {
    char at[ID_MAX];
    size_t len;
};

struct known {
    struct body_id id;
    struct body_id successors[SUCCESSORS_MAX];
    size_t count;
    UT_hash_handle hh;
};

struct bodies {
    struct known *all;
};

static struct body_id id_of(struct text text)
{
    struct body_id id = {.len = text.len};
    must(text.len <= ID_MAX);
    if (text.len)
        memcpy(id.at, text.at, text.len);
    return id;
}

static struct text text_of_id(const struct body_id *id)
{
    return (struct text){id->at, id->len};
}

struct bodies *bodies_new(void)
{
    struct bodies *bodies = calloc(1, sizeof *bodies);
    must(bodies);
    return bodies;
}

void bodies_free(struct bodies *bodies)
{
    if (!bodies)
        return;
    struct known *known = bodies->all;
    HASH_CLEAR(hh, bodies->all);
    for (struct known *next; known; known = next) {
        next = known->hh.next;
        free(known);
    }
    free(bodies);
}

static struct known *find(const struct bodies *bodies, struct text id)
{
    struct known *known = NULL;
    if (id.len)
        HASH_FIND(hh, bodies->all, id.at, id.len, known);
    return known;
}

static bool ids_fit(const struct body *body)
{
    bool fit = body->id.len > 0 && body->id.len <= ID_MAX;
    for (uint32_t i = 0; i < body->successors.head.count; i++)
        fit = fit && body->successors.at[i].len > 0 && body->successors.at[i].len <= ID_MAX;
    return fit;
}

const char *bodies_apply(struct bodies *bodies, const struct happened *happened)
{
    if (happened->message != MESSAGE_body_registered && happened->message != MESSAGE_body_changed)
        return NULL;
    const struct body *body = happened->record;
    struct known *known = find(bodies, body->id);
    if (!ids_fit(body))
        return "a body has no id, or one that is too long";
    if (!known) {
        if (happened->message == MESSAGE_body_changed)
            return "a body was changed that was not registered";
        known = calloc(1, sizeof *known);
        must(known);
        known->id = id_of(body->id);
        HASH_ADD_KEYPTR(hh, bodies->all, known->id.at, known->id.len, known);
    }
    known->count = body->successors.head.count;
    must(known->count <= SUCCESSORS_MAX);
    for (size_t i = 0; i < known->count; i++)
        known->successors[i] = id_of(body->successors.at[i]);
    return NULL;
}

bool bodies_knows(const struct bodies *bodies, struct text body)
{
    return find(bodies, body) != NULL;
}

/* A walk over bodies that have successors: each once. */
struct walk {
    const struct known **at;
    size_t count;
};

static void visit(struct walk *walk, const struct known *known)
{
    for (size_t i = 0; i < walk->count; i++)
        if (walk->at[i] == known)
            return;
    walk->at[walk->count++] = known;
}

void bodies_each(
    const struct bodies *bodies, void (*each)(void *owner, struct text body), void *owner)
{
    for (const struct known *known = bodies->all; known; known = known->hh.next)
        each(owner, text_of_id(&known->id));
}

bool bodies_act_for(const struct bodies *bodies, struct text office_body, struct text body)
{
    const struct known *first = find(bodies, body), *own = find(bodies, office_body);
    if (!office_body.len || (own && own->count > 0))
        return false;
    if (!first || first->count == 0)
        return text_equal(office_body, body);
    struct walk walk = {calloc(HASH_COUNT(bodies->all) + 1, sizeof *walk.at), 0};
    bool found = false;
    must(walk.at);
    visit(&walk, first);
    for (size_t i = 0; i < walk.count && !found; i++)
        for (size_t s = 0; s < walk.at[i]->count && !found; s++) {
            struct text successor = text_of_id(&walk.at[i]->successors[s]);
            const struct known *next = find(bodies, successor);
            if (next && next->count > 0)
                visit(&walk, next);
            else
                found = text_equal(successor, office_body);
        }
    free(walk.at);
    return found;
}
