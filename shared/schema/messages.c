/* The message table read by the compiler, and the one place that says who may. */
#include "schema/messages.h"

#include "base/must.h"

#define MAY(role)  (1u << ROLE_##role)
#define MAY_ANYONE UINT32_MAX
#define ONE        false
#define MANY       true

static const struct message_row table[MESSAGE_COUNT] = {
#define COMMAND(name, wire, service, carries, rows, may, sentence)                                 \
    [MESSAGE_##name] = {wire, MESSAGE_COMMAND, SERVICE_##service, carries##_record, rows##_record, \
        receipt_record, false, may, sentence},
#define QUERY(name, wire, service, carries, answers, many, may, sentence)                          \
    [MESSAGE_##name] = {wire, MESSAGE_QUERY, SERVICE_##service, carries##_record, NULL,            \
        answers##_record, many, may, sentence},
#define EVENT(name, wire, service, carries, sentence)                                              \
    [MESSAGE_##name] = {                                                                           \
        wire, MESSAGE_EVENT, SERVICE_##service, carries##_record, NULL, NULL, false, 0, sentence},
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

struct office office_read(struct text id)
{
    struct office office = {0};
    struct text body, word = text_cut(id, '.', &body);
    enum role role = (enum role)choices_value(role_choices(), word);
    bool wants_body = role == ROLE_FOCAL || role == ROLE_SECRETARY || role == ROLE_MINISTER;
    if (role == role_UNSET || wants_body != (body.len > 0))
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
