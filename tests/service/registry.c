/* See registry.h. A change needs no If-Match here, so that races can be seen. */
#include "registry.h"

#include "base/must.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct kept {
    char id[ID_MAX + 1];
    char name[201];
    uint64_t version;
};

struct bodies {
    struct kept *at;
    size_t count;
};

static void *bodies_new(void)
{
    return calloc(1, sizeof(struct bodies));
}

static void bodies_free(void *state)
{
    free(((struct bodies *)state)->at);
    free(state);
}

static struct kept *find(const struct bodies *bodies, struct text id)
{
    for (size_t i = 0; i < bodies->count; i++)
        if (text_is(id, bodies->at[i].id))
            return &bodies->at[i];
    return NULL;
}

static const char *apply(void *state, const struct happened *happened)
{
    struct bodies *bodies = state;
    if (happened->message != MESSAGE_body_registered && happened->message != MESSAGE_body_changed)
        return NULL;
    const struct body *body = happened->record;
    struct kept *kept = find(bodies, body->id);
    if (!kept) {
        bodies->at = realloc(bodies->at, (bodies->count + 1) * sizeof *bodies->at);
        must(bodies->at);
        kept = &bodies->at[bodies->count++];
        *kept = (struct kept){0};
        memcpy(kept->id, body->id.at, body->id.len);
    }
    if (happened->version != kept->version + 1)
        return "its version does not follow";
    kept->version = happened->version;
    memcpy(kept->name, body->name.at, body->name.len);
    kept->name[body->name.len] = '\0';
    return NULL;
}

static void digest(const void *state, struct buf *out)
{
    const struct bodies *bodies = state;
    for (size_t i = 0; i < bodies->count; i++) /* in order of their first event */
        buf_printf(out, "%s %llu %s\n", bodies->at[i].id, (unsigned long long)bodies->at[i].version,
            bodies->at[i].name);
}

static enum err decide_register(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct body *body = request->body;
    if (find(state, body->id))
        return faults_add(why, ERR_EXISTS, "id", "there is a body %.*s", TEXT_ARG(body->id));
    decision_add(ret_decision, MESSAGE_body_registered, body->id, body->id, body);
    return OK;
}

static enum err decide_change(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct body *body = request->body;
    const struct kept *kept = find(state, body->id);
    if (!kept)
        return faults_add(why, ERR_NOT_FOUND, "id", "there is no body %.*s", TEXT_ARG(body->id));
    if (request->expected.given && request_expects(request, kept->version, why) != OK)
        return faults_err(why);
    for (uint32_t i = 0; i < body->successors.head.count; i++)
        decision_expect(ret_decision, body->successors.at[i]);
    decision_id(ret_decision, body->id);
    decision_add(ret_decision, MESSAGE_body_changed, body->id, body->id, body);
    return OK;
}

static struct body_view view_of(const struct kept *kept)
{
    return (struct body_view){.body = {.id = text_of(kept->id),
                                  .name = text_of(kept->name),
                                  .kind = TEXT_LITERAL("division"),
                                  .valid_from = 20210701},
        .version = {(int64_t)kept->version, true}};
}

static enum err answer_get(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct body_one *one = request->body;
    const struct kept *kept = find(state, one->body);
    if (!kept)
        return faults_add(why, ERR_NOT_FOUND, "", "there is no body %.*s", TEXT_ARG(one->body));
    struct body_view view = view_of(kept);
    reply_add(ret_reply, body_view_record(), &view);
    reply_version(ret_reply, kept->version);
    reply_subject(ret_reply, one->body);
    return OK;
}

static enum err answer_list(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct bodies *bodies = state;
    (void)request;
    (void)why;
    for (size_t i = 0; i < bodies->count; i++) {
        struct body_view view = view_of(&bodies->at[i]);
        reply_add(ret_reply, body_view_record(), &view);
    }
    reply_total(ret_reply, bodies->count);
    return OK;
}

static enum err scope_get(
    const void *state, const struct request *request, struct scope *ret_scope, struct faults *why)
{
    (void)state;
    (void)why;
    scope_subject(ret_scope, ((const struct body_one *)request->body)->body);
    return OK;
}

static enum err scope_history(
    const void *state, const struct request *request, struct scope *ret_scope, struct faults *why)
{
    (void)state;
    (void)why;
    scope_about(ret_scope, ((const struct history *)request->body)->id);
    return OK;
}

/* ---- the errand ---- */
static enum err order_check(
    const void *state, const struct request *request, struct buf *out, struct faults *why)
{
    const struct bodies *bodies = state;
    const struct check_statement *check = request->body;
    if (text_is(check->statement, "unknown"))
        return faults_add(why, ERR_NOT_FOUND, "statement", "it is unknown");
    buf_printf(out, "%.*s %zu", TEXT_ARG(check->statement), bodies->count);
    return OK;
}

