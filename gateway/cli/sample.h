/* The sample government: 41 bodies and 15,000 promises, invented and labelled so, made by chance
 * with a fixed seed out of three tables that are part of the program. The same bytes every time. */
#ifndef MISAQ_CLI_SAMPLE_H
#define MISAQ_CLI_SAMPLE_H

#include "base/buf.h"
#include "schema/schema.h"

#define SAMPLE_CYCLE   "2021"
#define SAMPLE_TARGETS 15000
#define SAMPLE_LABEL   "Sample data, invented"

/* Bytes of the CSV of one body, at most. */
#define SAMPLE_CSV_MAX (2u << 20)

size_t sample_body_count(void);
/* The record of a body, and of the one cycle. */
struct body sample_body(size_t body);
struct cycle sample_cycle(void);
/* SIZE_MAX when there is no such body. */
size_t sample_body_find(struct text code);
/* How many promises a body makes: 365 or 366. */
uint32_t sample_count(size_t body);
/* Three bodies leave out the reasons that very late targets must have, so that a refused submission
 * can be seen. */
bool sample_is_complete(size_t body);

/* Called for each promise in order. Texts are borrowed until it returns. */
typedef void sample_on_target(void *owner, const struct target_promise *promise);
void sample_each(size_t body, sample_on_target *on_target, void *owner);
/* The agreement of a body as the CSV that an import takes. findings: NULL, or for each promise the
 * findings of the checker (bits 1 << finding_code) that its drafter answers. */
void sample_csv(size_t body, const uint32_t *findings, struct buf *out);

#endif
