#include "filter.h"

static void copy(char to[ID_MAX + 1], struct text from)
{
    size_t len = from.len < ID_MAX ? from.len : ID_MAX;
    if (len)
        memcpy(to, from.at, len);
    to[len] = '\0';
}

enum err filter_read(struct text types, struct text body, struct text subject,
    struct filter *ret_filter, struct faults *why)
{
    memset(ret_filter, 0, sizeof *ret_filter);
    copy(ret_filter->body, body);
    copy(ret_filter->subject, subject);
    ret_filter->some_types = types.at;
    for (struct text rest = types; rest.at;) {
        struct text type = text_cut(rest, ',', &rest);
        enum message message = message_from_wire(type);
        if (!message || message_row(message)->kind != MESSAGE_EVENT)
            return faults_add(why, ERR_INVALID, "types", "names no kind of event: \"%.*s\"",
                (int)(type.len < ID_MAX ? type.len : ID_MAX), type.at);
        ret_filter->types[message / 64] |= UINT64_C(1) << message % 64;
    }
    return OK;
}

bool filter_narrows(const struct filter *filter)
{
    return filter->some_types || *filter->body || *filter->subject;
}

bool filter_wants(
    const struct filter *filter, enum message event, struct text subject, struct text body)
{
    if (filter->some_types && !(filter->types[event / 64] >> event % 64 & 1u))
        return false;
    return (!*filter->body || text_is(body, filter->body)) &&
           (!*filter->subject || text_is(subject, filter->subject));
}
