/* The commands that this service decides, by noun. Each reads top to bottom: what is there, who
 * may, by which rules; then the events. */
#ifndef MISAQ_OFFICES_COMMANDS_H
#define MISAQ_OFFICES_COMMANDS_H

#include "service/service.h"

#define COMMANDS(DECIDE)                                                                           \
    DECIDE(government_found)                                                                       \
    DECIDE(person_register)                                                                        \
    DECIDE(person_change)                                                                          \
    DECIDE(invitation_propose)                                                                     \
    DECIDE(invitation_confirm)                                                                     \
    DECIDE(session_end)                                                                            \
    DECIDE(sessions_end)                                                                           \
    DECIDE(office_create)                                                                          \
    DECIDE(office_change)                                                                          \
    DECIDE(posting_propose)                                                                        \
    DECIDE(posting_confirm)                                                                        \
    DECIDE(posting_decline)                                                                        \
    DECIDE(posting_end)                                                                            \
    DECIDE(department_register)                                                                    \
    DECIDE(access_propose)                                                                         \
    DECIDE(access_confirm)                                                                         \
    DECIDE(access_again)                                                                           \
    DECIDE(access_revoke)                                                                          \
    DECIDE(handover_note)                                                                          \
    DECIDE(handover_acknowledge)

#define DECIDE(command)                                                                            \
    enum err command##_decide(const void *state, const struct request *request,                    \
        struct decision *ret_decision, struct faults *why) MUST_CHECK;
COMMANDS(DECIDE)
#undef DECIDE

#endif
