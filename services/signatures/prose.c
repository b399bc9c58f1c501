/* A member that no line here knows is told by its own name: a document is never shown with a part
 * left out. */
#include "prose.h"

#include "canon.h"

#include "base/must.h"

#include <stdio.h>

#define WIDTH     78
#define VALUE_MAX (64u * 1024u)

/* ---- lines ---- */
static size_t width_of(struct text word)
{
    size_t width = 0;
    for (size_t i = 0; i < word.len; i++)
        width += ((unsigned char)word.at[i] & 0xC0) != 0x80;
    return width;
}

static void blanks(struct buf *out, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_char(out, ' ');
}

/* A paragraph: `first` begins its first line, the others are indented. */
static void paragraph(struct buf *out, const char *first, size_t indent, struct text text)
{
    buf_str(out, first);
    size_t column = width_of(text_of(first));
    bool begun = false;
    for (struct text left = text; left.at;) {
        struct text word = text_cut(left, ' ', &left);
        size_t width = width_of(word);
        if (word.len == 0)
            continue;
        if (begun && column + 1 + width > WIDTH) {
            buf_char(out, '\n');
            blanks(out, indent);
            column = indent;
        } else if (begun) {
            buf_char(out, ' ');
            column++;
        }
        buf_text(out, word);
        column += width;
        begun = true;
    }
    buf_char(out, '\n');
}

static void heading(struct buf *out, const char *title)
{
    buf_printf(out, "\n%s\n", title);
    for (size_t i = 0; title[i]; i++)
        buf_char(out, '-');
    buf_char(out, '\n');
}

/* "label: value", the value decoded. */
static void line(struct buf *out, size_t indent, const char *label, struct text value)
{
    BUF_CLEANUP struct buf plain = BUF(VALUE_MAX);
    char first[120];
    if (!value.at)
        return;
    canon_text(&plain, value);
    (void)snprintf(first, sizeof first, "%*s%s: ", (int)indent, "", label);
    paragraph(out, first, indent + 4, buf_as_text(&plain));
}

/* ---- what stands in a target ---- */
static const struct {
    const char *member, *label;
} labels[] = {
    {"ruled_class", "Ruled to be"},
    {"verdict", "Ruling of the committee"},
    {"enables", "Enables"},
    {"class", "Class, as the ministry sees it"},
    {"weight", "Weight (percent)"},
    {"beneficiary", "Who experiences it"},
    {"measure", "What is measured"},
    {"unit", "Unit"},
    {"direction", "Better is"},
    {"baseline", "Baseline"},
    {"baseline_on", "Baseline of"},
    {"baseline_source", "Source of the baseline"},
    {"target_value", "Promised value"},
    {"target_on", "Promised by"},
    {"place", "Where"},
    {"source", "Source of the data"},
    {"source_kind", "Kind of source"},
    {"frequency", "Data comes"},
    {"owner", "Owner"},
    {"past", "Earlier values"},
    {"milestones", "Milestones"},
    {"dependencies", "Needs from others"},
    {"depends_on_nobody", "Depends on nobody"},
    {"serves", "Serves"},
    {"season", "Season"},
    {"phasing_reason", "Reason for the phasing"},
    {"answers", "Answers to the checker"},
    {"note", "Note"},
};
#define LABELS (sizeof labels / sizeof *labels)

static const char *label_of(struct text member)
{
    for (size_t i = 0; i < LABELS; i++)
        if (text_is(member, labels[i].member))
            return labels[i].label;
    return NULL;
}

/* A year of quarters to a row: "Q1 12.5          Q2 13 ...". */
static void milestones(struct buf *out, struct text list)
{
    struct canon walk = canon_open(list);
    struct text value;
    size_t from = 0;
    for (int i = 0; canon_item(&walk, &value); i++) {
        size_t len = out->len - from;
        if (i % 4 == 0)
            buf_str(out, i ? "\n      " : "      ");
        else
            blanks(out, len < 17 ? 17 - len : 1);
        from = out->len;
        buf_printf(out, "Q%d %.*s", i + 1, TEXT_ARG(value));
    }
    buf_char(out, '\n');
}

