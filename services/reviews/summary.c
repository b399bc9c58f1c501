#include "summary.h"

#include "picks.h"
#include "results.h"

#include "base/clock.h"
#include "base/rounding.h"

#include <stdio.h>

bool summary_can_be_freed(const struct line_entry *line)
{
    return line->need && line->need->ball.court == COURT_BLOCKING;
}

struct text summary_head_of(const struct model *model, struct text body, char out[ID_MAX + 1])
{
    static const char *const roles[] = {"secretary", "minister"};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
        int len = snprintf(out, ID_MAX + 1, "%s.%.*s", roles[i], TEXT_ARG(body));
        struct text id = {out, len > 0 && len <= ID_MAX ? (size_t)len : 0};
        if (model_post(model, id))
            return id;
    }
    return (struct text){0};
}

/* ---- what goes wrong ---- */

struct found {
    struct pick wrong[SUMMARY_WRONG]; /* worth: attention; without a line the report is missing */
    size_t wrong_count;
    struct pick headlines[SUMMARY_HEADLINES]; /* worth: weight x supported score */
    size_t headline_count;
    int64_t claimed, supported, withheld; /* sums over reports */
};

static int64_t silent_for(const struct report_entry *report)
{
    int64_t age = 0;
    for (uint32_t period = report->period; period > 0; period--) {
        const struct report_entry *one = report->agreement->reports[period - 1];
        if (!one || !one->missed)
            break;
        age++;
    }
    return age;
}

static void look_at_line(const struct model *model, const struct report_entry *report,
    const struct line_entry *line, struct pick *worst, struct found *found)
{
    struct pick pick = {
        .worth = (int64_t)line->weight * line->supported, .report = report, .line = line};
    bool is_worth = found->headline_count < SUMMARY_HEADLINES ||
                    pick.worth > found->headlines[SUMMARY_HEADLINES - 1].worth;
    if (line->status == STATUS_ON_TRACK && pick.worth > 0 && is_worth) {
        const struct target_entry *target = model_target(report->agreement, line->number);
        if (target && model_class(model, target) == CLASS_OUTCOME)
            picks_keep(found->headlines, &found->headline_count, SUMMARY_HEADLINES, pick);
    }
    pick.age = line->behind;
    pick.worth =
        results_attention(line->weight, line->claimed, line->behind, summary_can_be_freed(line));
    if (pick.worth > worst->worth)
        *worst = pick;
}

/* Of each body the worst, so that one body's disaster does not hide four others. */
static void look_at_report(
    const struct model *model, const struct report_entry *report, struct found *found)
{
    struct pick worst = {0};
    for (size_t i = 0; i < report->line_count; i++)
        look_at_line(model, report, &report->lines[i], &worst, found);
    if (report->missed) {
        int64_t age = silent_for(report);
        int64_t attention = results_attention(report->sums.weight, 0, age, false);
        worst = (struct pick){.worth = attention, .report = report, .age = age};
    }
    if (worst.worth > 0)
        picks_keep(found->wrong, &found->wrong_count, SUMMARY_WRONG, worst);
}

static void count_report(
    const struct report_entry *report, struct summary *page, struct found *found)
{
    const struct report_sums *sums = &report->sums;
    page->certified.value += report->certified;
    page->missed.value += report->missed;
    page->targets.value += sums->targets;
    page->on_track.value += sums->on_track;
    page->lagging.value += sums->lagging;
    page->off_track.value += sums->off_track;
    page->no_data.value += sums->no_data;
    page->optimism.value += sums->optimism;
    found->claimed += sums->claimed;
    found->supported += sums->supported;
    found->withheld += sums->withheld;
}

static struct decimal mean(int64_t sum, int64_t count)
{
    return (struct decimal){count ? rounding_divide(sum, count) : 0, true};
}

static struct text statement_of(const struct report_entry *report, uint32_t number)
{
    const struct target_entry *target = model_target(report->agreement, number);
    return target ? (struct text){target->statement, target->statement_len} : TEXT_LITERAL("");
}

static void show_wrong(
    const struct model *model, const struct pick *wrong, size_t place, struct summary_sheet *sheet)
{
    const struct report_entry *report = wrong->report;
    const struct line_entry *line = wrong->line;
    struct summary_wrong *view = &sheet->page.wrong.at[place];
    *view = (struct summary_wrong){.trouble = TROUBLE_SILENT,
        .body = text_of(report->agreement->body->id),
        .report = text_of(report->id),
        .weight = {report->sums.weight, true},
        .slip = {RESULTS_FULL, true},
        .age = {wrong->age, true},
        .attention = {wrong->worth, true}};
    struct text acts = view->body;
    if (line) {
        view->trouble = TROUBLE_BEHIND;
        view->target =
            model_target_id(report->agreement, line->number, sheet->wrong_targets[place]);
        view->statement = statement_of(report, line->number);
        view->weight.thousandths = line->weight;
        view->milestone = (struct decimal){line->milestone, true};
        view->value = (struct decimal){line->value, line->reported};
        view->slip.thousandths = RESULTS_FULL - line->claimed;
    }
    if (line && summary_can_be_freed(line)) {
        view->trouble = TROUBLE_BLOCKED;
        view->dependency = text_of(line->need->id);
        view->waits_for = acts = line->need->facts.raised.blocking_body;
    }
    view->must_act = summary_head_of(model, acts, sheet->must_act[place]);
}

