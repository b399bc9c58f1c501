/* The commands that this service decides, by noun. Each reads top to bottom: who, what, in which
 * state, seen by If-Match, by the rules; then the events. */
#ifndef MISAQ_SIGNATURES_COMMANDS_H
#define MISAQ_SIGNATURES_COMMANDS_H

#include "service/service.h"

#define COMMANDS(DECIDE)                                                                           \
    DECIDE(key_propose)                                                                            \
    DECIDE(key_confirm)                                                                            \
    DECIDE(key_decline)                                                                            \
    DECIDE(key_revoke)                                                                             \
    DECIDE(agreement_freeze)                                                                       \
    DECIDE(agreement_sign)                                                                         \
    DECIDE(draw_announce)                                                                          \
    DECIDE(draw_make)

#define DECIDE(command)                                                                            \
    enum err command##_decide(const void *state, const struct request *request,                    \
        struct decision *ret_decision, struct faults *why) MUST_CHECK;
COMMANDS(DECIDE)
#undef DECIDE

#endif
