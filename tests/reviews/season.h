/* Two quarters of a small government: PWR, FIN and WAT with agreements in force since before the
 * first quarter, three targets each of 50, 30 and 20 percent, "%" going down from 20 by 1 a
 * quarter. It is 1 October 2021, the day after the first quarter, at noon where days begin at
 * UTC+5. FIN and PWR are peers, and so is WAT. */
#ifndef MISAQ_TESTS_REVIEWS_SEASON_H
#define MISAQ_TESTS_REVIEWS_SEASON_H

#include "reviews/scene.h"

extern struct play *season_play;

int season_open(const struct service *service);
/* Folds it all again first. */
int season_close(void **state);

/* thousandths; own word on_track without a remark, else with one. */
struct report_put season_line(
    const char *target, int64_t period, int64_t value, enum status own_word);
enum err season_report(const char *person, const char *office, struct report_put put);
/* Three values of a body by its focal person: 50, 30 and 20 percent of weight. */
void season_file(const char *body, int64_t period, int64_t first, int64_t second, int64_t third);
/* By its secretary. */
void season_certify(const char *report);
struct report season_read(const char *report);
/* The result of one target. */
struct result season_result(const char *report, const char *target);
/* FIN has to answer PWR-2021.`number`, norm of 10 days; told on a day. */
void season_wait(const char *dependency, const char *target, int32_t on);
/* The events of one type so far. */
size_t season_count(enum message event);

#endif
