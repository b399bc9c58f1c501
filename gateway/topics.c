#include "topics.h"

#include "shown.h"

#include <stdio.h>

bool topic_of(
    const struct facts *facts, enum message event, struct text subject, char ret_topic[TOPIC_SIZE])
{
    enum shown_class class = shown_class(facts, event, subject);
    struct text body = facts_body(facts, subject);
    if (class == SHOWN_TO_FEW)
        return false;
    (void)snprintf(ret_topic, TOPIC_SIZE, "%s.%s.%.*s", class == SHOWN_TO_ALL ? "public" : "inner",
        message_row(event)->wire, TEXT_ARG(body));
    return true;
}
