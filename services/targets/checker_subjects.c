/* People as the subject of what happens to them is the surest sign of an outcome; people, officers
 * and things that something is done to are signs of the opposite. */
#include "checker_subjects.h"
#include "checker_verbs.h"

#define SET(class, points) (reading->score[class] += (points))

/* What is said of a subject. */
struct predicate {
    bool does;    /* "to be taken up", "will be identified" */
    bool gives;   /* "disbursed to", "are installed" */
    bool turns;   /* "falls", "reaches", "is at most" */
    bool happens; /* "receive", "wait", "are paid" */
};

static bool is_finite(const struct pieces *pieces, size_t at, bool passive)
{
    const struct piece *piece = &pieces->at[at];
    if (piece->forms & FORM_ED)
        return true;
    if (passive || !(piece->forms & (FORM_BASE | FORM_S)))
        return false;
    return at == 0 || !piece_is(&pieces->at[at - 1], IS(DETERMINER) | IS(OF));
}

static struct predicate predicate_read(const struct reading *reading)
{
    const struct pieces *pieces = reading->pieces;
    struct predicate said = {0};
    bool passive = false;
    for (size_t i = reading->noun.at + 1; i < pieces->count; i++) {
        const struct piece *piece = &pieces->at[i];
        if (piece->role != ROLE_MAIN)
            continue;
        if (piece_is(piece, IS(BE) | IS(MODAL))) {
            said.turns |= piece_is(piece, IS(BE));
            passive = true;
            continue;
        }
        if (!piece_is(piece, VERBS) || !is_finite(pieces, i, false))
            continue;
        bool done = (piece->forms & FORM_ED) != 0;
        if (piece_is(piece, IS(UP) | IS(DOWN) | IS(KEEP) | IS(SHIFT)))
            said.turns = true;
        else if (piece_is(piece, IS(RESULT) | IS(COLLECT)) && !(done && !passive))
            said.happens = true;
        else if (piece_is(piece, IS(DELIVER) | IS(ENACT) | IS(MAKE) | IS(TRANSPARENT)) && done)
            said.gives = true;
        else if (piece_is(piece, IS(PROCESS) | IS(LIGHT) | IS(START) | IS(SPEND) | IS(WEAK)))
            said.does |= done || piece_is(piece, IS(PROCESS));
    }
    return said;
}

static void score_people(struct reading *reading, const struct predicate *said)
{
    const struct measure *measure = &reading->measure;
    const struct noun *noun = &reading->noun;
    bool level = measure->amount || measure->all || measure->beside;
    bool share = noun->shared || measure->percent;
    bool given = said->gives && !said->turns && !said->happens;
    if (noun->counted && noun->delivered)
        SET(CLASS_OUTPUT, 65);
    else if (noun->delivered && !share && !said->turns && !said->happens)
        SET(CLASS_OUTPUT, 60);
    else if (given && !(share && measure->timed))
        SET(CLASS_OUTPUT, 45);
    else if (level || (measure->number && (said->turns || said->happens)))
        SET(CLASS_OUTCOME, said->turns || said->happens ? 80 : 60);
    else if (said->does)
        SET(CLASS_PROCESS, 50);
    else
        SET(CLASS_PROCESS, 40);
}

static void score_unknown(struct reading *reading, const struct predicate *said)
{
    const struct measure *measure = &reading->measure;
    if (said->gives && !measure->range)
        SET(CLASS_OUTPUT, 50);
    else if (said->does && !said->turns)
        SET(CLASS_PROCESS, 55);
    else if (measure->amount || (measure->number && (said->happens || said->turns)))
        SET(reading->noun.counted ? CLASS_OUTPUT : CLASS_OUTCOME, 45);
    else if (said->happens || said->turns)
        SET(CLASS_OUTCOME, 25);
    else
        SET(measure->number ? CLASS_OUTPUT : CLASS_PROCESS, 30);
}

static void score_condition(struct reading *reading, const struct predicate *said)
{
    const struct measure *measure = &reading->measure;
    if (said->does && !said->turns && !measure->amount)
        SET(CLASS_PROCESS, 60);
    else if (measure->amount || measure->beside || measure->number)
        SET(CLASS_OUTCOME, 85);
    else if (measure->all && !said->does)
        SET(CLASS_OUTCOME, 50);
    else
        verbs_score_weak(reading);
}

void subjects_score(struct reading *reading)
{
    struct predicate said = predicate_read(reading);
    const struct noun *noun = &reading->noun;
    bool level = reading->measure.amount || reading->measure.beside;
    switch (noun->kind) {
    case IS(ACTIVITY):
    case IS(MONEY):
        SET(CLASS_PROCESS, 80);
        break;
    case IS(DOCUMENT):
        SET(said.gives ? CLASS_OUTPUT : CLASS_PROCESS, 55);
        break;
    case IS(STAFF):
        SET(said.does || !reading->measure.number ? CLASS_PROCESS : CLASS_OUTPUT, 60);
        break;
    case IS(CONDITION):
    case IS(EVENT):
        if (noun->inside)
            SET(CLASS_OUTPUT, 80);
        else if (noun->kind == IS(EVENT) && noun->counted && noun->delivered)
            SET(CLASS_OUTPUT, 60);
        else
            score_condition(reading, &said);
        break;
    case IS(SHARE):
        SET(noun->inside || noun->delivered ? CLASS_OUTPUT : CLASS_OUTCOME, 60);
        break;
    case IS(PEOPLE):
        score_people(reading, &said);
        break;
    case IS(THING):
    case IS(LAW):
    case IS(FIELD):
    case IS(INSIDE):
        if (said.does && !said.gives && !said.turns)
            SET(CLASS_PROCESS, 45);
        else if (said.happens && level && !noun->counted)
            SET(CLASS_OUTCOME, 45);
        else
            SET(noun->shared && !noun->delivered && !noun->inside ? CLASS_OUTCOME : CLASS_OUTPUT,
                noun->shared ? 35 : 65);
        break;
    default:
        score_unknown(reading, &said);
    }
}
