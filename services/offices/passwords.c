/* One-time codes and new passwords. */
#include "errands.h"

#include "codes.h"
#include "throttle.h"
#include "vault.h"

#include "base/clock.h"

/* ---- setting one with a code ---- */
static enum err refuse_code(struct faults *why)
{
    return faults_add(why, ERR_INVALID, "code",
        "the code is wrong, used or too old; two administrators give a new one");
}

enum err password_set_order(
    const void *state, const struct request *request, struct buf *out, struct faults *why)
{
    const struct password_set *asked = request->body;
    const struct person_entry *person = model_person(state, asked->person);
    if (!person || !person->code.confirmed_ms)
        return refuse_code(why);
    enum err err =
        order_check_password(asked->password, person->id, person->facts.name, "password", why);
    if (err)
        return err;
    struct order order = {.number = person->code.number,
        .confirmed_ms = person->code.confirmed_ms,
        .ahead_ms = request->now_ms - request->wall_ms,
        .known = true};
    order_set(order.person, asked->person);
    order_set(order.fresh, asked->password);
    order_set(order.code, asked->code);
    order_write(&order, NULL, out);
    sodium_memzero(&order, sizeof order);
    return OK;
}

static void answer_kept(const struct order *order, struct reply *reply)
{
    struct password_kept kept = {text_of(order->person)};
    reply_add(reply, password_kept_record(), &kept);
}

/* A code was confirmed at a moment of business time, and lives by it. */
static bool is_over(const struct tools *tools, const struct order *order)
{
    return clock_wall_ms() + order->ahead_ms >
           order->confirmed_ms + (int64_t)tools->settings->code_s * 1000;
}

/* A stored password that was tampered with gives way to a new one. */
static enum err read_stored(
    struct tools *tools, const struct order *order, struct vault_record *record, struct faults *why)
{
    struct faults inner;
    faults_clear(&inner);
    enum err err = vault_read(tools, text_of(order->person), record, &inner);
    if (err == OK || err == ERR_INTERNAL)
        return OK;
    return faults_add(why, err, "", "%s", inner.kept[0].detail);
}

enum err password_set_run(
    void *of_worker, struct text bytes, struct reply *ret_reply, struct faults *why)
{
    struct tools *tools = of_worker;
    struct order order;
    struct text unused;
    struct vault_record record;
    order_read(bytes, &order, &unused);
    struct text person = text_of(order.person);
    if (!codes_right(tools->secret, person, order.number, text_of(order.code)) ||
        is_over(tools, &order))
        return refuse_code(why);
    enum err err = read_stored(tools, &order, &record, why);
    if (err)
        return err;
    if (record.found && record.number >= order.number) {
        /* the same once more, because the first answer was lost */
        bool same =
            record.number == order.number && vault_opens(tools, &record, text_of(order.fresh));
        if (!same)
            return refuse_code(why);
    } else
        err = vault_write(tools, person, &record, order.number, clock_wall_ms() / 1000,
            text_of(order.fresh), why);
    if (err == OK)
        answer_kept(&order, ret_reply);
    sodium_memzero(&order, sizeof order);
    return err;
}

/* ---- changing one's own ---- */
enum err password_change_order(
    const void *state, const struct request *request, struct buf *out, struct faults *why)
{
    const struct password_change *asked = request->body;
    const struct person_entry *person = model_person(state, request->actor.person);
    if (!person)
        return faults_add(why, ERR_NOT_FOUND, "", "you are not registered");
    enum err err =
        order_check_password(asked->password, person->id, person->facts.name, "password", why);
    if (err == OK && text_equal(asked->old, asked->password))
        err = faults_add(why, ERR_INVALID, "password", "it is the old one");
    if (err)
        return err;
    struct order order = {.signed_in = request->wall_ms / 1000, .known = true};
    order_set(order.person, person->id);
    order_set(order.password, asked->old);
    order_set(order.fresh, asked->password);
    order_set(order.address, asked->address);
    order_write(&order, NULL, out);
    sodium_memzero(&order, sizeof order);
    return OK;
}

enum err password_change_run(
    void *of_worker, struct text bytes, struct reply *ret_reply, struct faults *why)
{
    struct tools *tools = of_worker;
    struct order order;
    struct text unused;
    struct throttle throttle;
    struct vault_record record;
    order_read(bytes, &order, &unused);
    struct text person = text_of(order.person);
    enum err err = throttle_enter(
        tools, person, text_of(order.address), (struct text){0}, order.signed_in, &throttle, why);
    if (err == OK)
        err = vault_read(tools, person, &record, why);
    if (err == OK && !vault_opens(tools, &record, text_of(order.password)))
        err = faults_add(why, ERR_INVALID, "old", "that is not the password so far");
    if (err == OK)
        err = throttle_leave(tools, &throttle, why);
    if (err == OK)
        err = vault_write(tools, person, &record, record.number, clock_wall_ms() / 1000,
            text_of(order.fresh), why);
    if (err == OK)
        answer_kept(&order, ret_reply);
    sodium_memzero(&order, sizeof order);
    return err;
}

/* ---- reading a code ---- */
/* Each of the two administrators reads one half; the founders' codes are read by who founds. */
enum err code_get_order(
    const void *state, const struct request *request, struct buf *out, struct faults *why)
{
    const struct person_one *asked = request->body;
    const struct person_entry *person = model_person(state, asked->person);
    if (!person)
        return faults_add(why, ERR_NOT_FOUND, "person",
            "nobody is registered as %.*s; the list of people has the ids",
            TEXT_ARG(asked->person));
    const struct person_code *code = &person->code;
    if (!code->confirmed_ms)
        return faults_add(why, ERR_STATE, "person",
            "no code for %.*s is confirmed; one administrator asks for it, another confirms it",
            TEXT_ARG(person->id));
    bool founding = request->office.role == ROLE_SETUP && person->founder && code->number == 1;
    struct order order = {.number = code->number,
        .confirmed_ms = code->confirmed_ms,
        .ahead_ms = request->now_ms - request->wall_ms,
        .known = true,
        .first = founding || text_is(request->actor.person, code->proposed_by),
        .second = founding || text_is(request->actor.person, code->confirmed_by)};
    if (!order.first && !order.second)
        return faults_add(why, ERR_FORBIDDEN, "",
            "only the two administrators who asked for this code and confirmed it read it, a half "
            "each");
    order_set(order.person, person->id);
    order_write(&order, NULL, out);
    return OK;
}

enum err code_get_run(
    void *of_worker, struct text bytes, struct reply *ret_reply, struct faults *why)
{
    struct tools *tools = of_worker;
    struct order order;
    struct text unused;
    struct vault_record record;
    char first[CODES_HALF_SIZE], second[CODES_HALF_SIZE];
    order_read(bytes, &order, &unused);
    struct text person = text_of(order.person);
    enum err err = read_stored(tools, &order, &record, why);
    if (err)
        return err;
    if (is_over(tools, &order) || (record.found && record.number >= order.number))
        return faults_add(why, ERR_GONE, "person",
            "the code of %s was used or is too old; ask for a new one", order.person);
    struct code code = {.person = person,
        .until = {order.confirmed_ms + (int64_t)tools->settings->code_s * 1000, true}};
    if (order.first)
        code.first = text_of(codes_half(tools->secret, person, order.number, CODES_FIRST, first));
    if (order.second)
        code.second =
            text_of(codes_half(tools->secret, person, order.number, CODES_SECOND, second));
    reply_add(ret_reply, code_record(), &code);
    return OK;
}
