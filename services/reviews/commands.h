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
    DECIDE(thread_close)                                                                           \
    DECIDE(evidence_record)                                                                        \
    DECIDE(report_put)                                                                             \
    DECIDE(report_file)                                                                            \
    DECIDE(report_certify)                                                                         \
    DECIDE(report_grade)                                                                           \
    DECIDE(screen_answer)                                                                          \
    DECIDE(score_give)                                                                             \
    DECIDE(appeal_make)                                                                            \
    DECIDE(appeal_decide)                                                                          \
    DECIDE(action_open)                                                                            \
    DECIDE(action_finish)                                                                          \
    DECIDE(action_verify)                                                                          \
    DECIDE(action_reject)                                                                          \
    DECIDE(action_drop)                                                                            \
    DECIDE(summary_decide)

#define DECIDE(command)                                                                            \
    enum err command##_decide(const void *state, const struct request *request,                    \
        struct decision *ret_decision, struct faults *why) MUST_CHECK;
COMMANDS(DECIDE)
#undef DECIDE

#endif
