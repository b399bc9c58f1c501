/* The message table read by the compiler, and the one place that says who may. */
#include "schema/messages.h"

#include "base/must.h"
#include "schema/may.h"

#define ONE      false, false
#define MANY     true, false
#define RAW      false, true
#define PUBLIC   SHOWN_PUBLIC
#define SIGNED   SHOWN_SIGNED
#define RELEASED SHOWN_RELEASED
#define INNER    SHOWN_INNER

static const struct message_row table[MESSAGE_COUNT] = {
#define COMMAND(name, wire, service, carries, rows, may, sentence)                                 \
    [MESSAGE_##name] = {wire, MESSAGE_COMMAND, SERVICE_##service, carries##_record, rows##_record, \
        receipt_record, false, false, 0, may, sentence},
#define QUERY(name, wire, service, carries, answers, many, may, sentence)                          \
    [MESSAGE_##name] = {wire, MESSAGE_QUERY, SERVICE_##service, carries##_record, NULL,            \
        answers##_record, many, 0, may, sentence},
#define EVENT(name, wire, service, carries, shown, sentence)                                       \
    [MESSAGE_##name] = {wire, MESSAGE_EVENT, SERVICE_##service, carries##_record, NULL, NULL,      \
        false, false, shown, 0, sentence},
#include "schema/messages.def"
#undef COMMAND
#undef QUERY
#undef EVENT
};

const char *service_name(enum service_id service)
{
    static const char *const names[SERVICE_COUNT] = {
        [SERVICE_any] = "any",
#define SERVICE(name, sentence) [SERVICE_##name] = #name,
#include "schema/services.def"
#undef SERVICE
    };
    return names[service];
}

const struct message_row *message_row(enum message message)
{
    must(message > MESSAGE_UNSET && message < MESSAGE_COUNT);
    return &table[message];
}

enum message message_from_wire(struct text wire)
{
    for (enum message m = MESSAGE_UNSET + 1; m < MESSAGE_COUNT; m++)
        if (text_is(wire, table[m].wire))
            return m;
    return MESSAGE_UNSET;
}

static bool is_seat(struct text word)
{
    uint64_t seat;
    return word.len > 0 && word.at[0] != '0' && text_whole(word, 999, &seat);
}

struct office office_read(struct text id)
{
    struct office office = {0};
    struct text rest, seat = {0}, word = text_cut(id, '.', &rest);
    enum role role = (enum role)choices_value(role_choices(), word);
    bool of_body = role == ROLE_FOCAL || role == ROLE_SECRETARY || role == ROLE_MINISTER;
    bool one_seat = role == ROLE_SECRETARY || role == ROLE_MINISTER || role == ROLE_PM ||
                    role == ROLE_PERSON || role == ROLE_SETUP || role == ROLE_CLOCK;
    struct text body = {0};
    if (of_body)
        body = text_cut(rest, '.', &seat);
    else
        seat = rest;
    if (role == role_UNSET || (of_body && body.len == 0) ||
        (seat.at && (one_seat || !is_seat(seat))))
        return office;
    office.role = role;
    office.body = body;
    return office;
}

bool message_allowed(enum message message, enum role role)
{
    uint32_t may = message_row(message)->may;
    return may == MAY_ANYONE || (role != role_UNSET && (may >> role & 1u));
}
