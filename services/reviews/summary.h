/* The PM's page on a period: computed from the folds when it is asked for, in one pass over the
 * lines of the period and one over what is open. */
#ifndef MISAQ_REVIEWS_SUMMARY_H
#define MISAQ_REVIEWS_SUMMARY_H

#include "quarter.h"

#include "service/service.h"

#define SUMMARY_WRONG     5
#define SUMMARY_DECISIONS 5
#define SUMMARY_HEADLINES 5
#define SUMMARY_BLOCKERS  5
#define SUMMARY_BLOCKING  4
#define SUMMARY_WORDS     600

/* The page, and the words that it borrows. */
struct summary_sheet {
    struct summary page;
    char wrong_targets[SUMMARY_WRONG][TARGET_ID_SIZE];
    char must_act[SUMMARY_WRONG][ID_MAX + 1];
    char headline_targets[SUMMARY_HEADLINES][TARGET_ID_SIZE];
    char names[SUMMARY_DECISIONS][ID_MAX + 1];
    char owners[SUMMARY_DECISIONS][ID_MAX + 1];
    char words[SUMMARY_DECISIONS][SUMMARY_WORDS];
};

/* Finds the period among those that the asker may read (the centre; everybody once it is released)
 * and fills in the sheet, which must not be moved afterwards. */
enum err summary_fill(const struct model *model, const struct request *request, struct text quarter,
    struct summary_sheet *ret_sheet, struct faults *why) MUST_CHECK;

/* The parts behind it. Decisions come from what goes wrong and the oldest requests, so that these
 * stand on the sheet already. */
void summary_decisions(
    const struct model *model, const struct request *request, struct summary_sheet *sheet);
void summary_stuck(const struct model *model, int32_t today, struct summary *page);
/* Whether one order of the PM can free a line: who holds it up still has it. */
bool summary_can_be_freed(const struct line_entry *line);
/* "secretary.PWR", or the minister where there is no secretary; empty when there is neither. */
struct text summary_head_of(const struct model *model, struct text body, char out[ID_MAX + 1]);

#endif
