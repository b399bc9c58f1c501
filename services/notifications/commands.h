/* The commands that this service decides: each is about the inbox of the office that sends it. */
#ifndef MISAQ_NOTIFICATIONS_COMMANDS_H
#define MISAQ_NOTIFICATIONS_COMMANDS_H

#include "service/service.h"

#define COMMANDS(DECIDE)                                                                           \
    DECIDE(inbox_read)                                                                             \
    DECIDE(mail_set)                                                                               \
    DECIDE(quiet_set)

#define DECIDE(command)                                                                            \
    enum err command##_decide(const void *state, const struct request *request,                    \
        struct decision *ret_decision, struct faults *why) MUST_CHECK;
COMMANDS(DECIDE)
#undef DECIDE

#endif
