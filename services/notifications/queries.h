/* The queries that this service answers: the inbox of the office that asks, and the rules. */
#ifndef MISAQ_NOTIFICATIONS_QUERIES_H
#define MISAQ_NOTIFICATIONS_QUERIES_H

#include "service/service.h"

#define QUERIES(ANSWER)                                                                            \
    ANSWER(inbox_list)                                                                             \
    ANSWER(inbox_counts)                                                                           \
    ANSWER(mail_get)                                                                               \
    ANSWER(digest_list)                                                                            \
    ANSWER(hearing_list)

#define ANSWER(query)                                                                              \
    enum err query##_answer(const void *state, const struct request *request,                      \
        struct reply *ret_reply, struct faults *why) MUST_CHECK;
QUERIES(ANSWER)
#undef ANSWER

#endif
