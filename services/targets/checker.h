/* The checker: says of a statement whether it promises an outcome, an output or mere process, and
 * how to say it better. Two opinions, rules and counted words, because one alone cannot know when
 * it is wrong: where they part, the committee is asked. It advises, it never blocks. */
#ifndef MISAQ_TARGETS_CHECKER_H
#define MISAQ_TARGETS_CHECKER_H

#include "base/buf.h"
#include "schema/schema.h"

struct checker;

/* Knows the words of data/ and has learnt the labelled statements there. */
struct checker *checker_new(void);
void checker_free(struct checker *checker);
/* Learns from a ruling. The order of rulings does not matter, and each weighs as much as a row of
 * the data; the statement is not kept. */
void checker_learn(struct checker *checker, struct text statement, enum target_class class);
/* Texts of the check are borrowed: words from the statement, advice and verdict from the program,
 * the rewrite from `arena`, which takes all its room at the first call so that it never moves; a
 * rewrite that does not fit there is left out. Any text may be checked. */
void checker_check(const struct checker *checker, struct text statement, struct buf *arena,
    struct check *ret_check);

#endif
