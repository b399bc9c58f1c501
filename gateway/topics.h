/* Topics of the department stream: "public.target.drafted.PWR", "inner.dependency.raised.FIN",
 * "public.cycle.created." where an event is of no body. Which class an event has is decided when it
 * happens, and stays. */
#ifndef MISAQ_GATEWAY_TOPICS_H
#define MISAQ_GATEWAY_TOPICS_H

#include "facts.h"

#define TOPIC_SIZE 160

/* The topic of an event; false when no department may ever get it (sign-ins, inboxes, blind
 * scores, kinds that are not known here). */
bool topic_of(
    const struct facts *facts, enum message event, struct text subject, char ret_topic[TOPIC_SIZE]);

#endif
