/* The commands that this service decides, by noun. Each reads top to bottom: who, what, in which
 * state, seen by If-Match, by the rules; then the events. */
#ifndef MISAQ_TARGETS_COMMANDS_H
#define MISAQ_TARGETS_COMMANDS_H

#include "service/service.h"

#define COMMANDS(DECIDE)                                                                           \
    DECIDE(clock_move)                                                                             \
    DECIDE(holiday_declare)                                                                        \
    DECIDE(holiday_cancel)                                                                         \
    DECIDE(week_set)                                                                               \
    DECIDE(cycle_create)                                                                           \
    DECIDE(body_register)                                                                          \
    DECIDE(body_change)                                                                            \
    DECIDE(agreement_open)                                                                         \
    DECIDE(agreement_import)                                                                       \
    DECIDE(agreement_reorder)                                                                      \
    DECIDE(agreement_submit)                                                                       \
    DECIDE(agreement_withdraw)                                                                     \
    DECIDE(agreement_close)                                                                        \
    DECIDE(agreement_lapse)                                                                        \
    DECIDE(amendment_propose)                                                                      \
    DECIDE(amendment_drop)                                                                         \
    DECIDE(target_draft)                                                                           \
    DECIDE(target_change)                                                                          \
    DECIDE(target_remove)                                                                          \
    DECIDE(idea_propose)                                                                           \
    DECIDE(idea_endorse)                                                                           \
    DECIDE(idea_step)                                                                              \
    DECIDE(order_log)

#define DECIDE(command)                                                                            \
    enum err command##_decide(const void *state, const struct request *request,                    \
        struct decision *ret_decision, struct faults *why) MUST_CHECK;
COMMANDS(DECIDE)
#undef DECIDE

#endif
