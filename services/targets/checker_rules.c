/* The clause that carries the number decides, not the one with the noble purpose. So the main
 * clause is scored first, and a purpose overrules it only with a level of its own. */
#include "checker_rules.h"

#include "checker_subjects.h"
#include "checker_verbs.h"

#define SET(class, points) (reading->score[class] += (points))

/* "Procure and deploy", "finalise and notify": the one that delivers. */
static void join_heads(struct reading *reading)
{
    const struct pieces *pieces = reading->pieces;
    size_t second = reading->head + 2;
    if (second >= reading->main.to || !piece_is(&pieces->at[second - 1], IS(AND)))
        return;
    const struct piece *piece = &pieces->at[second];
    if (!piece_is(piece, VERBS) || !(piece->forms & pieces->at[reading->head].forms))
        return;
    bool delivers = piece_is(piece, IS(DELIVER) | IS(ENACT));
    if (delivers && reading->verb & (IS(PROCESS) | IS(MAKE) | IS(WEAK) | IS(START)))
        reading->verb = piece->classes;
    reading->noun = noun_read(pieces, (struct span){second + 1, reading->main.to});
}

static void read_clause(struct reading *reading, struct span clause);

/* "Ensure that all ministries submit", "achieve completion of": the clause or the verb inside. */
static bool read_inside(struct reading *reading)
{
    const struct pieces *pieces = reading->pieces;
    struct span inner = {reading->head + 1, reading->main.to};
    size_t head;
    if (!(reading->verb & IS(TRANSPARENT)) || inner.from >= inner.to || ++reading->depth > 3)
        return false;
    bool sentence = piece_is(&pieces->at[inner.from], IS(THAT));
    bool of = piece_is(&pieces->at[inner.from], IS(OF));
    if (sentence && !reading->measure.number && !reading->measure.all)
        return false;
    inner.from += sentence || of;
    if (!sentence &&
        (!verbs_find_head(pieces, inner, &head) ||
            (reading->noun.kind & (IS(ACTIVITY) | IS(MONEY)) && reading->noun.at > head)))
        return false;
    bool verb = !sentence && (pieces->at[head].forms & (FORM_NOUN | FORM_ING)) &&
                !piece_is(&pieces->at[head], IS(CONDITION));
    if (!sentence && !verb)
        return false;
    read_clause(reading, inner);
    return true;
}

static void read_clause(struct reading *reading, struct span clause)
{
    const struct pieces *pieces = reading->pieces;
    reading->main = clause;
    reading->headed = verbs_find_head(pieces, clause, &reading->head);
    if (!reading->headed) {
        reading->noun = noun_read(pieces, clause);
        subjects_score(reading);
        return;
    }
    reading->verb = pieces->at[reading->head].classes;
    size_t object = reading->head + 1;
    object += object < clause.to && piece_is(&pieces->at[object], IS(OF));
    reading->noun = noun_read(pieces, (struct span){object, clause.to});
    join_heads(reading);
    if (!read_inside(reading))
        verbs_score(reading);
}

/* A consequence or a purpose that has a level of its own. */
static void read_ends(struct reading *reading)
{
    const struct pieces *pieces = reading->pieces;
    struct span span;
    bool planned = reading->headed && (reading->noun.kind & (IS(DOCUMENT) | IS(ACTIVITY)));
    bool doing = reading->score[CLASS_PROCESS] > reading->score[CLASS_OUTPUT] && !reading->weak;
    bool so = clause_find(pieces, ROLE_CONSEQUENCE, 0, &span);
    if (so && (!planned || piece_is(&pieces->at[span.from], IS(THAT)))) {
        struct measure measure = measure_read(pieces, ROLE_CONSEQUENCE, span);
        struct noun noun = noun_read(pieces, (struct span){span.from + 1, span.to});
        if (measure.amount && !(noun.kind & (IS(THING) | IS(ACTIVITY)) && !measure.range)) {
            SET(CLASS_OUTCOME, reading->score[CLASS_OUTCOME] ? 10 : doing ? 100 : 110);
            reading->moved = true;
        }
    }
    if (clause_find(pieces, ROLE_PURPOSE, 0, &span) && !planned && !doing) {
        struct measure measure = measure_read(pieces, ROLE_PURPOSE, span);
        if (measure.range || (measure.amount && !reading->measure.number)) {
            SET(CLASS_OUTCOME, reading->score[CLASS_OUTCOME] ? 5 : 90);
            reading->moved = true;
        }
    }
}

static void add_signs(struct reading *reading)
{
    const struct pieces *pieces = reading->pieces;
    const struct measure *measure = &reading->measure;
    bool source = false, hedge = false;
    for (size_t i = 0; i < pieces->count; i++) {
        source |= piece_is(&pieces->at[i], IS(SOURCE));
        hedge |= piece_is(&pieces->at[i], IS(HEDGE));
    }
    SET(CLASS_OUTCOME, source && measure->amount ? 10 : 0);
    SET(CLASS_OUTCOME, measure->beside && measure->amount ? 10 : 0);
    SET(CLASS_OUTCOME, measure->range ? 10 : 0);
    SET(CLASS_OUTCOME, measure->per && measure->amount ? 5 : 0);
    SET(CLASS_PROCESS, hedge ? 20 : 0);
    SET(CLASS_PROCESS, !measure->number && !measure->all ? 10 : 0);
}

void rules_read(const struct pieces *pieces, struct reading *ret_reading)
{
    struct reading *reading = ret_reading;
    *reading = (struct reading){.pieces = pieces};
    struct span all = {0, pieces->count}, first;
    if (!clause_find(pieces, ROLE_MAIN, 0, &first))
        first = all;
    reading->measure = measure_read(pieces, ROLE_MAIN, all);
    read_clause(reading, first);
    read_ends(reading);
    add_signs(reading);
    reading->main = first;
}

enum target_class rules_class(const struct reading *reading)
{
    enum target_class best = CLASS_PROCESS;
    for (enum target_class class = CLASS_OUTPUT; class <= CLASS_OUTCOME; class ++)
        if (reading->score[class] > reading->score[best])
            best = class;
    return best;
}

unsigned rules_margin(const struct reading *reading)
{
    enum target_class best = rules_class(reading);
    int second = 0;
    for (enum target_class class = CLASS_PROCESS; class <= CLASS_OUTCOME; class ++)
        if (class != best && reading->score[class] > second)
            second = reading->score[class];
    int margin = reading->score[best] - second;
    return margin > 100 ? 100 : margin < 0 ? 0 : (unsigned)margin;
}
