/* Refusals as application/problem+json (RFC 9457): a stable type, a sentence, and every single
 * fault with the place where it is. */
#ifndef MISAQ_GATEWAY_PROBLEM_H
#define MISAQ_GATEWAY_PROBLEM_H

#include "base/buf.h"
#include "base/err.h"

#define PROBLEM_TYPE "application/problem+json"
#define PROBLEM_MAX  (256u * 1024u)

/* Where the members of the faults are to be looked for. */
enum problem_place { PROBLEM_IN_BODY, PROBLEM_IN_PARAMETERS, PROBLEM_IN_HEADER };

/* trace: "" for none. */
void problem_write(struct buf *out, enum err err, const struct faults *why,
    enum problem_place place, const char *trace);
/* The page of a problem type for people: its status and sentence; false for an unknown word. */
bool problem_explain(struct buf *out, struct text word);

#endif
