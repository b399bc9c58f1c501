/* The PM's page for print: one A4 of HTML with its style inside and no script. What people wrote
 * is text and nothing else: every character that could end it is escaped. */
#include "queries.h"

#include "summary.h"

#include "base/clock.h"
#include "base/decimal.h"

/* What is long is cut after two lines, so that the whole stays one page. */
static const char style[] =
    "@page{size:A4;margin:11mm}body{font:8.5pt/1.25 'Noto Sans','Noto Nastaliq Urdu',sans-serif;"
    "max-width:188mm;margin:0 auto;color:#111}h1{font-size:14pt;margin:0}h2{font-size:10pt;"
    "margin:6pt 0 1pt;border-bottom:1px solid #111}p{margin:1pt 0}table{border-collapse:collapse;"
    "width:100%}td,th{text-align:start;vertical-align:top;padding:1pt 5pt 1pt 0}"
    "th{font-weight:600;font-size:7.5pt;color:#444}.n{text-align:end;white-space:nowrap}"
    "tr{break-inside:avoid}td{border-top:1px solid #ddd}.s{max-height:2.5em;overflow:hidden}";

static void escape(struct buf *out, struct text text)
{
    for (size_t i = 0; i < text.len; i++) {
        switch (text.at[i]) {
        case '<':
            buf_str(out, "&lt;");
            break;
        case '>':
            buf_str(out, "&gt;");
            break;
        case '&':
            buf_str(out, "&amp;");
            break;
        case '"':
            buf_str(out, "&quot;");
            break;
        case '\'':
            buf_str(out, "&#39;");
            break;
        default:
            buf_char(out, text.at[i]);
        }
    }
}

static void cell(struct buf *out, struct text text)
{
    buf_str(out, "<td dir=\"auto\"><div class=\"s\">");
    escape(out, text);
    buf_str(out, "</div></td>");
}

static void number(struct buf *out, int64_t thousandths)
{
    char text[DECIMAL_TEXT_SIZE];
    buf_printf(out, "<td class=\"n\">%s</td>", decimal_to_text(thousandths, text));
}

static void whole(struct buf *out, int64_t value)
{
    buf_printf(out, "<td class=\"n\">%ld</td>", value);
}

static void day(struct buf *out, int32_t value)
{
    char text[DAY_TEXT_SIZE];
    day_to_text(value, text);
    buf_str(out, text);
}

static void open_table(struct buf *out, const char *title, const char *head)
{
    buf_printf(out, "<h2>%s</h2><table><tr>%s</tr>", title, head);
}

static void nothing(struct buf *out, uint32_t count)
{
    if (count == 0)
        buf_str(out, "<tr><td>None.</td></tr>");
    buf_str(out, "</table>");
}

static void write_sums(struct buf *out, const struct summary *page)
{
    char claimed[DECIMAL_TEXT_SIZE], supported[DECIMAL_TEXT_SIZE], withheld[DECIMAL_TEXT_SIZE];
    buf_printf(out,
        "<p>%ld of %ld bodies certified their reports, %ld did not report. Of %ld targets %ld are "
        "on track, %ld lagging, %ld off track, %ld without data; in %ld the body sees itself "
        "better than it is.</p>",
        page->certified.value, page->bodies.value, page->missed.value, page->targets.value,
        page->on_track.value, page->lagging.value, page->off_track.value, page->no_data.value,
        page->optimism.value);
    buf_printf(out,
        "<p>Claimed %s, supported by evidence %s, withheld by others %s of 100. Orders from "
        "outside the plan: %ld. Corrective actions overdue today: %ld.</p>",
        decimal_to_text(page->claimed.thousandths, claimed),
        decimal_to_text(page->supported.thousandths, supported),
        decimal_to_text(page->withheld.thousandths, withheld), page->orders.value,
        page->overdue_actions.value);
}

static void write_wrong(struct buf *out, const struct summary *page)
{
    open_table(out, "Going wrong, and who must act",
        "<th>Body</th><th>Promise</th><th class=\"n\">Promised</th><th class=\"n\">Reached</th><th "
        "class=\"n\">Periods</th><th>What "
        "is in the way</th><th>Must act</th>");
    for (uint32_t i = 0; i < page->wrong.head.count; i++) {
        const struct summary_wrong *wrong = &page->wrong.at[i];
        buf_str(out, "<tr>");
        cell(out, wrong->body);
        cell(out, wrong->statement.len ? wrong->statement : wrong->report);
        if (wrong->milestone.given)
            number(out, wrong->milestone.thousandths);
        else
            buf_str(out, "<td></td>");
        if (wrong->value.given)
            number(out, wrong->value.thousandths);
        else
            buf_str(out, "<td>no data</td>");
        whole(out, wrong->age.value);
        buf_str(out, "<td>");
        buf_str(out, choices_word(trouble_choices(), (int)wrong->trouble));
        if (wrong->waits_for.len)
            buf_printf(out, " on %.*s", TEXT_ARG(wrong->waits_for));
        buf_str(out, "</td>");
        cell(out, wrong->must_act);
        buf_str(out, "</tr>");
    }
    nothing(out, page->wrong.head.count);
}

