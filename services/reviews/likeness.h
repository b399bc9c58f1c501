/* How alike statements are: the cosine between their words, each weighted by how rare it is
 * (tf-idf; Salton and Buckley, 1988). "Reduce losses of the company" is near to other lines about
 * losses, not to every line with "of the". */
#ifndef MISAQ_REVIEWS_LIKENESS_H
#define MISAQ_REVIEWS_LIKENESS_H

#include "base/text.h"

struct likeness;
struct likeness *likeness_new(void);
void likeness_free(struct likeness *likeness);
/* Adds the next statement; they are numbered from 0. */
void likeness_add(struct likeness *likeness, struct text statement);
/* The cosine, 0 to 1, between a text and each of the statements, into scores[] in their order. */
void likeness_compare(const struct likeness *likeness, struct text text, double scores[]);

#endif
