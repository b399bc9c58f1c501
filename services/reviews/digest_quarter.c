/* The part of the digest that the quarters leave behind. */
#include "digest.h"

#include "quarter.h"

static void digest_lines(const struct report_entry *report, struct buf *out)
{
    for (size_t i = 0; i < report->line_count; i++) {
        const struct line_entry *line = &report->lines[i];
        buf_printf(out, ".%u %d %d %d %d %d %d %d %d %d %d %d %ld %ld %ld %ld %s %s %s\n",
            line->number, line->weight, line->direction, line->own_word, line->status, line->grade,
            line->reported, line->graded, line->behind, line->claimed, line->supported,
            line->withheld, line->baseline, line->milestone, line->value, line->filed_at,
            line->evidence ? line->evidence->sha256 : "-", line->need ? line->need->id : "-",
            line->draw ? line->draw->id : "-");
    }
}

static void digest_report(const struct report_entry *report, struct buf *out)
{
    const struct report_sums *sums = &report->sums;
    buf_printf(out, "report %s %lu %lu %ld %ld %.*s %d %d %u %d %d %d %ld", report->id,
        report->version, report->position, report->filed_at, report->certified_at,
        TEXT_ARG(report->certified_by), report->certified, report->missed, report->round,
        report->is_open, report->opened_on, report->reopened_on, report->median.thousandths);
    buf_printf(out, " %u %u %u %ld %ld %ld\n", sums->targets, sums->on_track, sums->optimism,
        sums->claimed, sums->supported, sums->withheld);
    for (size_t i = 0; i < report->filer_count; i++)
        buf_printf(out, "filer %.*s\n", TEXT_ARG(report->filers[i]));
    digest_lines(report, out);
    for (size_t i = 0; i < report->score_count; i++)
        buf_printf(out, "score %.*s %u %lu %ld\n", TEXT_ARG(report->scores[i].person),
            report->scores[i].round, report->scores[i].position,
            report->scores[i].facts.difficulty.value);
    for (size_t i = 0; i < report->appeal_count; i++)
        buf_printf(out, "appeal %.*s %lu %d\n", TEXT_ARG(report->appeals[i].person),
            report->appeals[i].position, (int)report->appeals[i].upheld);
    for (size_t i = 0; i < report->answer_count; i++)
        buf_printf(out, "answer %d %u %.*s\n", (int)report->answers[i].screen,
            report->answers[i].target, TEXT_ARG(report->answers[i].person));
}

static void digest_need(const struct need_entry *need, struct buf *out)
{
    const struct ball *ball = &need->ball;
    buf_printf(out, "need %s %d %d %d %d %d", need->id, (int)ball->state, (int)ball->court,
        ball->since, ball->blocking, ball->norm_days);
    for (size_t i = 0; i < PERIODS_MOST; i++)
        if (need->beyond[i])
            buf_printf(out, " %zu:%d", i + 1, need->beyond[i]);
    buf_char(out, '\n');
}

static void digest_action(const struct action_entry *action, struct buf *out)
{
    buf_printf(out, "action %s %d %.*s %.*s %ld %ld %lu %u\n", action->id, (int)action->state,
        TEXT_ARG(action->done_by), TEXT_ARG(action->verified_by), action->opened_at,
        action->closed_at, action->version, action->times_overdue);
}

static void digest_accounts(const struct body_entry *body, struct buf *out)
{
    for (const struct account *one = body->accounts; one; one = one->next) {
        buf_printf(out, "account %s %s", body->id, one->cycle->id);
        for (size_t i = 0; i < PERIODS_MOST; i++)
            buf_printf(out, " %ld", one->charged[i]);
        buf_char(out, '\n');
    }
}

void digest_quarter(const struct model *model, struct buf *out)
{
    for (size_t i = 0; i < model->report_count; i++)
        digest_report(model->reports[i], out);
    for (size_t i = 0; i < model->need_count; i++)
        digest_need(model->needs[i], out);
    for (size_t i = 0; i < model->action_count; i++)
        digest_action(model->actions[i], out);
    for (size_t i = 0; i < model->order_count; i++)
        buf_printf(out, "order %d\n", model->orders[i]);
    for (size_t i = 0; i < model->posts.count; i++)
        buf_printf(out, "post %.*s\n", TEXT_ARG(*model->posts.at[i]));
    const struct evidence_entry *file = model->evidence_table;
    for (; file; file = file->hh.next)
        buf_printf(out, "evidence %s %s %ld %ld %zu\n", file->sha256, file->body, file->bytes,
            file->at, file->report_count);
    for (const struct draw_entry *draw = model->draw_table; draw; draw = draw->hh.next)
        buf_printf(out, "draw %s\n", draw->id);
    for (const struct body_entry *body = model->body_table; body; body = body->hh.next)
        digest_accounts(body, out);
    for (const struct cycle_entry *one = model->cycle_table; one; one = one->hh.next)
        buf_printf(out, "released %s %x\n", one->id, one->released);
}