static enum err run_check(
    void *tools, struct text order, struct reply *ret_reply, struct faults *why)
{
    char byte;
    if (text_starts(order, TEXT_LITERAL("refuse")))
        return faults_add(why, ERR_INVALID, "statement", "it is refused");
    if (text_starts(order, TEXT_LITERAL("fail")))
        return ERR_CONFLICT;
    if (text_starts(order, TEXT_LITERAL("wait")))
        must(read(*(int *)tools, &byte, 1) == 1);
    size_t times = text_starts(order, TEXT_LITERAL("much")) ? 1000000 : 1;
    for (size_t i = 0; i < times; i++)
        buf_text(reply_frame(ret_reply), order);
    reply_end_frame(ret_reply);
    return OK;
}

static enum err open_tools(const struct settings *settings, void **ret_tools, struct faults *why)
{
    int *gate = malloc(sizeof *gate);
    must(gate);
    *gate = open(settings->keys, O_RDWR | O_CLOEXEC); /* reading and writing: never waits here */
    if (*gate < 0) {
        free(gate);
        return faults_add(why, ERR_INVALID, "MISAQ_KEYS", "there is no pipe %s", settings->keys);
    }
    *ret_tools = gate;
    return OK;
}

static void close_tools(void *tools)
{
    (void)close(*(int *)tools);
    free(tools);
}

/* ---- the side ---- */
struct side {
    char path[SETTING_WORD_SIZE + 8];
    bool held;
};

static enum err open_side(
    const struct settings *settings, void *state, void **ret_side, struct faults *why)
{
    (void)why;
    must(state);
    struct side *side = calloc(1, sizeof *side);
    must(side);
    (void)snprintf(side->path, sizeof side->path, "%s/hold", settings->record);
    *ret_side = side;
    return OK;
}

static int turn_side(void *owner, struct ledger *ledger, uint64_t now_us)
{
    struct side *side = owner;
    must(ledger && now_us > 0);
    side->held = access(side->path, F_OK) == 0;
    return 10;
}

static const char *hold_of_side(const void *side)
{
    return ((const struct side *)side)->held ? REGISTRY_HOLD : NULL;
}

/* ---- what falls due ---- */
#define DUE_BATCH 8

static bool is_due(const struct kept *kept)
{
    return strcmp(kept->name, REGISTRY_DUE) == 0 || strcmp(kept->name, REGISTRY_POISON) == 0;
}

static int64_t next_due(void *state, const struct calendar *calendar, int32_t zone)
{
    const struct bodies *bodies = state;
    must(calendar && zone >= 0);
    for (size_t i = 0; i < bodies->count; i++)
        if (is_due(&bodies->at[i]))
            return 0; /* long ago */
    return INT64_MAX;
}

static enum err decide_due(void *state, const struct request *request,
    struct decision *ret_decision, struct buf *ret_key, struct faults *why)
{
    const struct bodies *bodies = state;
    must(request->office.role == ROLE_CLOCK && request->now_ms > 0);
    for (size_t i = 0, count = 0; i < bodies->count && count < DUE_BATCH; i++) {
        const struct kept *kept = &bodies->at[i];
        if (!is_due(kept))
            continue;
        if (strcmp(kept->name, REGISTRY_POISON) == 0)
            return faults_add(why, ERR_INVALID, "", "it is poison");
        struct body body = view_of(kept).body;
        body.name = TEXT_LITERAL(REGISTRY_DONE);
        decision_add(ret_decision, MESSAGE_body_changed, body.id, body.id, &body);
        if (count++ == 0)
            buf_printf(ret_key, "%s/%llu", kept->id, (unsigned long long)kept->version);
    }
    return OK;
}

static const struct service_due due_table = {next_due, decide_due};
static const struct service_side side_table = {open_side, free, turn_side, hold_of_side};
static const struct service_errand errands[] = {{MESSAGE_check_get, order_check, run_check}};

static const struct service_command commands[] = {
    {MESSAGE_body_register, decide_register},
    {MESSAGE_body_change, decide_change},
};
static const struct service_query queries[] = {
    {MESSAGE_body_get, answer_get, scope_get},
    {MESSAGE_body_list, answer_list, NULL},
    {MESSAGE_history_body, NULL, scope_history},
};

const struct service registry = {.id = SERVICE_targets,
    .about = "bodies, for tests",
    .state_new = bodies_new,
    .state_free = bodies_free,
    .apply = apply,
    .digest = digest,
    .commands = commands,
    .command_count = sizeof commands / sizeof *commands,
    .queries = queries,
    .query_count = sizeof queries / sizeof *queries,
    .errands = errands,
    .errand_count = sizeof errands / sizeof *errands,
    .tools_open = open_tools,
    .tools_close = close_tools,
    .side = &side_table,
    .due = &due_table};