static void write_decisions(struct buf *out, const struct summary *page)
{
    open_table(out, "Decisions needed", "<th>What</th><th>Who</th><th>By</th><th>Taken</th>");
    for (uint32_t i = 0; i < page->decisions.head.count; i++) {
        const struct summary_decision *decision = &page->decisions.at[i];
        buf_str(out, "<tr>");
        cell(out, decision->what);
        cell(out, decision->owner);
        buf_str(out, "<td class=\"n\">");
        day(out, decision->due);
        buf_str(out, "</td>");
        cell(out, decision->action.len ? decision->action : TEXT_LITERAL("no"));
        buf_str(out, "</tr>");
    }
    nothing(out, page->decisions.head.count);
}

static void write_headlines(struct buf *out, const struct summary *page)
{
    open_table(out, "Outcomes that are there",
        "<th>Body</th><th>Promise</th><th class=\"n\">Began at</th><th "
        "class=\"n\">Promised</th><th class=\"n\">Reached</th>"
        "<th>Evidence</th>");
    for (uint32_t i = 0; i < page->headlines.head.count; i++) {
        const struct summary_headline *headline = &page->headlines.at[i];
        buf_str(out, "<tr>");
        cell(out, headline->body);
        cell(out, headline->statement);
        number(out, headline->baseline.thousandths);
        number(out, headline->milestone.thousandths);
        number(out, headline->value.thousandths);
        cell(out, text_of(choices_word(evidence_grade_choices(), (int)headline->grade)));
        buf_str(out, "</tr>");
    }
    nothing(out, page->headlines.head.count);
}

static void write_stuck(struct buf *out, const struct summary *page)
{
    open_table(out, "The oldest requests without an answer",
        "<th>Waits</th><th>Has to act</th><th>What</th><th class=\"n\">Days</th><th "
        "class=\"n\">Beyond norm</th>");
    for (uint32_t i = 0; i < page->blockers.head.count; i++) {
        const struct summary_blocker *blocker = &page->blockers.at[i];
        buf_str(out, "<tr>");
        cell(out, blocker->body);
        cell(out, blocker->blocking_body);
        cell(out, blocker->what);
        whole(out, blocker->blocking_days.value);
        whole(out, blocker->beyond_days.value);
        buf_str(out, "</tr>");
    }
    nothing(out, page->blockers.head.count);
    open_table(out, "The bodies that hold up most, by weight times days",
        "<th>Body</th><th class=\"n\">Open</th><th class=\"n\">Weight x days</th><th "
        "class=\"n\">Oldest</th>");
    for (uint32_t i = 0; i < page->blocking.head.count; i++) {
        const struct summary_blocking *blocking = &page->blocking.at[i];
        buf_str(out, "<tr>");
        cell(out, blocking->body);
        whole(out, blocking->open.value);
        number(out, blocking->stuck.thousandths);
        whole(out, blocking->oldest_days.value);
        buf_str(out, "</tr>");
    }
    nothing(out, page->blocking.head.count);
}

enum err summary_page_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct summary_one *asked = request->body;
    struct summary_sheet sheet;
    enum err err = summary_fill(state, request, asked->quarter, &sheet, why);
    if (err)
        return err;
    const struct summary *page = &sheet.page;
    struct buf *out = reply_frame(ret_reply);
    buf_str(out, "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>");
    escape(out, page->quarter);
    buf_printf(out, "</title><style>%s</style></head><body><h1>", style);
    escape(out, page->quarter);
    buf_str(out, "</h1><p>");
    day(out, page->steps.starts_on);
    buf_str(out, " to ");
    day(out, page->steps.ends_on);
    buf_printf(out, ", %s. As of ", page->released == FLAG_YES ? "released" : "not released yet");
    day(out, request->today);
    buf_str(out, request->demo ? ". A demonstration: all of it is invented.</p>" : ".</p>");
    write_sums(out, page);
    write_wrong(out, page);
    write_decisions(out, page);
    write_headlines(out, page);
    write_stuck(out, page);
    buf_str(out, "</body></html>\n");
    reply_end_frame(ret_reply);
    return OK;
}
