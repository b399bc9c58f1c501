/* The list of targets: filters, orders and pages over all that the asker may see. */
#ifndef MISAQ_TARGETS_LIST_H
#define MISAQ_TARGETS_LIST_H

#include "service/service.h"

enum err list_answer(const void *state, const struct request *request, struct reply *ret_reply,
    struct faults *why) MUST_CHECK;

#endif
