/* A statement as the words that make it like another: folded to one case, without figures and
 * signs, because two promises that differ in their numbers only are the same kind of promise. */
#ifndef MISAQ_REVIEWS_WORDS_H
#define MISAQ_REVIEWS_WORDS_H

#include "base/text.h"

/* Calls `take` with each word in order; the word is borrowed during the call. */
void words_each(struct text statement, void (*take)(void *owner, struct text word), void *owner);

#endif
