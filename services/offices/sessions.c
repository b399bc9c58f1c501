/* Signing in and going on. Whoever does not exist, has no password or gives a wrong one gets the
 * same answer after the same work, so that nobody learns who is registered. */
#include "errands.h"

#include "queries.h"
#include "throttle.h"
#include "vault.h"

#include "base/clock.h"
#include "base/must.h"

#include <poll.h>

#define AHEAD_S 60 /* that another clock may be ahead of this one */

static enum err refuse(struct faults *why)
{
    return faults_add(why, ERR_UNAUTHENTICATED, "", "person or password is wrong");
}

/* ---- the token ---- */
static void answer(const struct tools *tools, const struct order *order, struct text packed_view,
    int64_t now_s, const char *device, struct reply *reply)
{
    struct faults unused;
    const struct settings *settings = tools->settings;
    int64_t expires = now_s + (int64_t)settings->session_s;
    int64_t last = order->signed_in + (int64_t)settings->session_max_s;
    struct token token = {.government = text_of(settings->government),
        .person = text_of(order->person),
        .session = text_of(order->session),
        .signed_in = order->signed_in,
        .began = order->began,
        .expires = expires < last ? expires : last};
    BUF_CLEANUP struct buf text = BUF(TOKEN_MAX);
    struct session session = {.expires_at = {token.expires * 1000, true}};
    faults_clear(&unused);
    must(pack_read_trusted(person_view_record(), packed_view, &session.person, &unused) == OK);
    token_write(&token, tools->secret, &text);
    must(!text.full);
    session.token = buf_as_text(&text);
    if (device)
        session.device = text_of(device);
    reply_add(reply, session_record(), &session);
    sodium_memzero(text.at, text.len);
}

/* ---- signing in ---- */
enum err session_start_order(
    const void *state, const struct request *request, struct buf *out, struct faults *why)
{
    (void)why;
    const struct model *model = state;
    const struct session_start *asked = request->body;
    const struct person_entry *person = model_person(model, asked->credentials.person);
    struct order order = {.began = request->now_ms / 1000,
        .signed_in = request->wall_ms / 1000,
        .ahead_ms = request->now_ms - request->wall_ms,
        .known = person != NULL};
    order_set(order.person, asked->credentials.person);
    order_set(order.password, asked->credentials.password);
    order_set(order.address, asked->address);
    order_set(order.device, asked->device);
    /* A session that begins in the second in which all were ended would be one of those. */
    if (roster_session_ended(
            request->roster, asked->credentials.person, TEXT_LITERAL("none"), order.began * 1000))
        order.began++;
    struct person_view view;
    if (person)
        view = queries_person(model, person);
    order_write(&order, person ? &view : NULL, out);
    sodium_memzero(&order, sizeof order);
    return OK;
}

/* The session begins now, and not before the second from which it may count. */
static void begin(struct order *order)
{
    int64_t missing = order->began * 1000 - (clock_wall_ms() + order->ahead_ms);
    if (missing > 0 && missing <= 1000)
        (void)poll(NULL, 0, (int)missing);
    int64_t wall_ms = clock_wall_ms(), now = (wall_ms + order->ahead_ms) / 1000;
    order->signed_in = wall_ms / 1000;
    order->began = now > order->began ? now : order->began;
}

enum err session_start_run(
    void *of_worker, struct text bytes, struct reply *ret_reply, struct faults *why)
{
    struct tools *tools = of_worker;
    struct order order;
    struct text view;
    struct throttle throttle;
    struct vault_record record;
    char device[THROTTLE_DEVICE_SIZE];
    unsigned char session[16];
    order_read(bytes, &order, &view);
    struct text person = text_of(order.person);
    enum err err = throttle_enter(tools, person, text_of(order.address),
        order.device[0] ? text_of(order.device) : (struct text){0}, order.signed_in, &throttle,
        why);
    if (err == OK)
        err = vault_read(tools, person, &record, why);
    if (err == OK && (!vault_opens(tools, &record, text_of(order.password)) || !order.known))
        err = refuse(why);
    sodium_memzero(order.password, sizeof order.password);
    if (err == OK)
        err = throttle_leave(tools, &throttle, why);
    if (err != OK)
        return err;
    begin(&order);
    randombytes_buf(session, sizeof session);
    (void)sodium_bin2hex(order.session, sizeof order.session, session, sizeof session);
    throttle_device(tools, person, order.signed_in, device);
    answer(tools, &order, view, order.signed_in, device, ret_reply);
    return OK;
}

/* ---- going on ---- */
enum err session_renew_order(
    const void *state, const struct request *request, struct buf *out, struct faults *why)
{
    const struct model *model = state;
    const struct session_renew *asked = request->body;
    const struct person_entry *person = model_person(model, request->actor.person);
    if (!person || roster_session_ended(request->roster, request->actor.person, asked->session,
                       asked->began.value * 1000))
        return faults_add(why, ERR_UNAUTHENTICATED, "", "the session was ended; sign in again");
    if (asked->began.value > request->now_ms / 1000 + AHEAD_S)
        return faults_add(why, ERR_INVALID, "began", "a session that has not begun");
    struct order order = {
        .began = asked->began.value, .signed_in = asked->signed_in.value, .known = true};
    order_set(order.person, request->actor.person);
    order_set(order.session, asked->session);
    struct person_view view = queries_person(model, person);
    order_write(&order, &view, out);
    return OK;
}

enum err session_renew_run(
    void *of_worker, struct text bytes, struct reply *ret_reply, struct faults *why)
{
    struct tools *tools = of_worker;
    struct order order;
    struct text view;
    struct vault_record record;
    int64_t now_s = clock_wall_ms() / 1000;
    order_read(bytes, &order, &view);
    if (now_s >= order.signed_in + (int64_t)tools->settings->session_max_s)
        return faults_add(why, ERR_UNAUTHENTICATED, "",
            "the session has lasted as long as one may; sign in again");
    enum err err = vault_read(tools, text_of(order.person), &record, why);
    if (err)
        return err;
    if (!record.found || record.set_s > order.signed_in)
        return faults_add(why, ERR_UNAUTHENTICATED, "",
            "the password was changed since the session began; sign in again");
    answer(tools, &order, view, now_s, NULL, ret_reply);
    return OK;
}
