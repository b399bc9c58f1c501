/* A table of verb class by kind of object, with the exceptions that the language has. What cannot
 * be told is scored low, so that the two opinions part and the committee looks at it. */
#include "checker_verbs.h"

#define SET(class, points) (reading->score[class] += (points))

static const struct piece *look(const struct pieces *pieces, size_t at)
{
    static const struct piece none;
    return at < pieces->count ? &pieces->at[at] : &none;
}

/* "Share of exports", "Cost of": a noun that could be a verb, but stands before "of". */
static bool is_noun_here(const struct pieces *pieces, size_t at)
{
    const struct piece *piece = &pieces->at[at], *next = look(pieces, at + 1);
    uint64_t nouns = IS(CONDITION) | IS(SHARE) | IS(COUNT) | IS(PEOPLE) | IS(EVENT) | IS(THING);
    if (!piece_is(piece, nouns))
        return false;
    if (piece->forms & (FORM_ING | FORM_NOUN) || !(piece->forms & FORM_BASE))
        return piece_is(piece, IS(CONDITION) | IS(PEOPLE) | IS(EVENT)) ||
               (piece->forms & (FORM_S | FORM_ED));
    return piece_is(next, IS(OF) | IS(BE)) || (next->forms & FORM_S);
}

bool verbs_find_head(const struct pieces *pieces, struct span clause, size_t *ret_head)
{
    for (size_t i = clause.from; i < clause.to && i < clause.from + 6; i++) {
        const struct piece *piece = &pieces->at[i];
        if (piece_is(piece, VERBS) && piece->forms && !piece_is(piece, IS(BE) | IS(MODAL))) {
            bool verb = (piece->forms & (FORM_BASE | FORM_ING | FORM_NOUN)) ||
                        piece_is(piece, IS(UP) | IS(DOWN) | IS(WEAK));
            *ret_head = i;
            return verb && !is_noun_here(pieces, i);
        }
        bool colour = piece->number || piece_is(piece, IS(DETERMINER) | IS(ADVERB) | IS(PERCENT) |
                                                           IS(TO) | IS(BY) | IS(MEANS));
        if (!colour)
            return false;
    }
    return false;
}

/* ---- objects ---- */
static bool object_is(const struct reading *reading, uint64_t kinds)
{
    return (reading->noun.kind & kinds) != 0;
}

/* A change with a level: what changes? */
static void score_change(struct reading *reading)
{
    const struct noun *noun = &reading->noun;
    bool backlog = noun->inside && (reading->verb & IS(DOWN));
    if (object_is(reading, IS(ACTIVITY) | IS(MONEY) | IS(DOCUMENT)) && !backlog)
        SET(CLASS_PROCESS, 80);
    else if (noun->inside || object_is(reading, IS(STAFF) | IS(INSIDE)))
        SET(CLASS_OUTPUT, 75);
    else if (object_is(reading, IS(PEOPLE)) && noun->delivered)
        SET(CLASS_OUTPUT, 70);
    else if (object_is(reading, IS(CONDITION) | IS(EVENT)))
        SET(CLASS_OUTCOME, 85);
    else if (object_is(reading, IS(PEOPLE)))
        SET(CLASS_OUTCOME, 60);
    else if (object_is(reading, IS(SHARE)) ||
             (noun->shared && reading->measure.percent && !object_is(reading, IS(FIELD) | IS(LAW))))
        SET(noun->delivered ? CLASS_OUTPUT : CLASS_OUTCOME, 55);
    else if (object_is(reading, IS(THING) | IS(LAW) | IS(FIELD)))
        SET(CLASS_OUTPUT, 65);
    else
        SET(noun->counted ? CLASS_OUTPUT : CLASS_OUTCOME, 40);
}

/* "Prepare ... and notify the rules": what is delivered in the end, in the form of the head. */
static bool delivers_later(
    const struct pieces *pieces, struct span clause, size_t head, uint8_t forms)
{
    for (size_t i = head + 1; i + 1 < clause.to; i++) {
        const struct piece *next = &pieces->at[i + 1];
        bool verb = piece_is(next, IS(DELIVER) | IS(ENACT)) && (next->forms & forms);
        bool noun = piece_is(next, IS(PROCESS) | IS(ACTIVITY) | IS(THING) | IS(LAW) | IS(FIELD));
        if (piece_is(&pieces->at[i], IS(AND)) && verb && !noun) {
            struct noun later = noun_read(pieces, (struct span){i + 2, clause.to});
            return !(later.kind & (IS(ACTIVITY) | IS(MONEY) | IS(DOCUMENT)));
        }
    }
    return false;
}

void verbs_score_weak(struct reading *reading)
{
    const struct pieces *pieces = reading->pieces;
    struct span means;
    size_t head;
    reading->weak = true;
    for (size_t at = 0; clause_find(pieces, ROLE_MEANS, at, &means); at = means.to) {
        struct span inner = {means.from + 1, means.to};
        bool headed = verbs_find_head(pieces, inner, &head);
        struct noun noun =
            noun_read(pieces, (struct span){headed ? head + 1 : inner.from, inner.to});
        struct measure measure = measure_read(pieces, ROLE_MEANS, means);
        uint64_t verb = headed ? pieces->at[head].classes : 0;
        uint64_t does = IS(ACTIVITY) | IS(DOCUMENT) | IS(MONEY);
        bool later = verb && delivers_later(pieces, means, head, pieces->at[head].forms);
        if (later || (verb & (IS(DELIVER) | IS(ENACT)) && !(noun.kind & does))) {
            SET(CLASS_OUTPUT, measure.number ? 75 : 55);
            reading->moved = true;
            return;
        }
        if ((verb & IS(MAKE) || !verb) && (noun.kind & (IS(THING) | IS(LAW) | IS(FIELD)))) {
            SET(CLASS_OUTPUT, measure.number ? 65 : 40);
            reading->moved = true;
            return;
        }
    }
    if (reading->verb & IS(MAKE) && object_is(reading, IS(THING))) { /* make a portal functional */
        SET(CLASS_OUTPUT, 60);
        return;
    }
    bool things =
        (object_is(reading, IS(THING)) || reading->noun.inside) && reading->measure.number;
    SET(CLASS_PROCESS, things ? 30 : 75);
    SET(CLASS_OUTPUT, things ? 35 : 0);
}

