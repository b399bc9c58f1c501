/* Answers about business time, cycles, bodies, agreements, amendments and single targets, what the
 * checker says, and which events of the past a question about them needs. Lists of targets are in
 * list.h, sums in totals.h. */
#ifndef MISAQ_TARGETS_QUERIES_H
#define MISAQ_TARGETS_QUERIES_H

#include "service/service.h"

#define QUERIES_ANSWER(ANSWER)                                                                     \
    ANSWER(clock_get)                                                                              \
    ANSWER(holiday_list)                                                                           \
    ANSWER(period_list)                                                                            \
    ANSWER(cycle_list)                                                                             \
    ANSWER(cycle_get)                                                                              \
    ANSWER(body_list)                                                                              \
    ANSWER(body_get)                                                                               \
    ANSWER(agreement_list)                                                                         \
    ANSWER(agreement_get)                                                                          \
    ANSWER(target_get)                                                                             \
    ANSWER(idea_list)                                                                              \
    ANSWER(idea_get)                                                                               \
    ANSWER(endorsement_list)                                                                       \
    ANSWER(order_list)                                                                             \
    ANSWER(amendment_list)                                                                         \
    ANSWER(check_get)                                                                              \
    ANSWER(check_many)
#define QUERIES_SCOPE(SCOPE)                                                                       \
    SCOPE(cycle_get)                                                                               \
    SCOPE(body_get)                                                                                \
    SCOPE(agreement_get)                                                                           \
    SCOPE(target_get)                                                                              \
    SCOPE(history_idea)                                                                            \
    SCOPE(history_cycle)                                                                           \
    SCOPE(history_body)                                                                            \
    SCOPE(history_agreement)                                                                       \
    SCOPE(history_target)

#define ANSWER(query)                                                                              \
    enum err query##_answer(const void *state, const struct request *request,                      \
        struct reply *ret_reply, struct faults *why) MUST_CHECK;
#define SCOPE(query)                                                                               \
    enum err query##_scope(const void *state, const struct request *request,                       \
        struct scope *ret_scope, struct faults *why) MUST_CHECK;
QUERIES_ANSWER(ANSWER)
QUERIES_SCOPE(SCOPE)
#undef ANSWER
#undef SCOPE

#endif
