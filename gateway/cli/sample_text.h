/* The words of one promise, put together from its slots. */
#ifndef MISAQ_CLI_SAMPLE_TEXT_H
#define MISAQ_CLI_SAMPLE_TEXT_H

#include "base/buf.h"
#include "sample_choice.h"

/* "The share of girls of stipend families attending ...", as a slot: without article, capital. */
void text_measure(struct buf *out, const struct pick *pick);
/* "Attock district". */
void text_place(struct buf *out, const struct place *place);
/* The promise as one sentence; needs the values of the promise. */
void text_statement(struct dice *dice, struct buf *out, const struct pick *pick,
    const struct target_promise *promise);
/* Where the baseline stands. */
void text_baseline_source(struct dice *dice, struct buf *out, struct text source);

#endif
