/* Sums over bodies and over the whole government, of what the asker may see. */
#ifndef MISAQ_TARGETS_TOTALS_H
#define MISAQ_TARGETS_TOTALS_H

#include "service/service.h"

enum err totals_get_answer(const void *state, const struct request *request,
    struct reply *ret_reply, struct faults *why) MUST_CHECK;
enum err totals_list_answer(const void *state, const struct request *request,
    struct reply *ret_reply, struct faults *why) MUST_CHECK;

#endif
