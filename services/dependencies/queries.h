/* The queries that this service answers, by noun. All of it is public. */
#ifndef MISAQ_DEPENDENCIES_QUERIES_H
#define MISAQ_DEPENDENCIES_QUERIES_H

#include "service/service.h"

#define QUERIES(ANSWER)                                                                            \
    ANSWER(norm_list)                                                                              \
    ANSWER(norm_get)                                                                               \
    ANSWER(dependency_list)                                                                        \
    ANSWER(dependency_get)                                                                         \
    ANSWER(holdup_list)                                                                            \
    ANSWER(lateness_list)                                                                          \
    ANSWER(chain_get)                                                                              \
    ANSWER(circle_list)                                                                            \
    ANSWER(granted_get)                                                                            \
    ANSWER(agenda_list)

#define ANSWER(query)                                                                              \
    enum err query##_answer(const void *state, const struct request *request,                      \
        struct reply *ret_reply, struct faults *why) MUST_CHECK;
QUERIES(ANSWER)
#undef ANSWER

enum err history_dependency_scope(const void *state, const struct request *request,
    struct scope *ret_scope, struct faults *why) MUST_CHECK;

#endif
