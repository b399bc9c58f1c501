/* The earlier rulings whose statements are most like one in question, so that the committee rules
 * on like lines alike. A ruling that a later one on the same text replaced is no precedent. */
#include "queries.h"

#include "model.h"
#include "sight.h"
#include "view.h"

#include "base/must.h"
#include "facts/access.h"

#include <math.h>
#include <stdlib.h>

#define PRECEDENTS_MOST 20
#define PRECEDENTS_WANT 5

struct hit {
    double score;
    const struct ruling_entry *ruling;
};

struct best {
    struct hit hits[PRECEDENTS_MOST];
    size_t count, room;
};

/* The most alike first, of equals the latest: rulings come oldest first. */
static void best_put(struct best *best, struct hit hit)
{
    if (best->count == best->room) {
        if (hit.score < best->hits[best->count - 1].score)
            return;
        best->count--;
    }
    size_t place = best->count++;
    for (; place > 0 && best->hits[place - 1].score <= hit.score; place--)
        best->hits[place] = best->hits[place - 1];
    best->hits[place] = hit;
}

/* Exactly one of the two is asked for. The target's own ruling is no earlier line. */
static enum err question(const struct model *model, const struct request *request,
    struct text *ret_statement, const struct ruling_entry **ret_own, struct faults *why)
{
    const struct precedent_list *asked = request->body;
    const struct agreement_entry *agreement = NULL;
    const struct target_entry *target = NULL;
    if (!asked->target.at == !asked->statement.at)
        return faults_add(why, ERR_INVALID, asked->target.at ? "statement" : "target",
            "name either a target or a statement");
    *ret_statement = asked->statement;
    *ret_own = NULL;
    if (!asked->target.at)
        return OK;
    enum err err = sight_target(model, request, asked->target, &agreement, &target, why);
    if (err)
        return err;
    *ret_statement = (struct text){target->statement, target->statement_len};
    *ret_own = model_standing(model, target);
    return OK;
}

static void find(const struct model *model, const bool seen[], struct text statement,
    const struct ruling_entry *own, struct best *best)
{
    double *scores = malloc((model->ruling_count + 1) * sizeof *scores);
    must(scores);
    likeness_compare(model->likeness, statement, scores);
    for (size_t i = 0; i < model->ruling_count; i++) {
        const struct ruling_entry *ruling = &model->rulings[i];
        bool shown = ruling->was_signed || seen[ruling->agreement->index];
        if (scores[i] > 0 && shown && !ruling->replaced && ruling != own)
            best_put(best, (struct hit){scores[i], ruling});
    }
    free(scores);
}

enum err precedent_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct precedent_list *asked = request->body;
    struct text statement = {0};
    const struct ruling_entry *own = NULL;
    enum err err = question(model, request, &statement, &own, why);
    if (err)
        return err;
    struct best best = {
        .room = (size_t)(asked->limit.given ? asked->limit.value : PRECEDENTS_WANT)};
    bool *seen = sight_all(model, &request->office);
    find(model, seen, statement, own, &best);
    free(seen);
    for (size_t i = 0; i < best.count; i++)
        view_precedent(
            model, best.hits[i].ruling, (int64_t)floor(best.hits[i].score * 100 + 0.5), ret_reply);
    reply_total(ret_reply, best.count);
    return OK;
}
