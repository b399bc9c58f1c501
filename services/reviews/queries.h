/* The queries that this service answers, by noun. */
#ifndef MISAQ_REVIEWS_QUERIES_H
#define MISAQ_REVIEWS_QUERIES_H

#include "service/service.h"

#define QUERIES(ANSWER)                                                                            \
    ANSWER(queue_list)                                                                             \
    ANSWER(gates_get)                                                                              \
    ANSWER(ruling_list)                                                                            \
    ANSWER(precedent_list)                                                                         \
    ANSWER(thread_list)                                                                            \
    ANSWER(thread_get)                                                                             \
    ANSWER(evidence_get)                                                                           \
    ANSWER(report_list)                                                                            \
    ANSWER(report_get)                                                                             \
    ANSWER(result_list)                                                                            \
    ANSWER(screen_list)                                                                            \
    ANSWER(score_list)                                                                             \
    ANSWER(appeal_list)                                                                            \
    ANSWER(action_list)                                                                            \
    ANSWER(action_get)                                                                             \
    ANSWER(summary_get)                                                                            \
    ANSWER(summary_page)

#define ANSWER(query)                                                                              \
    enum err query##_answer(const void *state, const struct request *request,                      \
        struct reply *ret_reply, struct faults *why) MUST_CHECK;
QUERIES(ANSWER)
#undef ANSWER

enum err history_report_scope(
    const void *state, const struct request *request, struct scope *ret_scope, struct faults *why);

#endif
