/* Redis names its errors by their first word; the table knows those that have an answer. */
#include "ledger/refusal.h"

#include <stdio.h>

static const struct {
    const char *start;
    bool passes;
    const char *advice;
} refusals[] = {
    {"LOADING ", true, "it is reading its files; wait"},
    {"BUSY ", true, "a script holds it up; wait"},
    {"MASTERDOWN ", true, "its master is away; wait"}, {"TRYAGAIN ", true, "wait"},
    {"ERR Function not found", true, "the Functions are loaded again"},
    {"OOM ", false, "give Redis more memory (maxmemory)"},
    {"MISCONF ", false, "its disk is full or failing; see the log of Redis"},
    {"READONLY ", true, "it is a replica; name the master"},
    {"NOREPLICAS ", false, "too few replicas are connected"},
    {"NOAUTH ", false, "set MISAQ_REDIS_PASSWORD"},
    {"WRONGPASS ", false, "check MISAQ_REDIS_USER and MISAQ_REDIS_PASSWORD"},
    {"NOPERM ", false, "the user at Redis needs more rights"},
    {"WRONGTYPE ", false, "something else lies under a key of the ledger"},
    {"ALTERED ", false, NULL}, /* append.lua has said it all */
};

#define ERROR_SHOWN 90 /* bytes of it */

static size_t row_of(struct text error)
{
    size_t row = 0;
    while (row < sizeof refusals / sizeof *refusals &&
           !text_starts(error, text_of(refusals[row].start)))
        row++;
    return row;
}

bool refusal_passes(struct text error)
{
    size_t row = row_of(error);
    return row < sizeof refusals / sizeof *refusals && refusals[row].passes;
}

void refusal_write(struct text error, char out[REFUSAL_SIZE])
{
    size_t row = row_of(error);
    const char *advice = "see the log of Redis";
    if (row < sizeof refusals / sizeof *refusals)
        advice = refusals[row].advice;
    /* The error lies in what Redis sent: more follows behind it. */
    size_t most = advice ? ERROR_SHOWN : REFUSAL_SIZE - 1;
    int len = (int)(error.len < most ? error.len : most);
    if (!advice)
        (void)snprintf(out, REFUSAL_SIZE, "%.*s", len, error.at);
    else if (error.len)
        (void)snprintf(out, REFUSAL_SIZE, "%s (Redis: %.*s)", advice, len, error.at);
    else
        (void)snprintf(out, REFUSAL_SIZE, "%s (Redis: no answer)", advice);
}
