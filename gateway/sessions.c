#include "sessions.h"

#include "asker.h"
#include "base/must.h"
#include "cookies.h"
#include "relay.h"
#include "request.h"
#include "schema/pack.h"

#define DEVICE_AGE_S INT64_C(7776000) /* 90 days: as long as a place counts as known */
#define DEVICE_MAX   64
#define ANSWER_MAX   (64u << 10)

static void no_service(struct exchange *exchange)
{
    exchange_refuse_with(exchange, ERR_UNAVAILABLE, "the service is not there, or too busy");
}

/* One frame with a record. */
static void write_frame(struct exchange *exchange, const struct record *record, const void *value)
{
    struct frames *frames = &exchange->gateway->frames;
    frames_clear(frames);
    pack_write(record, value, &frames->bytes);
    frames_end(frames, 0);
}

/* Adds the address of the client, and the mark of the browser where there is one, to the record
 * that has come. */
static void add_place(struct exchange *exchange, struct text device)
{
    struct frames *frames = &exchange->gateway->frames;
    char client[ORIGIN_ADDRESS_SIZE];
    exchange_client(exchange, client);
    BUF_CLEANUP struct buf came = BUF(BUS_FRAME_MAX);
    buf_text(&came, frames_at(frames, 0));
    uint32_t pairs;
    struct text inside = pack_inside(buf_as_text(&came), &pairs);
    frames_clear(frames);
    pack_map(&frames->bytes, pairs + 1 + (device.len > 0));
    buf_text(&frames->bytes, inside);
    pack_text(&frames->bytes, TEXT_LITERAL("address"));
    pack_text(&frames->bytes, text_of(client));
    if (device.len) {
        pack_text(&frames->bytes, TEXT_LITERAL("device"));
        pack_text(&frames->bytes, device);
    }
    frames_end(frames, 0);
}

static void add_cookies(struct exchange *exchange, const struct session *session)
{
    if (exchange->match.route->own == OWN_SIGN_IN || exchange->asker.by_cookie)
        exchange_cookie(exchange, COOKIE_SESSION, session->token, -1);
    if (session->device.len)
        exchange_cookie(exchange, COOKIE_DEVICE, session->device, DEVICE_AGE_S);
}