/* Objects of a list, each in one line: "body PWR; what ...". */
static void objects(struct buf *out, struct text list)
{
    struct canon walk = canon_open(list);
    struct text object, name, value;
    while (canon_item(&walk, &object)) {
        BUF_CLEANUP struct buf plain = BUF(VALUE_MAX);
        struct canon members = canon_open(object);
        while (canon_member(&members, &name, &value)) {
            buf_printf(&plain, "%s%.*s ", plain.len ? "; " : "", TEXT_ARG(name));
            canon_text(&plain, value);
        }
        paragraph(out, "      - ", 8, buf_as_text(&plain));
    }
}

static void member(struct buf *out, const char *label, struct text value)
{
    if (!value.at)
        return;
    if (value.at[0] != '[') {
        line(out, 4, label, value);
        return;
    }
    buf_printf(out, "    %s:\n", label);
    if (value.len > 1 && value.at[1] == '{')
        objects(out, value);
    else
        milestones(out, value);
}

static void target(struct buf *out, int place, struct text object)
{
    BUF_CLEANUP struct buf statement = BUF(VALUE_MAX);
    struct text id = canon_get(object, "id"), name, value;
    canon_text(&statement, canon_get(object, "statement"));
    buf_printf(out, "\n%d. %.*s\n", place, (int)id.len - 2, id.at + 1);
    paragraph(out, "    ", 4, buf_as_text(&statement));
    for (size_t i = 0; i < LABELS; i++)
        member(out, labels[i].label, canon_get(object, labels[i].member));
    struct canon walk = canon_open(object);
    while (canon_member(&walk, &name, &value)) {
        char own[80];
        (void)snprintf(own, sizeof own, "%.*s", TEXT_ARG(name));
        if (!label_of(name) && !text_is(name, "id") && !text_is(name, "statement"))
            member(out, own, value);
    }
}

/* ---- the parts ---- */
static void parties(struct buf *out, struct text list)
{
    struct canon walk = canon_open(list);
    struct text party;
    heading(out, "Parties");
    while (canon_item(&walk, &party)) {
        BUF_CLEANUP struct buf plain = BUF(VALUE_MAX);
        canon_text(&plain, canon_get(party, "office"));
        buf_str(&plain, ": ");
        struct text person = canon_get(party, "person");
        if (person.at) {
            canon_text(&plain, canon_get(party, "name"));
            buf_str(&plain, " (");
            canon_text(&plain, person);
            buf_char(&plain, ')');
        } else
            buf_str(&plain, "vacant");
        paragraph(out, "  ", 4, buf_as_text(&plain));
    }
}

static void tally(struct buf *out, const char *label, struct text rulings, const char *name)
{
    struct text tally = canon_get(rulings, name);
    struct text targets = canon_get(tally, "targets"), weight = canon_get(tally, "weight");
    buf_printf(
        out, "  %-34s %.*s targets, weight %.*s\n", label, TEXT_ARG(targets), TEXT_ARG(weight));
}

static void judged(struct buf *out, struct text rulings, struct text feedback)
{
    struct text threads = canon_get(feedback, "threads");
    struct text accepted = canon_get(feedback, "accepted");
    struct text answered = canon_get(feedback, "answered");
    heading(out, "Rulings of the Review Committee");
    tally(out, "outcomes", rulings, "outcome");
    tally(out, "outputs", rulings, "output");
    tally(out, "process", rulings, "process");
    tally(out, "of these enablers of an outcome", rulings, "enablers");
    tally(out, "changed since they were ruled on", rulings, "unruled");
    heading(out, "Feedback of the PM Office");
    buf_printf(out, "  %.*s threads: %.*s accepted, %.*s answered\n", TEXT_ARG(threads),
        TEXT_ARG(accepted), TEXT_ARG(answered));
}

