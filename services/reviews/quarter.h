/* What the quarters leave behind: reports with their lines, evidence, scores and appeals, what
 * targets wait for, corrective actions. A report that was certified or missed is closed: its lines
 * keep the text by which they were judged, and no later change of the agreement touches them. */
#ifndef MISAQ_REVIEWS_QUARTER_H
#define MISAQ_REVIEWS_QUARTER_H

#include "model.h"

#include "facts/ball.h"

#define SHA256_TEXT 64

struct evidence_entry {
    char sha256[SHA256_TEXT + 1];
    char body[ID_MAX + 1];
    int64_t bytes, at;
    struct text media, name, person;     /* owned */
    const struct report_entry **reports; /* that name it */
    size_t report_count;
    UT_hash_handle hh;
};

struct draw_entry {
    char id[ID_MAX + 1];
    UT_hash_handle hh;
};

struct line_entry {
    uint32_t number; /* of the target */
    int32_t weight;  /* thousandths */
    uint8_t direction, own_word, status, grade;
    bool reported, graded;
    uint16_t behind; /* periods in a row that it was not on track, this one counted */
    int32_t claimed, supported, withheld; /* thousandths of 100 */
    int64_t baseline, milestone, value;
    int64_t filed_at;
    struct text remark;              /* owned */
    struct evidence_entry *evidence; /* NULL: none */
    const struct need_entry *need;   /* what held it up most; NULL: nothing did */
    const struct draw_entry *draw;   /* NULL: not in a random sample */
};

struct report_sums {
    uint32_t targets, lines, on_track, lagging, off_track, no_data, optimism;
    int64_t weight;                       /* thousandths */
    int64_t claimed, supported, withheld; /* weighted means, thousandths of 100 */
};

struct score_entry {
    struct text person, office, packed; /* owned; `facts` is borrowed from packed */
    struct score_give facts;
    int64_t at;
    uint64_t position;
    uint32_t round;
};

struct appeal_entry {
    const struct report_entry *report;
    struct text person, reason, answer, answered_by; /* owned */
    uint64_t position;
    int64_t at;
    enum flag upheld; /* unset: not answered yet */
};

struct answer_entry {
    enum screen screen;
    uint32_t target;            /* 0: the report as a whole */
    struct text answer, person; /* owned */
    int64_t at;
};

struct report_entry {
    char id[ID_MAX + 1];
    size_t index; /* in the order of the ledger */
    struct agreement_entry *agreement;
    uint32_t period;
    uint64_t version, position; /* position of its first event */
    int64_t filed_at, certified_at;
    struct text certified_by; /* owned */
    bool certified, missed;
    struct text *filers; /* owned; who filed a line */
    size_t filer_count;
    struct line_entry *lines; /* by number; of all targets once it is closed */
    size_t line_count, line_room;
    struct report_sums sums; /* once it is closed */
    uint32_t round;          /* of scoring, from 1 */
    bool is_open;            /* the scores of this round are open */
    int32_t opened_on, reopened_on;
    struct decimal median; /* not given: nobody scored */
    struct score_entry *scores;
    size_t score_count;
    struct appeal_entry *appeals;
    size_t appeal_count;
    struct answer_entry *answers;
    size_t answer_count;
    UT_hash_handle hh;
};

/* A dependency as far as scores and the PM's page need it. */
struct need_entry {
    char id[ID_MAX + 1];
    size_t index;
    const struct agreement_entry *agreement; /* that waits */
    struct text packed;                      /* owned; `facts` is borrowed from it */
    struct dependency_raised facts;
    struct ball ball;
    int32_t beyond[PERIODS_MOST]; /* working days beyond the norm in each period, of ended spans */
    UT_hash_handle hh;
};

struct action_entry {
    char id[ID_MAX + 1];
    size_t index;
    struct text packed; /* owned; `facts` is borrowed from it */
    struct action_opened facts;
    enum action_state state;
    struct text opened_by, opened_in, done, done_by, found, verified_by; /* owned */
    int64_t opened_at, closed_at;
    uint64_t version, position;
    uint32_t times_overdue;
};

/* What others lost by waiting on a body in a cycle: weighted points, period by period. */
struct account {
    const struct cycle_entry *cycle;
    int64_t charged[PERIODS_MOST];
    struct account *next;
};

/* NULL when there is none. */
struct report_entry *quarter_report(const struct model *model, struct text id);
struct evidence_entry *quarter_evidence(const struct model *model, struct text sha256);
struct need_entry *quarter_need(const struct model *model, struct text id);
struct action_entry *quarter_action(const struct model *model, struct text id);
struct draw_entry *quarter_draw(const struct model *model, struct text id);
struct line_entry *quarter_line(const struct report_entry *report, uint32_t number);
/* "PWR-2021.q3", in `out`. */
struct text quarter_report_id(
    const struct agreement_entry *agreement, uint32_t period, char out[ID_MAX + 1]);
bool quarter_is_closed(const struct report_entry *report);
bool quarter_is_released(const struct report_entry *report);
enum report_state quarter_state(const struct report_entry *report);
/* The account of a body in a cycle; NULL when nobody ever waited on it. */
struct account *quarter_account(const struct body_entry *body, const struct cycle_entry *cycle);
/* The steps of a report's period. */
struct period_view quarter_steps(const struct model *model, const struct report_entry *report);
/* Whether an agreement was in force when a period ended; `zone` as in struct request. */
bool quarter_concerns(const struct agreement_entry *agreement, int32_t ends_on, int32_t zone);

/* Frees what struct model holds of all this. */
void quarter_free(struct model *model);

#endif
