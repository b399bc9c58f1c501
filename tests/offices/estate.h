/* What two years leave behind in a pack, told event by event. */
#ifndef MISAQ_TESTS_OFFICES_ESTATE_H
#define MISAQ_TESTS_OFFICES_ESTATE_H

#include "offices/house.h"

#define ESTATE_PACT "PWR-2021"

/* From July 2023 on, so that HOUSE_START_MS lies in its second quarter. */
void estate_cycle(struct house *house);
/* Of the first quarter: 17.5 on the first target, corrected to 17, certified, graded E3. */
void estate_report(struct house *house);
/* Raised on 1 November, promised for the 10th, granted on the 13th or not. */
void estate_request(
    struct house *house, const char *id, const char *waits, const char *acts, bool granted);
/* A request of EDU to PWR, promised by PWR for a day; and its grant. */
void estate_promise(struct house *house, const char *id, int32_t day);
void estate_grant(struct house *house, const char *id, int32_t day);
/* action-1 of secretary.PWR, idea-1 and order-1 of PWR. */
void estate_centre(struct house *house);

#endif