/* One changed target: each member with its old and its new value. */
static void change(struct buf *out, struct text object)
{
    struct canon walk = canon_open(canon_get(object, "members"));
    struct text member;
    line(out, 2, "Target", canon_get(object, "target"));
    line(out, 4, "Why", canon_get(object, "why"));
    line(out, 4, "Effect on the score", canon_get(object, "effect"));
    while (canon_item(&walk, &member)) {
        struct text was = canon_get(member, "old"), becomes = canon_get(member, "new");
        line(out, 4, "Member", canon_get(member, "member"));
        line(out, 6, "old", was.at ? was : TEXT_LITERAL("nothing"));
        line(out, 6, "new", becomes.at ? becomes : TEXT_LITERAL("nothing"));
    }
}

static void amendment(struct buf *out, struct text whole)
{
    struct text facts = canon_get(whole, "amendment"), object;
    if (!facts.at)
        return;
    heading(out, "Amendment");
    line(out, 2, "Amendment", canon_get(facts, "id"));
    line(out, 2, "Reason", canon_get(facts, "reason"));
    line(out, 2, "Weight that it touches (percent)", canon_get(facts, "weight"));
    struct canon walk = canon_open(canon_get(whole, "changes"));
    while (canon_item(&walk, &object))
        change(out, object);
}

static void verify(struct buf *out, const struct document_entry *document)
{
    const struct document_frozen *facts = &document->facts;
    BUF_CLEANUP struct buf text = BUF(4096);
    heading(out, "How to verify");
    buf_printf(&text,
        "This text is for reading. What is signed are the %ld bytes of the document %.*s, in "
        "canonical JSON (RFC 8785), to be had at /v1/documents/%.*s/bytes. Their SHA-256 is",
        facts->bytes.value, TEXT_ARG(facts->id), TEXT_ARG(facts->id));
    paragraph(out, "  ", 2, buf_as_text(&text));
    buf_printf(out, "  %.*s\n", TEXT_ARG(facts->sha256));
    paragraph(out, "  ", 2,
        TEXT_LITERAL(
            "and each signature (/v1/signatures) is a JWS (RFC 7515) over a statement that "
            "names this hash. Which key was whose, and when, stands in /v1/keys; that "
            "nothing was changed since is shown by the record (/v1/record)."));
}

bool prose_write(const struct document_entry *document, struct buf *out)
{
    struct text whole = {document->bytes, document->len}, object;
    struct text body = canon_get(whole, "body"), cycle = canon_get(whole, "cycle");
    BUF_CLEANUP struct buf title = BUF(VALUE_MAX);
    canon_text(&title, canon_get(whole, "title"));
    paragraph(out, "", 0, buf_as_text(&title));
    for (size_t i = 0; i < WIDTH; i++)
        buf_char(out, '=');
    buf_char(out, '\n');
    line(out, 0, "Agreement", canon_get(whole, "agreement"));
    line(out, 0, "Version of the document", canon_get(whole, "version"));
    line(out, 0, "Takes the place of", canon_get(whole, "supersedes"));
    line(out, 0, "Ledger", canon_get(whole, "origin"));
    line(out, 0, "Body", canon_get(body, "name"));
    line(out, 0, "Code of the body", canon_get(body, "id"));
    line(out, 0, "Cycle", canon_get(cycle, "title"));
    line(out, 0, "First day", canon_get(cycle, "starts_on"));
    line(out, 0, "Last day", canon_get(cycle, "ends_on"));
    line(out, 0, "Conflict of interest", canon_get(whole, "conflict"));
    parties(out, canon_get(whole, "parties"));
    amendment(out, whole);
    judged(out, canon_get(whole, "rulings"), canon_get(whole, "feedback"));
    heading(out, "Targets");
    struct canon walk = canon_open(canon_get(whole, "targets"));
    for (int place = 1; canon_item(&walk, &object); place++)
        target(out, place, object);
    verify(out, document);
    return !out->full;
}
