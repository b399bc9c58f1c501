/* Answers, and which events of the past a question about them needs. */
#ifndef MISAQ_OFFICES_QUERIES_H
#define MISAQ_OFFICES_QUERIES_H

#include "model.h"

#include "service/service.h"

#define QUERIES_ANSWER(ANSWER)                                                                     \
    ANSWER(person_list)                                                                            \
    ANSWER(person_get)                                                                             \
    ANSWER(office_list)                                                                            \
    ANSWER(office_get)                                                                             \
    ANSWER(posting_list)                                                                           \
    ANSWER(posting_get)                                                                            \
    ANSWER(handover_list)                                                                          \
    ANSWER(handover_get)                                                                           \
    ANSWER(pack_list)                                                                              \
    ANSWER(department_list)                                                                        \
    ANSWER(department_get)
#define QUERIES_SCOPE(SCOPE)                                                                       \
    SCOPE(posting_get)                                                                             \
    SCOPE(pack_list)                                                                               \
    SCOPE(history_office)                                                                          \
    SCOPE(history_department)

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

/* A person as readers get it. Texts are borrowed from the model. */
struct person_view queries_person(const struct model *model, const struct person_entry *person);

#endif
