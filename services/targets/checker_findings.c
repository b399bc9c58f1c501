/* One small function a finding: whether it applies, and which pieces it fired on. The sentences
 * speak to a drafter who has to do something next, so each says what. */
#include "checker_findings.h"

#include "base/utf8.h"
#include "checker_verbs.h"

#define WORDS_MOST 120 /* code points, as the record has it */

struct found {
    bool yes;
    struct span words; /* empty: about the whole statement */
};

static struct found no(void)
{
    return (struct found){0};
}

static struct found whole(bool yes)
{
    return (struct found){.yes = yes};
}

static struct found at(bool yes, size_t from, size_t to)
{
    return (struct found){yes, {from, to}};
}

static bool is_class(const struct reading *reading, enum target_class class)
{
    return rules_class(reading) == class;
}

/* From the head verb, or the subject, to the noun that it governs. */
static struct found head_and_noun(const struct reading *reading)
{
    size_t from = reading->headed ? reading->head : reading->main.from;
    size_t to = reading->noun.kind && reading->noun.at >= from ? reading->noun.at + 1 : from + 1;
    return at(true, from, to);
}

/* The first piece of the classes in a role; role 0: anywhere. */
static struct found first_of(const struct reading *reading, uint64_t classes, enum piece_role role)
{
    for (size_t i = 0; i < reading->pieces->count; i++)
        if (piece_is(&reading->pieces->at[i], classes) &&
            (role == 0 || reading->pieces->at[i].role == role))
            return at(true, i, i + 1);
    return no();
}

static struct found find_process_head(const struct reading *reading)
{
    if (!is_class(reading, CLASS_PROCESS) || reading->weak)
        return no();
    return head_and_noun(reading);
}

static struct found find_activity_percentage(const struct reading *reading)
{
    bool spends = reading->headed && (reading->verb & IS(SPEND));
    bool does = (reading->noun.kind & (IS(MONEY) | IS(ACTIVITY))) != 0;
    return at(is_class(reading, CLASS_PROCESS) && reading->measure.percent && (spends || does),
        reading->measure.at, reading->measure.at + 1);
}

static struct found find_hedge(const struct reading *reading)
{
    return first_of(reading, IS(HEDGE), 0);
}

static struct found find_weak_verb(const struct reading *reading)
{
    return at(reading->weak && reading->headed, reading->head, reading->head + 1);
}

/* A purpose without a level behind work that has a number, or a change by counted means. */
static struct found find_noble_purpose(const struct reading *reading)
{
    struct span span;
    const struct pieces *pieces = reading->pieces;
    if (is_class(reading, CLASS_OUTCOME))
        return no();
    bool purpose = clause_find(pieces, ROLE_PURPOSE, 0, &span) ||
                   clause_find(pieces, ROLE_CONSEQUENCE, 0, &span);
    if (purpose && reading->measure.number &&
        !measure_read(pieces, pieces->at[span.from].role, span).amount)
        return at(true, span.from, span.to);
    if (reading->weak && reading->headed && clause_find(pieces, ROLE_MEANS, 0, &span) &&
        measure_read(pieces, ROLE_MEANS, span).number)
        return at(true, reading->head, reading->main.to);
    return no();
}

static bool has_number(const struct reading *reading)
{
    for (size_t i = 0; i < reading->pieces->count; i++)
        if (reading->pieces->at[i].number || piece_is(&reading->pieces->at[i], IS(EVERY)))
            return true;
    return reading->measure.amount;
}

static struct found find_no_number(const struct reading *reading)
{
    return whole(!has_number(reading));
}

static struct found find_delivery_head(const struct reading *reading)
{
    bool delivers = (reading->verb & (IS(DELIVER) | IS(ENACT) | IS(MAKE) | IS(TRANSPARENT))) != 0;
    if (!is_class(reading, CLASS_OUTPUT) || !reading->headed || !delivers)
        return no();
    return head_and_noun(reading);
}

static struct found find_counts_things(const struct reading *reading)
{
    uint64_t things = IS(THING) | IS(LAW) | IS(FIELD) | IS(ACTIVITY);
    bool counts = reading->noun.counted || (reading->verb & (IS(UP) | IS(DOWN)));
    return at(!is_class(reading, CLASS_OUTCOME) && counts && (reading->noun.kind & things),
        reading->noun.at, reading->noun.at + 1);
}

/* The object itself, or whom something is given to: "train 500 farmers", "cards to families". */
static struct found find_people_as_object(const struct reading *reading)
{
    const struct pieces *pieces = reading->pieces;
    if (!is_class(reading, CLASS_OUTPUT) || !(reading->headed || reading->noun.delivered))
        return no();
    size_t people = reading->noun.at, to = 0;
    for (size_t i = reading->main.from; i < reading->main.to && reading->noun.kind != IS(PEOPLE);
         i++) {
        to = piece_is(&pieces->at[i], IS(TO) | IS(FOR)) ? i : to;
        people = i;
        if (to && i < to + 6 && piece_is(&pieces->at[i], IS(PEOPLE)))
            break;
    }
    if (people >= pieces->count || !piece_is(&pieces->at[people], IS(PEOPLE)))
        return no();
    size_t from = people;
    while (from > reading->main.from && from + 3 > people && pieces->at[from - 1].number)
        from--;
    return at(true, from, people + 1);
}

