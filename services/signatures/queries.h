/* The queries that this service answers, by noun. */
#ifndef MISAQ_SIGNATURES_QUERIES_H
#define MISAQ_SIGNATURES_QUERIES_H

#include "service/service.h"

#define QUERIES(ANSWER)                                                                            \
    ANSWER(key_list)                                                                               \
    ANSWER(key_get)                                                                                \
    ANSWER(document_list)                                                                          \
    ANSWER(document_get)                                                                           \
    ANSWER(document_bytes)                                                                         \
    ANSWER(document_text)                                                                          \
    ANSWER(signature_list)                                                                         \
    ANSWER(statement_get)

#define ANSWER(query)                                                                              \
    enum err query##_answer(const void *state, const struct request *request,                      \
        struct reply *ret_reply, struct faults *why) MUST_CHECK;
QUERIES(ANSWER)
#undef ANSWER

#endif
