/* Commands on departments that subscribe to events from outside. A key is let in by two people, and
 * by them alone; any one of them shuts it out at once. */
#include "commands.h"

#include "model.h"
#include "webhooks.h"

#include "bus/bus.h"

#include <stdio.h>

#define CODE_MAX  20
#define TYPE_DOTS 2 /* within class and type: "inner.target.drafted" */

static struct text subject_of(struct text code, char out[ID_MAX + 1])
{
    int len = snprintf(out, ID_MAX + 1, DEPARTMENT_SUBJECT "%.*s", TEXT_ARG(code));
    return (struct text){out, (size_t)len};
}

static bool is_code(struct text id)
{
    for (size_t i = 0; i < id.len; i++) {
        char c = id.at[i];
        bool capital = c >= 'A' && c <= 'Z', digit = c >= '0' && c <= '9';
        if (!capital && !(i > 0 && (digit || c == '-')))
            return false;
    }
    return id.len > 0 && id.len <= CODE_MAX;
}

enum err department_register_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct model *model = state;
    const struct department *department = request->body;
    char subject[ID_MAX + 1];
    if (!is_code(department->id))
        return faults_add(why, ERR_INVALID, "id",
            "a department is named by capital letters, digits and -, beginning with a letter, %d "
            "at most",
            CODE_MAX);
    if (departments_find(model->departments, department->id))
        return faults_add(why, ERR_EXISTS, "id", "the department %.*s is registered already",
            TEXT_ARG(department->id));
    decision_id(ret_decision, department->id);
    decision_add(ret_decision, MESSAGE_department_registered, subject_of(department->id, subject),
        department->id, department);
    return OK;
}

/* Whether some event has a topic that begins so, and is not public: "inner.target.drafted.PWR". */
static bool is_topic(struct text topic)
{
    const struct text inner = TEXT_LITERAL("inner.");
    if (!text_starts(topic, inner))
        return false;
    struct text rest = {topic.at + inner.len, topic.len - inner.len};
    size_t dots = 0, type = 0;
    for (; type < rest.len && dots < TYPE_DOTS; type++)
        dots += rest.at[type] == '.';
    bool whole = dots == TYPE_DOTS;
    struct text wanted = {rest.at, whole ? type - 1 : rest.len};
    for (enum message m = MESSAGE_UNSET + 1; m < MESSAGE_COUNT; m++) {
        struct text wire = text_of(message_row(m)->wire);
        if (message_row(m)->kind == MESSAGE_EVENT &&
            (whole ? text_equal(wire, wanted) : text_starts(wire, wanted)))
            return true;
    }
    return false;
}

static void check_key(
    const struct model *model, const struct access_propose *propose, struct faults *why)
{
    const struct department_access *holder =
        propose->key.len ? departments_by_key(model->departments, propose->key) : NULL;
    if (!propose->key.len && !propose->webhook.len)
        faults_add(
            why, ERR_INVALID, "key", "a key or a webhook is needed: how else to be reached?");
    else if (propose->key.len && !bus_key_is(propose->key))
        faults_add(why, ERR_INVALID, "key",
            "is not a public CURVE key in Z85: 40 characters, as `misaq follow --keygen` makes");
    else if (holder)
        faults_add(why, ERR_EXISTS, "key",
            "is let in already as %s: revoke that first, or make "
            "another key",
            holder->id);
    bool hex = propose->token_digest.len == 64;
    for (size_t i = 0; hex && i < 64; i++)
        hex = strchr("0123456789abcdef", propose->token_digest.at[i]);
    if (!hex)
        faults_add(why, ERR_INVALID, "token_digest", "is not a SHA-256: 64 small hex digits");
    else if (departments_by_token(model->departments, propose->token_digest))
        faults_add(why, ERR_EXISTS, "token_digest", "is of a token that is used already");
}

enum err access_propose_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct model *model = state;
    const struct access_propose *propose = request->body;
    const struct department_entry *entry =
        departments_find(model->departments, propose->department);
    char id[ID_MAX + 1], subject[ID_MAX + 1];
    if (!entry)
        return faults_add(why, ERR_NOT_FOUND, "department",
            "there is no department %.*s; register it first", TEXT_ARG(propose->department));
    check_key(model, propose, why);
    for (uint32_t i = 0; i < propose->topics.head.count; i++) {
        char member[24];
        (void)snprintf(member, sizeof member, "topics/%u", i);
        if (!is_topic(propose->topics.at[i]))
            faults_add(why, ERR_INVALID, member,
                "no topic begins so: \"inner.\", \"inner.target.\", \"inner.target.drafted.PWR\"; "
                "what is public needs no right");
    }
    webhook_check(propose, why);
    if (why->total)
        return faults_err(why);
    int len = snprintf(id, sizeof id, "%s.a%zu", entry->id, entry->count + 1);
    struct access access = {.id = {id, (size_t)len}, .proposal = *propose};
    decision_id(ret_decision, access.id);
    decision_add(ret_decision, MESSAGE_access_proposed, subject_of(text_of(entry->id), subject),
        access.id, &access);
    return OK;
}

static const struct department_access *find_access(
    const struct model *model, struct text id, struct faults *why)
{
    const struct department_access *access = departments_access(model->departments, id);
    if (!access)
        (void)faults_add(why, ERR_NOT_FOUND, "access",
            "there is no access %.*s; its department shows what there is", TEXT_ARG(id));
    return access;
}

enum err access_confirm_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct model *model = state;
    const struct access_one *one = request->body;
    const struct department_access *access = find_access(model, one->access, why);
    char subject[ID_MAX + 1];
    if (!access)
        return ERR_NOT_FOUND;
    if (access->state != ACCESS_PROPOSED)
        return faults_add(why, ERR_STATE, "access", "%s is %s; only what is proposed is confirmed",
            access->id, choices_word(access_state_choices(), (int)access->state));
    if (text_is(request->actor.person, access->proposed_by))
        return faults_add(why, ERR_FORBIDDEN, "",
            "%s proposed this; another administrator has to confirm it", access->proposed_by);
    check_key(model, &access->facts.proposal, why);
    if (why->total)
        return faults_err(why);
    decision_id(ret_decision, text_of(access->id));
    decision_add(ret_decision, MESSAGE_access_granted,
        subject_of(access->facts.proposal.department, subject), text_of(access->id), one);
    return OK;
}

enum err access_revoke_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct model *model = state;
    const struct access_end *end = request->body;
    const struct department_access *access = find_access(model, end->access, why);
    char subject[ID_MAX + 1];
    if (!access)
        return ERR_NOT_FOUND;
    if (access->state == ACCESS_ENDED)
        return faults_add(why, ERR_STATE, "access", "%s has ended already", access->id);
    decision_id(ret_decision, text_of(access->id));
    decision_add(ret_decision, MESSAGE_access_revoked,
        subject_of(access->facts.proposal.department, subject), text_of(access->id), end);
    return OK;
}