static struct found find_internal_marker(const struct reading *reading)
{
    size_t place;
    struct span all = {0, reading->pieces->count};
    return noun_inside(reading->pieces, all, &place) ? at(true, place, place + 1) : no();
}

/* A second range, or a second verb with a level of its own. */
static struct found find_several_measures(const struct reading *reading)
{
    const struct pieces *pieces = reading->pieces;
    for (size_t i = reading->main.from; i + 1 < pieces->count; i++) {
        const struct piece *next = &pieces->at[i + 1];
        if (!piece_is(&pieces->at[i], IS(AND)) || pieces->at[i].role != ROLE_MAIN)
            continue;
        struct span after = {i + 1, pieces->count}, before = {reading->main.from, i};
        bool verb = piece_is(next, VERBS) && (next->forms & (FORM_BASE | FORM_S));
        if (!measure_read(pieces, ROLE_MAIN, before).amount)
            continue;
        struct measure second = measure_read(pieces, ROLE_MAIN, after);
        if (second.range || (second.amount && (verb || piece_is(next, IS(CONDITION)))))
            return at(true, i, i + 2);
    }
    return no();
}

static struct found find_no_baseline(const struct reading *reading)
{
    const struct measure *measure = &reading->measure;
    bool keeps = (reading->verb & IS(KEEP)) || measure->all;
    return whole(is_class(reading, CLASS_OUTCOME) && !reading->moved && !keeps && measure->amount &&
                 !measure->range && !measure->beside);
}

static struct found find_no_date(const struct reading *reading)
{
    for (size_t i = 0; i < reading->pieces->count; i++)
        if (reading->pieces->at[i].dated)
            return no();
    return whole(true);
}

static struct found find_not_read(const struct reading *reading)
{
    return whole(
        reading->pieces->known * 4 < reading->pieces->words || reading->pieces->known == 0);
}

/* ---- the list, most serious first ---- */
static const struct {
    enum finding_code code;
    struct found (*find)(const struct reading *reading);
    const char *advice;
} findings[] = {
    {FINDING_NOT_READ, find_not_read,
        "Hardly a word here is known to the checker, which reads English: the "
        "committee will read it instead."},
    {FINDING_PROCESS_HEAD, find_process_head,
        "This says what officials do; it can be done in full and nobody notices. Say "
        "what will be different, for whom, and how it is measured."},
    {FINDING_ACTIVITY_PERCENTAGE, find_activity_percentage,
        "This percentage is of money spent or work done. Take the percentage of "
        "something that people outside notice."},
    {FINDING_HEDGE, find_hedge,
        "These words promise nothing that could be missed. Leave them out and name "
        "the result."},
    {FINDING_WEAK_VERB, find_weak_verb,
        "This verb needs a level: from what value to what value, measured how?"},
    {FINDING_NOBLE_PURPOSE, find_noble_purpose,
        "The number stands on the work, the change stands here without one. Give the "
        "change a baseline and a target and keep the work as its means."},
    {FINDING_NO_NUMBER, find_no_number,
        "There is no number, share or level. Say how much, so that anybody can see "
        "whether it was reached."},
    {FINDING_DELIVERY_HEAD, find_delivery_head,
        "This is a thing that exists afterwards. Say what changes for the people who "
        "use it, or name the outcome target that it serves."},
    {FINDING_COUNTS_THINGS, find_counts_things,
        "The number counts things or events. Measure what they are good for: a "
        "rate, a time, a price, a share."},
    {FINDING_PEOPLE_AS_OBJECT, find_people_as_object,
        "These people are given something. Make them the subject: what do they do, "
        "earn, pay or wait for differently afterwards?"},
    {FINDING_INTERNAL_MARKER, find_internal_marker,
        "This happens inside the body. Measure what somebody outside it notices."},
    {FINDING_SEVERAL_MEASURES, find_several_measures,
        "Two measures in one promise can be half reached. Make two targets of it."},
    {FINDING_NO_BASELINE, find_no_baseline,
        "A level without its start cannot be judged. Say the value now, with its "
        "date and source."},
    {FINDING_NO_DATE, find_no_date, "Say by which day this is reached."},
};

/* The text of some pieces, cut at a whole character to what a finding may hold. */
static struct text words_of(const struct pieces *pieces, struct span span)
{
    while (span.to > span.from && span.to <= pieces->count && pieces->at[span.to - 1].mark)
        span.to--;
    if (span.from >= span.to || span.to > pieces->count)
        return (struct text){0};
    const struct piece *first = &pieces->at[span.from], *last = &pieces->at[span.to - 1];
    struct text words = {first->text.at, (size_t)(last->text.at + last->text.len - first->text.at)};
    size_t len = 0;
    for (size_t i = 0; i < WORDS_MOST && len < words.len; i++) {
        size_t width = utf8_width(words.at + len, words.len - len);
        len += width ? width : 1;
    }
    words.len = len < words.len ? len : words.len;
    return words;
}

void findings_read(const struct reading *reading, struct check *check)
{
    size_t most = sizeof check->findings.at / sizeof *check->findings.at;
    for (size_t i = 0; i < sizeof findings / sizeof *findings; i++) {
        struct found found = findings[i].find(reading);
        if (!found.yes || check->findings.head.count == most)
            continue;
        check->findings.head.given = true;
        check->findings.at[check->findings.head.count++] = (struct check_finding){
            .code = findings[i].code,
            .words = words_of(reading->pieces, found.words),
            .advice = text_of(findings[i].advice),
        };
    }
}
