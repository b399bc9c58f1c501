/* Reports with their sums, and the results target by target. */
#include "queries.h"

#include "ranks.h"
#include "results.h"
#include "seen.h"

#include "service/listing.h"

static void show_sums(const struct report_entry *report, struct report *view)
{
    const struct report_sums *sums = &report->sums;
    view->targets.value = sums->targets;
    view->lines.value = sums->lines;
    view->on_track.value = sums->on_track;
    view->lagging.value = sums->lagging;
    view->off_track.value = sums->off_track;
    view->no_data.value = sums->no_data;
    view->optimism.value = sums->optimism;
    view->claimed.thousandths = sums->claimed;
    view->supported.thousandths = sums->supported;
    view->withheld.thousandths = sums->withheld;
}

static void show_rank(
    const struct model *model, const struct report_entry *report, struct report *view)
{
    struct rank rank;
    if (report->is_open)
        view->committee = report->median;
    if (!ranks_total(report, &view->total.thousandths))
        return;
    view->total.given = true;
    if (!ranks_find(model, report, &rank))
        return;
    view->peers = text_of(report->agreement->body->peers);
    view->rank = (struct whole){rank.rank, true};
    view->of = (struct whole){rank.of, true};
}

static void show(const struct model *model, const struct report_entry *report, struct reply *reply)
{
    const struct agreement_entry *agreement = report->agreement;
    const struct account *account = quarter_account(agreement->body, agreement->cycle);
    const struct whole none = {0, true};
    const struct decimal zero = {0, true};
    struct report view = {.id = text_of(report->id),
        .agreement = text_of(agreement->id),
        .body = text_of(agreement->body->id),
        .period = {report->period, true},
        .state = quarter_state(report),
        .filed_at = {report->filed_at, report->filed_at > 0},
        .certified_at = {report->certified_at, report->certified},
        .certified_by = report->certified_by,
        .targets = {(int64_t)agreement->target_count, true},
        .lines = {(int64_t)report->line_count, true},
        .on_track = none,
        .lagging = none,
        .off_track = none,
        .no_data = none,
        .optimism = none,
        .claimed = zero,
        .supported = zero,
        .withheld = zero,
        .charged = {account ? account->charged[report->period - 1] : 0, true},
        .version = {(int64_t)report->version, true}};
    if (quarter_is_closed(report)) {
        show_sums(report, &view);
        show_rank(model, report, &view);
    }
    reply_add(reply, report_record(), &view);
}

static bool matches(const struct report_list *asked, const struct report_entry *report)
{
    const struct agreement_entry *agreement = report->agreement;
    return (!asked->agreement.at || text_is(asked->agreement, agreement->id)) &&
           (!asked->body.at || text_is(asked->body, agreement->body->id)) &&
           (!asked->cycle.at || text_is(asked->cycle, agreement->cycle->id)) &&
           (!asked->period.given || asked->period.value == report->period) &&
           (!asked->state || asked->state == quarter_state(report));
}

enum err report_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct report_list *asked = request->body;
    struct listing page;
    enum err err = listing_open(&page, LISTING_OLDEST_FIRST, asked->limit, asked->after, why);
    if (err)
        return err;
    for (size_t i = 0; i < model->report_count; i++) {
        const struct report_entry *report = model->reports[i];
        if (matches(asked, report) && seen_report(model, request, report) &&
            listing_takes(&page, report->position, ret_reply))
            show(model, report, ret_reply);
    }
    listing_close(&page, ret_reply);
    return OK;
}

/* Ranks and the other account change with other reports, so that it may not be kept. */
enum err report_get_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct report_one *asked = request->body;
    const struct report_entry *report = NULL;
    enum err err = seen_find(state, request, asked->report, &report, why);
    if (err)
        return err;
    show(state, report, ret_reply);
    reply_version(ret_reply, report->version);
    return OK;
}

/* The scores of others are blind before they are open, also in the history. */
enum err history_report_scope(
    const void *state, const struct request *request, struct scope *ret_scope, struct faults *why)
{
    const struct history *asked = request->body;
    const struct report_entry *report = NULL;
    enum err err = seen_find(state, request, asked->id, &report, why);
    if (err)
        return err;
    if (report->certified && !report->is_open && request->office.role != ROLE_AUDITOR)
        return faults_add(why, ERR_STATE, "id",
            "the scores of %s are not open yet: its history is shown when they are", report->id);
    scope_subject(ret_scope, text_of(report->id));
    return OK;
}

/* ---- results ---- */

#define LINE_BITS 24 /* a line's place in the order of all: report, then number of its target */

static void show_line(
    const struct report_entry *report, const struct line_entry *line, struct reply *reply)
{
    char id[TARGET_ID_SIZE];
    struct result view = {.target = model_target_id(report->agreement, line->number, id),
        .report = text_of(report->id),
        .body = text_of(report->agreement->body->id),
        .period = {report->period, true},
        .weight = {line->weight, true},
        .baseline = {line->baseline, true},
        .milestone = {line->milestone, true},
        .direction = (enum direction)line->direction,
        .value = {line->value, line->reported},
        .status = (enum status)line->status,
        .own_word = line->reported ? (enum status)line->own_word : status_UNSET,
        .grade = (enum evidence_grade)line->grade,
        .claimed = {line->claimed, true},
        .supported = {line->supported, true},
        .withheld = {line->withheld, true}};
    if (line->withheld > 0)
        view.withheld_by = line->need->facts.raised.blocking_body;
    if (line->remark.len && line->reported)
        view.remark = line->remark;
    if (line->evidence && line->reported)
        view.evidence = text_of(line->evidence->sha256);
    if (line->draw)
        view.draw = text_of(line->draw->id);
    reply_add(reply, result_record(), &view);
}

static bool report_matches(const struct result_list *asked, const struct report_entry *report)
{
    const struct agreement_entry *agreement = report->agreement;
    return (!asked->report.at || text_is(asked->report, report->id)) &&
           (!asked->agreement.at || text_is(asked->agreement, agreement->id)) &&
           (!asked->cycle.at || text_is(asked->cycle, agreement->cycle->id)) &&
           (!asked->period.given || asked->period.value == report->period);
}

static void take_lines(const struct result_list *asked, const struct report_entry *report,
    struct listing *page, struct reply *reply)
{
    for (size_t i = 0; i < report->line_count; i++) {
        const struct line_entry *line = &report->lines[i];
        uint64_t place = ((uint64_t)report->index + 1) << LINE_BITS | line->number;
        bool fits = (!asked->status || asked->status == (enum status)line->status) &&
                    (!asked->draw.at || (line->draw && text_is(asked->draw, line->draw->id)));
        if (fits && listing_takes(page, place, reply))
            show_line(report, line, reply);
    }
}

enum err result_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct result_list *asked = request->body;
    struct listing page;
    enum err err = listing_open(&page, LISTING_OLDEST_FIRST, asked->limit, asked->after, why);
    if (err)
        return err;
    for (size_t i = 0; i < model->report_count; i++) {
        const struct report_entry *report = model->reports[i];
        if (report_matches(asked, report) && seen_report(model, request, report))
            take_lines(asked, report, &page, ret_reply);
    }
    listing_close(&page, ret_reply);
    return OK;
}
