#include "webhooks.h"

#include "commands.h"
#include "errands.h"
#include "tools.h"

#include "ledger/outbox.h"
#include "proof/base64.h"
#include "proof/sealing.h"

#include <ctype.h>
#include <stdio.h>

#define AGAIN_MOST 1000

/* "https://host[:port]/path": no user, no fragment, nothing that one program reads otherwise than
 * another. */
static bool is_url(struct text url)
{
    const struct text secure = TEXT_LITERAL("https://"), plain = TEXT_LITERAL("http://");
    size_t scheme = text_starts(url, secure) ? secure.len : text_starts(url, plain) ? plain.len : 0;
    size_t host = scheme;
    while (host < url.len && (isalnum((unsigned char)url.at[host]) || strchr(".-:", url.at[host])))
        host++;
    for (size_t i = host; i < url.len; i++)
        if (url.at[i] <= ' ' || url.at[i] > '~' || strchr("\"#<>@[\\]^`{|}", url.at[i]))
            return false;
    return scheme && host > scheme && isalnum((unsigned char)url.at[scheme]) &&
           (host == url.len || url.at[host] == '/');
}

static void check_types(struct text types, struct faults *why)
{
    for (struct text rest = types; rest.at;) {
        struct text type = text_cut(rest, ',', &rest);
        enum message message = message_from_wire(type);
        if (!message || message_row(message)->kind != MESSAGE_EVENT)
            faults_add(
                why, ERR_INVALID, "types", "\"%.*s\" is not a type of events", TEXT_ARG(type));
    }
}

void webhook_check(const struct access_propose *propose, struct faults *why)
{
    if (propose->webhook.len && !is_url(propose->webhook))
        faults_add(why, ERR_INVALID, "webhook",
            "is not an address as https://hooks.example.org/misaq: a host, perhaps a port and a "
            "path, nothing else");
    if (propose->types.len && !propose->webhook.len)
        faults_add(why, ERR_INVALID, "types", "are those of a webhook, and there is none");
    if (propose->types.len)
        check_types(propose->types, why);
}

static const struct department_access *find(
    const struct model *model, struct text id, struct faults *why)
{
    const struct department_access *access = departments_access(model->departments, id);
    if (!access || !access->facts.proposal.webhook.len) {
        (void)faults_add(why, ERR_NOT_FOUND, "access",
            "there is no access %.*s with a webhook; its department shows what there is",
            TEXT_ARG(id));
        return NULL;
    }
    return access;
}

enum err access_again_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct access_again *again = request->body;
    const struct department_access *access = find(state, again->access, why);
    char subject[ID_MAX + 1];
    if (!access)
        return ERR_NOT_FOUND;
    if (access->state != ACCESS_GRANTED)
        return faults_add(why, ERR_STATE, "access", "%s is %s: nothing is sent to it", access->id,
            choices_word(access_state_choices(), (int)access->state));
    if (again->upto.value < again->from.value ||
        again->upto.value - again->from.value >= AGAIN_MOST)
        return faults_add(why, ERR_INVALID, "upto",
            "is not at or behind `from`, at most %d positions in all", AGAIN_MOST);
    int len = snprintf(subject, sizeof subject, DEPARTMENT_SUBJECT "%.*s",
        TEXT_ARG(access->facts.proposal.department));
    decision_id(ret_decision, text_of(access->id));
    decision_add(ret_decision, MESSAGE_access_wanted_again, (struct text){subject, (size_t)len},
        text_of(access->id), again);
    return OK;
}

/* ---- errands ---- */
enum err webhook_secret_order(
    const void *state, const struct request *request, struct buf *out, struct faults *why)
{
    const struct access_one *asked = request->body;
    const struct department_access *access = find(state, asked->access, why);
    struct order order = {0};
    if (!access)
        return ERR_NOT_FOUND;
    order_set(order.person, text_of(access->id));
    order_write(&order, NULL, out);
    return OK;
}

