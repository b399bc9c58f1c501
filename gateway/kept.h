/* Ready responses: what answers.h keeps for the gateway, and how a request finds it. The answers of
 * a service depend on the office that asks, never on the person. */
#ifndef MISAQ_GATEWAY_KEPT_H
#define MISAQ_GATEWAY_KEPT_H

#include "base/text.h"

#include <stdbool.h>

struct answer;
struct exchange;

/* Answers from what is kept; false when that cannot be. */
bool kept_answer(struct exchange *exchange);
/* Keeps a copy of the body of an answer with an ETag. */
void kept_add(struct exchange *exchange, const struct answer *answer, struct text body);
/* For answers_new(). */
void kept_release(void *kept);

#endif