static void show_session(struct exchange *exchange, struct text frame)
{
    struct faults *why = &exchange->gateway->why;
    static struct session session;
    struct buf body = BUF(ANSWER_MAX);
    faults_clear(why);
    /* Checked, because it goes into the header. */
    if (pack_read(session_record(), frame, PACK_SKIP, &session, why) != OK ||
        !relay_render(exchange, frame, &body)) {
        buf_free(&body);
        relay_broken(exchange);
        return;
    }
    exchange_answer(exchange, 200, exchange_type(exchange), &body);
    exchange_header(exchange, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    add_cookies(exchange, &session);
}

static void on_session(
    void *owner, enum err err, const struct answer *answer, const struct bus_message *message)
{
    struct exchange *exchange = owner;
    enum err outcome = err;
    if (err == OK)
        outcome = err_from_word(answer->status.at, answer->status.len);
    if (exchange->match.route->own == OWN_SIGN_IN)
        metrics_sign_in(exchange->gateway->metrics, outcome);
    if (!relay_refused(exchange, err, answer, message)) {
        if (message->count < 2)
            relay_broken(exchange);
        else
            show_session(exchange, message->frames[1]);
    }
    exchange_wake(exchange);
}

static void sign_in(struct exchange *exchange)
{
    struct text device = {0};
    const struct headers *headers = &exchange->headers;
    if (!request_frames(exchange))
        return;
    /* A mark in another form is none: whoever made it up gains nothing. */
    if (headers->cookie.at && (!cookies_find(headers->cookie, COOKIE_DEVICE, &device) ||
                                  text_complaint(device, DEVICE_MAX)))
        device = (struct text){0};
    add_place(exchange, device);
    struct question question = {.message = MESSAGE_session_start};
    if (!relay_send(exchange, &question, on_session))
        no_service(exchange);
}

static void renew(struct exchange *exchange)
{
    if (exchange->asker.foreign) {
        exchange_refuse_with(
            exchange, ERR_FORBIDDEN, "this token is of the identity provider: it is renewed there");
        return;
    }
    if (!request_frames(exchange))
        return;
    struct session_renew wish = {.session = exchange->asker.session,
        .began = {exchange->asker.began, true},
        .signed_in = {exchange->asker.signed_in, true}};
    asker_as_person(exchange);
    write_frame(exchange, session_renew_record(), &wish);
    struct question question = {.message = MESSAGE_session_renew};
    if (!relay_send(exchange, &question, on_session))
        no_service(exchange);
}

static void on_signed_out(
    void *owner, enum err err, const struct answer *answer, const struct bus_message *message)
{
    struct exchange *exchange = owner;
    struct buf empty = BUF(1);
    if (!relay_refused(exchange, err, answer, message)) {
        if (answer->position.given)
            gateway_wrote(exchange->gateway, exchange->asked, (uint64_t)answer->position.value);
        exchange_answer(exchange, exchange->match.route->status, NULL, &empty);
        exchange_header(exchange, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
        if (exchange->asker.by_cookie)
            exchange_cookie(exchange, COOKIE_SESSION, TEXT_LITERAL(""), 0);
        relay_position(exchange, answer);
    }
    exchange_wake(exchange);
}

static void sign_out(struct exchange *exchange)
{
    if (!request_frames(exchange) || request_on_hold(exchange))
        return;
    struct session_end wish = {.session = exchange->asker.session};
    asker_as_person(exchange);
    write_frame(exchange, session_end_record(), &wish);
    /* A session ends once, however often that is asked for. */
    struct question question = {.message = MESSAGE_session_end, .key = exchange->asker.session};
    if (!relay_send(exchange, &question, on_signed_out))
        no_service(exchange);
}

/* The person as offices tells it, with what the token says. */
static void show_me(struct exchange *exchange, struct text person)
{
    struct me me = {
        .session = exchange->asker.session, .expires_at = {exchange->asker.expires * 1000, true}};
    uint32_t pairs;
    BUF_CLEANUP struct buf packed = BUF(ANSWER_MAX);
    struct buf body = BUF(ANSWER_MAX);
    if (exchange->office.role != ROLE_PERSON)
        me.office = exchange->actor.office;
    struct text inside = pack_inside(person, &pairs);
    pack_map(&packed, pairs + pack_pairs(me_record(), &me));
    buf_text(&packed, inside);
    pack_fields(me_record(), &me, &packed);
    if (packed.full || !relay_render(exchange, buf_as_text(&packed), &body)) {
        buf_free(&body);
        relay_broken(exchange);
        return;
    }
    exchange_answer(exchange, 200, exchange_type(exchange), &body);
    exchange_header(exchange, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
}

static void on_me(
    void *owner, enum err err, const struct answer *answer, const struct bus_message *message)
{
    struct exchange *exchange = owner;
    if (!relay_refused(exchange, err, answer, message)) {
        if (message->count < 2)
            relay_broken(exchange);
        else
            show_me(exchange, message->frames[1]);
    }
    exchange_wake(exchange);
}

static void ask_me(struct exchange *exchange)
{
    struct gateway *gateway = exchange->gateway;
    if (!request_frames(exchange))
        return;
    struct person_one wish = {.person = exchange->actor.person};
    write_frame(exchange, person_one_record(), &wish);
    struct question question = {
        .message = MESSAGE_person_get, .least = {(int64_t)gateway->least, gateway->least > 0}};
    if (!relay_send(exchange, &question, on_me))
        no_service(exchange);
}

static void change_password(struct exchange *exchange)
{
    struct gateway *gateway = exchange->gateway;
    if (!request_frames(exchange))
        return;
    const struct password_change *wish = gateway->record;
    if (wish->address.at) {
        faults_clear(&gateway->why);
        faults_add(&gateway->why, ERR_INVALID, "address", "is added here: leave it out");
        exchange_refuse(exchange, ERR_INVALID, PROBLEM_IN_BODY);
        return;
    }
    asker_as_person(exchange);
    add_place(exchange, (struct text){0});
    struct question question = {.message = MESSAGE_password_change};
    relay_ask(exchange, &question);
}

void sessions_answer(struct exchange *exchange)
{
    enum own own = exchange->match.route->own;
    if (own != OWN_SIGN_IN && exchange_is_public(exchange)) {
        exchange_refuse_with(exchange, ERR_UNAUTHENTICATED, "sign in first: POST /v1/sessions");
        return;
    }
    if (own == OWN_SIGN_IN)
        sign_in(exchange);
    else if (own == OWN_RENEW)
        renew(exchange);
    else if (own == OWN_SIGN_OUT)
        sign_out(exchange);
    else if (own == OWN_ME)
        ask_me(exchange);
    else
        change_password(exchange);
}
