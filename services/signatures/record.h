/* What anybody may ask of the record: the last checkpoint, and proofs for what it covers. */
#ifndef MISAQ_SIGNATURES_RECORD_H
#define MISAQ_SIGNATURES_RECORD_H

#include "service/service.h"

#define RECORD_ANSWERS(ANSWER)                                                                     \
    ANSWER(record_get)                                                                             \
    ANSWER(record_checkpoint)                                                                      \
    ANSWER(record_witnessed)                                                                       \
    ANSWER(inclusion_get)                                                                          \
    ANSWER(consistency_get)                                                                        \
    ANSWER(draw_get)                                                                               \
    ANSWER(draw_list)

#define ANSWER(query)                                                                              \
    enum err query##_answer(const void *state, const struct request *request,                      \
        struct reply *ret_reply, struct faults *why) MUST_CHECK;
RECORD_ANSWERS(ANSWER)
#undef ANSWER

#endif