/* Complete, achieve, ensure: what they govern decides. */
static void score_transparent(struct reading *reading)
{
    bool soft = piece_is(&reading->pieces->at[reading->head], IS(SOFT));
    if (object_is(reading, IS(ACTIVITY) | IS(DOCUMENT) | IS(MONEY)))
        SET(CLASS_PROCESS, 80);
    else if (soft && !reading->measure.number && !reading->measure.all)
        verbs_score_weak(reading);
    else if (object_is(reading, IS(THING) | IS(LAW) | IS(FIELD)))
        SET(CLASS_OUTPUT, 70);
    else if (reading->measure.amount)
        score_change(reading);
    else if (soft)
        SET(CLASS_PROCESS, 40);
    else
        SET(object_is(reading, IS(CONDITION)) ? CLASS_PROCESS : CLASS_OUTPUT, 40);
}

static void score_delivery(struct reading *reading)
{
    const struct measure *measure = &reading->measure;
    const struct noun *noun = &reading->noun;
    if (object_is(reading, IS(ACTIVITY) | IS(MONEY)))
        SET(CLASS_PROCESS, 65);
    else if (object_is(reading, IS(CONDITION)) && measure->range && !noun->inside)
        SET(CLASS_OUTCOME, 50);
    else if (measure->percent && measure->timed && measure->bound && !noun->inside &&
             object_is(reading, IS(EVENT) | IS(PEOPLE)))
        SET(CLASS_OUTCOME, 30);
    else
        SET(CLASS_OUTPUT, object_is(reading, IS(DOCUMENT)) ? 45 : 80);
}

static void score_doing(struct reading *reading)
{
    bool field = object_is(reading, IS(FIELD)) && (reading->verb & IS(LIGHT));
    if (field)
        SET(CLASS_OUTPUT, 65);
    else
        SET(CLASS_PROCESS, 85);
}

/* In the order in which a verb of several classes is to be understood. */
void verbs_score(struct reading *reading)
{
    uint64_t verb = reading->verb;
    if (verb & IS(KEEP) && verb & IS(PROCESS)) /* hold inflation below 7%, or a meeting */
        verb &= object_is(reading, IS(CONDITION)) ? ~IS(PROCESS) : ~IS(KEEP);
    if (verb & IS(PROCESS) && verb & IS(DELIVER)) /* appoint 60 judges, or a consultant */
        verb &= reading->measure.number && object_is(reading, IS(PEOPLE) | IS(THING))
                    ? ~IS(PROCESS)
                    : ~IS(DELIVER);
    if (verb & IS(TRANSPARENT) && verb & IS(PROCESS)) /* meet exporters, or a demand */
        verb &= object_is(reading, IS(PEOPLE) | IS(STAFF)) ? ~IS(TRANSPARENT) : ~IS(PROCESS);
    if (verb & IS(UP) && verb & IS(DELIVER)) /* expand coverage from A to B, or to 12 tribunals */
        verb &= reading->measure.percent || reading->measure.range ? ~IS(DELIVER) : ~IS(UP);
    if (verb & IS(SPEND) && verb & IS(DELIVER)) /* allocate Rs 3 billion, or 500 plots */
        verb &= object_is(reading, IS(THING) | IS(PEOPLE)) ? ~IS(SPEND) : ~IS(DELIVER);
    bool collects = reading->measure.amount && !object_is(reading, IS(THING) | IS(ACTIVITY));
    if (verb & IS(TRANSPARENT))
        score_transparent(reading);
    else if (verb & IS(SPEND))
        SET(CLASS_PROCESS, 85);
    else if (verb & IS(START))
        SET(CLASS_PROCESS, 70);
    else if (verb & IS(COLLECT) && collects)
        SET(CLASS_OUTCOME, 60);
    else if (verb & (IS(UP) | IS(DOWN) | IS(KEEP) | IS(SHIFT) | IS(WEAK)) &&
             reading->measure.amount)
        score_change(reading);
    else if (verb & (IS(UP) | IS(DOWN) | IS(KEEP) | IS(SHIFT) | IS(WEAK)))
        verbs_score_weak(reading);
    else if (verb & IS(ENACT))
        SET(object_is(reading, IS(ACTIVITY)) ? CLASS_PROCESS : CLASS_OUTPUT, 75);
    else if (verb & IS(DELIVER))
        score_delivery(reading);
    else if (verb & IS(MAKE))
        SET(object_is(reading, IS(ACTIVITY) | IS(DOCUMENT) | IS(LAW)) ? CLASS_PROCESS
                                                                      : CLASS_OUTPUT,
            70);
    else if (verb & (IS(PROCESS) | IS(LIGHT)))
        score_doing(reading);
    else
        SET(reading->measure.amount ? CLASS_OUTCOME : CLASS_PROCESS, 30);
    int done = reading->score[CLASS_PROCESS];
    if (done > 0 && delivers_later(reading->pieces, reading->main, reading->head, FORM_BASE))
        SET(CLASS_OUTPUT, reading->measure.number ? done + 10 : done - 5);
}
