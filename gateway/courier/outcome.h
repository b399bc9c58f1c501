/* How a try ended. */
#ifndef MISAQ_COURIER_OUTCOME_H
#define MISAQ_COURIER_OUTCOME_H

#include <stdbool.h>

struct outcome {
    bool delivered;
    bool give_up;       /* trying again cannot help */
    long status;        /* of HTTP or SMTP; 0: no answer */
    const char *detail; /* what went wrong; NULL: nothing; borrowed during the call */
};
typedef void on_outcome(void *owner, const struct outcome *outcome);

#endif
