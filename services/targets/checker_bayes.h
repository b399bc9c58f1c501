/* The second opinion: naive Bayes over words, pairs of words, the first and the last word. Knows
 * nothing of grammar, and learns from every ruling by adding to counts. */
#ifndef MISAQ_TARGETS_CHECKER_BAYES_H
#define MISAQ_TARGETS_CHECKER_BAYES_H

#include "checker_words.h"
#include "schema/schema.h"

struct bayes;

struct bayes *bayes_new(void);
void bayes_free(struct bayes *bayes);
void bayes_learn(struct bayes *bayes, const struct tokens *tokens, enum target_class class);

struct bayes_opinion {
    enum target_class class;
    unsigned lead; /* over the second, in hundredths of a natural logarithm per root of features */
};

struct bayes_opinion bayes_ask(const struct bayes *bayes, const struct tokens *tokens);

#endif
