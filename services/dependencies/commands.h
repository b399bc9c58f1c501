/* The commands that this service decides, by noun. Each reads top to bottom: which dependency,
 * whose act it is, in which state, seen by If-Match, by the rules; then the event with its day. */
#ifndef MISAQ_DEPENDENCIES_COMMANDS_H
#define MISAQ_DEPENDENCIES_COMMANDS_H

#include "service/service.h"

#define COMMANDS(DECIDE)                                                                           \
    DECIDE(norm_set)                                                                               \
    DECIDE(dependency_raise)                                                                       \
    DECIDE(dependency_acknowledge)                                                                 \
    DECIDE(dependency_return)                                                                      \
    DECIDE(dependency_complete)                                                                    \
    DECIDE(dependency_promise)                                                                     \
    DECIDE(dependency_grant)                                                                       \
    DECIDE(dependency_refuse)                                                                      \
    DECIDE(dependency_externalise)                                                                 \
    DECIDE(dependency_resume)                                                                      \
    DECIDE(dependency_withdraw)                                                                    \
    DECIDE(dependency_reopen)                                                                      \
    DECIDE(dependency_explain)                                                                     \
    DECIDE(dependency_put_off)

#define DECIDE(command)                                                                            \
    enum err command##_decide(const void *state, const struct request *request,                    \
        struct decision *ret_decision, struct faults *why) MUST_CHECK;
COMMANDS(DECIDE)
#undef DECIDE

#endif