static void show_headline(const struct pick *headline, size_t place, struct summary_sheet *sheet)
{
    const struct report_entry *report = headline->report;
    const struct line_entry *line = headline->line;
    sheet->page.headlines.at[place] = (struct summary_headline){
        .target = model_target_id(report->agreement, line->number, sheet->headline_targets[place]),
        .body = text_of(report->agreement->body->id),
        .statement = statement_of(report, line->number),
        .weight = {line->weight, true},
        .baseline = {line->baseline, true},
        .milestone = {line->milestone, true},
        .value = {line->value, true},
        .grade = (enum evidence_grade)line->grade};
}

static void show_found(
    const struct model *model, const struct found *found, struct summary_sheet *sheet)
{
    struct summary *page = &sheet->page;
    int64_t reports = page->certified.value + page->missed.value;
    page->claimed = mean(found->claimed, reports);
    page->supported = mean(found->supported, reports);
    page->withheld = mean(found->withheld, reports);
    page->wrong.head = (struct list_head){(uint32_t)found->wrong_count, found->wrong_count > 0};
    for (size_t i = 0; i < found->wrong_count; i++)
        show_wrong(model, &found->wrong[i], i, sheet);
    page->headlines.head =
        (struct list_head){(uint32_t)found->headline_count, found->headline_count > 0};
    for (size_t i = 0; i < found->headline_count; i++)
        show_headline(&found->headlines[i], i, sheet);
}

static void count_outside(
    const struct model *model, const struct request *request, struct summary *page)
{
    for (size_t i = 0; i < model->order_count; i++)
        page->orders.value +=
            model->orders[i] >= page->steps.starts_on && model->orders[i] <= page->steps.ends_on;
    for (size_t i = 0; i < model->action_count; i++) {
        const struct action_entry *action = model->actions[i];
        page->overdue_actions.value +=
            (action->state == ACTION_OPEN || action->state == ACTION_DONE) &&
            action->facts.opened.due < request->today;
    }
}

/* ---- which page ---- */

static bool reads_early(enum role role)
{
    return role == ROLE_COMMITTEE || role == ROLE_SECRETARIAT || role == ROLE_PMO ||
           role == ROLE_PM || role == ROLE_AUDITOR;
}

/* "2021.q3": the cycle, and the number behind the last ".q". */
static const struct cycle_entry *find_period(
    const struct model *model, struct text quarter, struct period_view *ret_steps)
{
    uint64_t period;
    size_t dot = quarter.len;
    while (dot > 0 && quarter.at[dot - 1] != '.')
        dot--;
    if (dot < 2 || dot + 1 >= quarter.len || quarter.at[dot] != 'q')
        return NULL;
    struct text digits = {quarter.at + dot + 1, quarter.len - dot - 1};
    const struct cycle_entry *cycle = model_cycle(model, (struct text){quarter.at, dot - 1});
    return cycle && text_whole(digits, PERIODS_MOST, &period) &&
                   calendar_period(model->calendar, text_of(cycle->id), (uint32_t)period, ret_steps)
               ? cycle
               : NULL;
}

static void start_page(struct text quarter, bool released, struct summary *page)
{
    const struct whole none = {0, true};
    page->quarter = quarter;
    page->released = released ? FLAG_YES : FLAG_NO;
    page->bodies = page->certified = page->missed = page->targets = page->on_track = page->lagging =
        page->off_track = page->no_data = page->optimism = page->orders = page->overdue_actions =
            none;
}

enum err summary_fill(const struct model *model, const struct request *request, struct text quarter,
    struct summary_sheet *ret_sheet, struct faults *why)
{
    struct summary *page = &ret_sheet->page;
    struct found found = {0};
    *page = (struct summary){0};
    const struct cycle_entry *cycle = find_period(model, quarter, &page->steps);
    uint32_t period = cycle ? (uint32_t)page->steps.period.value : 0;
    bool released = cycle && cycle->released >> period & 1u;
    if (!cycle || !(released || reads_early(request->office.role)))
        return faults_add(why, ERR_NOT_FOUND, "quarter",
            "there is no page of that name: it is public after the release, as cycle and period "
            "(\"2021.q3\")");
    start_page(quarter, released, page);
    const struct agreement_entry *one = model->agreement_table;
    for (; one; one = one->hh.next) {
        const struct report_entry *report = one->reports[period - 1];
        if (one->cycle != cycle || !quarter_concerns(one, page->steps.ends_on, request->zone))
            continue;
        page->bodies.value++;
        if (!report || !quarter_is_closed(report))
            continue;
        count_report(report, page, &found);
        look_at_report(model, report, &found);
    }
    show_found(model, &found, ret_sheet);
    count_outside(model, request, page);
    summary_stuck(model, request->today, page);
    summary_decisions(model, request, ret_sheet);
    return OK;
}