enum err webhook_secret_run(
    void *of_worker, struct text bytes, struct reply *ret_reply, struct faults *why)
{
    struct tools *tools = of_worker;
    struct order order;
    struct text unused;
    unsigned char seal[SEALING_SIZE];
    BUF_CLEANUP struct buf text = BUF(80);
    (void)why; /* nothing can fail */
    order_read(bytes, &order, &unused);
    sealing_of(tools->secret, SEALING_WEBHOOK, text_of(order.person), (struct text){0}, seal);
    buf_str(&text, "whsec_");
    base64_write(&text, BASE64_PADDED, (struct text){(const char *)seal, sizeof seal});
    struct webhook_secret view = {.access = text_of(order.person), .secret = buf_as_text(&text)};
    reply_add(ret_reply, webhook_secret_record(), &view);
    return OK;
}

static enum err order_deliveries(struct text id, const char *prefix, struct buf *out)
{
    struct order order = {0};
    char target[OUTBOX_TARGET_MAX + 1];
    int len = snprintf(target, sizeof target, "%s%.*s", prefix, TEXT_ARG(id));
    order_set(order.person, id);
    order_set(order.address, ((struct text){target, (size_t)len}));
    order_write(&order, NULL, out);
    return OK;
}

enum err access_deliveries_order(
    const void *state, const struct request *request, struct buf *out, struct faults *why)
{
    const struct access_one *asked = request->body;
    const struct department_access *access = find(state, asked->access, why);
    return access ? order_deliveries(text_of(access->id), OUTBOX_HOOK, out) : ERR_NOT_FOUND;
}

enum err mail_deliveries_order(
    const void *state, const struct request *request, struct buf *out, struct faults *why)
{
    (void)state;
    (void)why;
    return order_deliveries(request->actor.office, OUTBOX_MAIL, out);
}

static struct whole whole_of(uint64_t value)
{
    return (struct whole){(int64_t)value, true};
}

static void show(const struct outbox_sight *sight, struct text to, struct reply *reply)
{
    static _Thread_local struct deliveries_view view;
    static _Thread_local struct faults why;
    const struct outbox_counts *counts = &sight->counts;
    memset(&view, 0, sizeof view);
    view.to = to;
    view.upto = whole_of(counts->upto);
    view.delivered = whole_of(counts->delivered);
    view.failed = whole_of(counts->failed);
    view.waiting = whole_of(counts->waiting);
    view.left_out = whole_of(counts->left_out);
    view.parked = whole_of(counts->parked);
    view.parked_latest.head.given = view.receipts.head.given = true;
    for (size_t i = 0; i < sight->parked_count; i++)
        view.parked_latest.at[view.parked_latest.head.count++].position =
            whole_of(sight->parked[i]);
    for (size_t i = 0; i < sight->receipt_count; i++) {
        faults_clear(&why);
        if (pack_read(delivery_receipt_record(), sight->receipts[i], PACK_SKIP,
                &view.receipts.at[view.receipts.head.count], &why) == OK)
            view.receipts.head.count++;
    }
    reply_add(reply, deliveries_view_record(), &view);
    view.to = (struct text){0};
}

static enum err run_deliveries(
    struct tools *tools, struct text bytes, struct reply *ret_reply, struct faults *why)
{
    struct order order;
    struct text unused;
    struct outbox_sight sight;
    BUF_CLEANUP struct buf arena = BUF(1u << 20);
    order_read(bytes, &order, &unused);
    enum err err = outbox_read(tools->outbox, order.address, &arena, &sight, why);
    if (err == OK)
        show(&sight, text_of(order.person), ret_reply);
    return err;
}

enum err access_deliveries_run(
    void *tools, struct text bytes, struct reply *ret_reply, struct faults *why)
{
    return run_deliveries(tools, bytes, ret_reply, why);
}

enum err mail_deliveries_run(
    void *tools, struct text bytes, struct reply *ret_reply, struct faults *why)
{
    return run_deliveries(tools, bytes, ret_reply, why);
}
