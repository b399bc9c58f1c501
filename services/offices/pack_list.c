/* The pack of a body: what it owes and is owed, a line each; with ?at= as it was when an office
 * changed hands. Who does not see its drafts sees what was signed, and nothing else is there. */
#include "queries.h"

#include "paging.h"

#include "facts/access.h"

#include "base/must.h"

#include <stdio.h>

#define AGREEMENTS_MOST 3 /* of the past, the latest cycles: a scope names four things */

static const char *const kinds[] = {[LINE_TARGET] = "target",
    [LINE_RULING] = "ruling",
    [LINE_THREAD] = "thread",
    [LINE_DOCUMENT] = "document",
    [LINE_SIGNATURE] = "signature"};
static const char *const paths[] = {[LINE_TARGET] = "/v1/targets/",
    [LINE_RULING] = "/v1/rulings?target=",
    [LINE_THREAD] = "/v1/feedback/",
    [LINE_DOCUMENT] = "/v1/documents/",
    [LINE_SIGNATURE] = "/v1/signatures?agreement="};

static void show(struct pack_item item, const char *path, struct text id, struct reply *reply)
{
    char out[200];
    int len = snprintf(out, sizeof out, "%s%.*s", path, TEXT_ARG(id));
    must(len > 0 && (size_t)len < sizeof out);
    item.path = (struct text){out, (size_t)len};
    reply_add(reply, pack_item_record(), &item);
}

static void show_pact(const struct pact_entry *pact, struct reply *reply)
{
    struct pack_item item = {.kind = TEXT_LITERAL("agreement"),
        .id = pact->id,
        .what = pact->id,
        .state = text_of(choices_word(agreement_state_choices(), (int)pact->state)),
        .position = {(int64_t)pact->position, true}};
    show(item, "/v1/agreements/", pact->id, reply);
}

static void show_line(const struct pact_entry *pact, const struct line *line, struct reply *reply)
{
    struct pack_item item = {.kind = text_of(kinds[line->kind]),
        .id = text_of(line->id),
        .what = line->what,
        .state = line->state[0] ? text_of(line->state) : (struct text){0},
        .weight = {line->weight, line->weight > 0},
        .position = {(int64_t)line->position, true}};
    show(item, paths[line->kind], line->kind == LINE_SIGNATURE ? pact->id : text_of(line->id),
        reply);
}

/* What of an agreement that was in force is there for everybody. */
static bool is_public(const struct line *line)
{
    return line->kind == LINE_TARGET || line->kind == LINE_SIGNATURE ||
           (line->kind == LINE_DOCUMENT &&
               (strcmp(line->state, "in force") == 0 || strcmp(line->state, "superseded") == 0));
}

static void walk(
    const struct pact_entry *pact, bool drafts, struct paging *paging, struct reply *reply)
{
    if (!drafts && !pact->was_in_force)
        return;
    if (paging_takes(paging, pact->id, 0, reply))
        show_pact(pact, reply);
    for (size_t i = 0; i < pact->line_count; i++) {
        const struct line *line = &pact->lines[i];
        uint64_t number = (uint64_t)line->kind << 32 | line->number;
        if (line->kind != LINE_AMENDED && (drafts || is_public(line)) &&
            paging_takes(paging, pact->id, number, reply))
            show_line(pact, line, reply);
    }
}

static enum err refuse_unknown(struct text body, struct faults *why)
{
    return faults_add(why, ERR_NOT_FOUND, "body",
        "no body %.*s is registered; the list of bodies has the codes", TEXT_ARG(body));
}

/* A state of the past is folded from the founding and agreements alone: it has no offices. Who may
 * see it was asked of the present, by pack_list_scope(). */
static bool is_past(const struct model *model)
{
    return model->offices.count == 0;
}

enum err pack_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct pack_one *asked = request->body;
    struct paging paging;
    if (!is_past(model) && !bodies_knows(model->bodies, asked->body))
        return refuse_unknown(asked->body, why);
    bool drafts =
        is_past(model) || access_sees_drafts(model->bodies, &request->office, asked->body);
    enum err err = paging_open(&paging, asked->limit, asked->after, why);
    if (err)
        return err;
    for (size_t i = 0; i < model->pacts.count; i++) {
        const struct pact_entry *pact = (const void *)model->pacts.at[i];
        if (text_equal(pact->body, asked->body))
            walk(pact, drafts, &paging, ret_reply);
    }
    paging_close(&paging, ret_reply);
    return OK;
}

enum err pack_list_scope(
    const void *state, const struct request *request, struct scope *ret_scope, struct faults *why)
{
    const struct model *model = state;
    const struct pack_one *asked = request->body;
    size_t count = 0;
    if (!bodies_knows(model->bodies, asked->body))
        return refuse_unknown(asked->body, why);
    if (!access_sees_drafts(model->bodies, &request->office, asked->body))
        return faults_add(why, ERR_FORBIDDEN, "",
            "the pack of %.*s as it was holds its drafts, which only its own offices and the "
            "centre read",
            TEXT_ARG(asked->body));
    scope_subject(ret_scope, TEXT_LITERAL("government")); /* so that there always is something */
    for (size_t i = model->pacts.count; i > 0 && count < AGREEMENTS_MOST; i--) {
        const struct pact_entry *pact = (const void *)model->pacts.at[i - 1];
        if (text_equal(pact->body, asked->body)) {
            scope_subject(ret_scope, pact->id);
            count++;
        }
    }
    return OK;
}
