/* The commands that this service decides, by noun. Each reads top to bottom: what is it about, may
 * this person judge it, in which state, by which rules; then the event. */
#ifndef MISAQ_REVIEWS_COMMANDS_H
#define MISAQ_REVIEWS_COMMANDS_H

#include "service/service.h"

#define COMMANDS(DECIDE)                                                                           \
    DECIDE(ruling_make)                                                                            \
    DECIDE(agreement_accept)                                                                       \
    DECIDE(agreement_return)                                                                       \
    DECIDE(agreement_forward)                                                                      \
    DECIDE(thread_open)                                                                            \
    DECIDE(thread_answer)                                                                          \
    DECIDE(thread_close)

#define DECIDE(command)                                                                            \
    enum err command##_decide(const void *state, const struct request *request,                    \
        struct decision *ret_decision, struct faults *why) MUST_CHECK;
COMMANDS(DECIDE)
#undef DECIDE

#endif
