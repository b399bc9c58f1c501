/* Three moves cover nearly every line that the committee returns: the purpose becomes the promise,
 * the people become its subject, or the missing baseline and date are asked for in place. */
#include "checker_rewrite.h"

#include "base/utf8.h"

#define REWRITE_MOST 400 /* code points, as the record has it */

static bool has(const struct check *check, enum finding_code code)
{
    for (uint32_t i = 0; i < check->findings.head.count; i++)
        if (check->findings.at[i].code == code)
            return true;
    return false;
}

static bool is_end(const struct piece *piece)
{
    return piece->mark != 0;
}

/* The statement between two pieces, without marks at its ends. */
static struct text between(const struct pieces *pieces, struct span span)
{
    while (span.from < span.to && is_end(&pieces->at[span.from]))
        span.from++;
    while (span.from < span.to && is_end(&pieces->at[span.to - 1]))
        span.to--;
    if (span.from >= span.to)
        return (struct text){0};
    const struct piece *first = &pieces->at[span.from], *last = &pieces->at[span.to - 1];
    size_t len = (size_t)(last->text.at + last->text.len - first->text.at);
    bool sign = last->text.at[last->text.len - 1] != '%' && span.to < pieces->count &&
                pieces->at[span.to].text.len && pieces->at[span.to].text.at[0] == '%';
    return (struct text){first->text.at, len + sign};
}

static void add_capital(struct buf *arena, struct text words)
{
    if (!words.len)
        return;
    char first = words.at[0];
    buf_char(arena, first >= 'a' && first <= 'z' ? (char)(first & ~0x20) : first);
    buf_text(arena, (struct text){words.at + 1, words.len - 1});
}

/* The words of the date that the statement has, or a place for one. */
static void add_date(const struct pieces *pieces, struct buf *arena)
{
    for (size_t i = 0; i < pieces->count; i++) {
        if (!pieces->at[i].dated || piece_is(&pieces->at[i], IS(FROM)))
            continue;
        size_t to = i + 1;
        while (to < pieces->count && pieces->at[to].dated)
            to++;
        if (to == i + 1 && piece_is(&pieces->at[i], IS(DATE)) &&
            (pieces->at[i].text.at[0] | 0x20) != 'q')
            continue; /* a season, or the year of something */
        bool by = i > 0 && piece_is(&pieces->at[i - 1], IS(BY) | IS(PREPOSITION));
        struct text date = between(pieces, (struct span){by ? i - 1 : i, to});
        buf_str(arena, by ? " " : " by ");
        buf_text(arena, date);
        return;
    }
    buf_str(arena, " by [date]");
}

static const char levels[] = " from [baseline] to [target]";

/* "Rehabilitate 1,400 watercourses to reduce conveyance losses": the losses are the promise. */
static bool add_purpose(const struct reading *reading, struct buf *arena)
{
    const struct pieces *pieces = reading->pieces;
    struct span purpose;
    bool so = clause_find(pieces, ROLE_CONSEQUENCE, 0, &purpose);
    if (!so && !clause_find(pieces, ROLE_PURPOSE, 0, &purpose))
        return false;
    enum piece_role role = pieces->at[purpose.from].role;
    if (measure_read(pieces, role, purpose).amount || purpose.to - purpose.from < 3)
        return false;
    size_t to = purpose.to; /* a date at the end belongs to the whole */
    for (size_t i = purpose.from + 1; i < purpose.to; i++)
        if (pieces->at[i].dated) {
            to = i;
            break;
        }
    while (to > purpose.from + 1 &&
           piece_is(&pieces->at[to - 1], IS(BY) | IS(PREPOSITION) | IS(DETERMINER)))
        to--;
    add_capital(arena, between(pieces, (struct span){purpose.from + 1, to}));
    buf_str(arena, levels);
    add_date(pieces, arena);
    buf_str(arena, ", by these means: ");
    buf_text(arena, between(pieces, reading->main));
    return true;
}

/* "Improve road safety by building ...": the change first, with a place for its level. */
static bool add_levels(const struct reading *reading, struct buf *arena)
{
    if (!reading->weak || !reading->headed)
        return false;
    const struct pieces *pieces = reading->pieces;
    size_t to = reading->main.from;
    while (to < reading->main.to && !pieces->at[to].dated)
        to++;
    while (to > reading->main.from + 1 &&
           piece_is(&pieces->at[to - 1], IS(BY) | IS(PREPOSITION) | IS(DETERMINER)))
        to--;
    buf_text(arena, between(pieces, (struct span){reading->main.from, to}));
    buf_str(arena, ", measured as [what people notice],");
    buf_str(arena, levels);
    add_date(pieces, arena);
    struct span means;
    if (clause_find(pieces, ROLE_MEANS, reading->main.to, &means)) {
        buf_str(arena, ", ");
        buf_text(arena, between(pieces, means));
    }
    return true;
}

/* "Train 500 farmers": what they do differently afterwards. */
static bool add_people(const struct reading *reading, const struct check *check, struct buf *arena)
{
    for (uint32_t i = 0; i < check->findings.head.count; i++) {
        if (check->findings.at[i].code != FINDING_PEOPLE_AS_OBJECT)
            continue;
        buf_str(arena, "Share of the ");
        buf_text(arena, check->findings.at[i].words);
        buf_str(arena, " who [do, earn, pay or get what they did not before] rises");
        buf_str(arena, levels);
        add_date(reading->pieces, arena);
        buf_str(arena, ", by these means: ");
        buf_text(arena, between(reading->pieces, reading->main));
        return true;
    }
    return false;
}

/* The statement as it is, with what it lacks. */
static bool add_missing(const struct reading *reading, const struct check *check, struct buf *arena)
{
    bool baseline = has(check, FINDING_NO_BASELINE), date = has(check, FINDING_NO_DATE);
    if (!baseline && !date)
        return false;
    buf_text(arena, between(reading->pieces, (struct span){0, reading->pieces->count}));
    buf_str(arena, date ? ", by [date]" : "");
    buf_str(arena, baseline ? ", against [value now, with its source]" : "");
    return true;
}

static bool add_any(const struct reading *reading, const struct check *check, struct buf *arena)
{
    if (check->class == CLASS_OUTCOME)
        return add_missing(reading, check, arena);
    if (add_purpose(reading, arena) || add_levels(reading, arena) ||
        add_people(reading, check, arena))
        return true;
    buf_str(arena, "[What changes for whom]");
    buf_str(arena, levels);
    add_date(reading->pieces, arena);
    buf_str(arena, ", as [independent source] measures it, by these means: ");
    buf_text(arena, between(reading->pieces, (struct span){0, reading->pieces->count}));
    return true;
}

bool rewrite_add(const struct reading *reading, const struct check *check, struct buf *arena)
{
    size_t before = arena->len;
    bool full = arena->full;
    if (has(check, FINDING_NOT_READ) || full || !add_any(reading, check, arena))
        return false;
    buf_char(arena, '.');
    struct text made = {arena->at + before, arena->len - before};
    if (!arena->full && utf8_length(made) <= REWRITE_MOST)
        return true;
    arena->len = before;
    arena->full = full;
    return false;
}
