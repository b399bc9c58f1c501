/* "In 20 districts" and "of 60 colleges" count places; "by 20%", "to 15 days" and "under 8%" are
 * levels. The words just before and behind a number tell. */
#include "checker_measure.h"

static const struct piece *look(const struct pieces *pieces, size_t at)
{
    static const struct piece none;
    return at < pieces->count ? &pieces->at[at] : &none;
}

/* The last piece of a number of several words ("3 million", "one third", "Rs 12 each"). */
static size_t number_end(const struct pieces *pieces, size_t at)
{
    while (at + 1 < pieces->count &&
           (pieces->at[at + 1].number || piece_is(&pieces->at[at + 1], IS(PERCENT) | IS(CURRENCY))))
        at++;
    return at;
}

/* The piece before a number, over currency and "about". */
static const struct piece *before_number(const struct pieces *pieces, size_t at)
{
    while (at > 0 && piece_is(&pieces->at[at - 1], IS(CURRENCY) | IS(DETERMINER) | IS(EVERY)))
        at--;
    return at > 0 ? &pieces->at[at - 1] : look(pieces, pieces->count);
}

static bool is_amount(const struct pieces *pieces, size_t at, size_t end)
{
    const struct piece *piece = &pieces->at[at], *before = before_number(pieces, at);
    if (piece->percent || look(pieces, end)->percent)
        return true;
    if (piece_is(look(pieces, end + 1), IS(PREPOSITION)) && look(pieces, end + 2)->number &&
        piece_is(piece, IS(NUMBER)))
        return true;                        /* three in four */
    if (piece_is(piece, IS(UP) | IS(DOWN))) /* double, halve */
        return true;
    if (piece_is(before, IS(LEVEL) | IS(COMPARE) | IS(BY)))
        return true;
    if (piece_is(before, IS(TO)) && !piece_is(look(pieces, end + 1), IS(PEOPLE)))
        return true;
    const struct piece *behind = look(pieces, end + 1);
    return piece_is(behind, IS(DURATION) | IS(LEVEL) | IS(COMPARE) | IS(PER)) ||
           (at > 0 && piece_is(&pieces->at[at - 1], IS(BE) | IS(CURRENCY)));
}

/* Whether a "from" with a number stands before "to" and this number. */
static bool ends_range(const struct pieces *pieces, size_t at, size_t from)
{
    if (!piece_is(before_number(pieces, at), IS(TO)))
        return false;
    size_t least = at > from + 14 ? at - 14 : from;
    bool number = false;
    for (size_t i = at; i-- > least;) {
        const struct piece *piece = &pieces->at[i];
        if (piece->number)
            number = true;
        if (piece_is(piece, IS(FROM)) && number && !look(pieces, i + 1)->dated)
            return true;
    }
    return false;
}

static void read_number(
    const struct pieces *pieces, size_t at, size_t end, size_t from, struct measure *measure)
{
    const struct piece *piece = &pieces->at[at], *behind = look(pieces, end + 1);
    bool range = ends_range(pieces, at, from), amount = range || is_amount(pieces, at, end);
    if ((amount && !measure->amount) || !measure->number)
        measure->at = at;
    measure->number = true;
    measure->amount |= amount;
    measure->range |= range;
    measure->percent |= piece->percent || look(pieces, end)->percent;
    measure->timed |= piece_is(behind, IS(DURATION));
    measure->bound |= piece_is(before_number(pieces, at), IS(LEVEL)) || piece_is(behind, IS(LEVEL));
}

/* "Not below the 2020 baseline": a level without a number. */
static bool names_baseline(const struct pieces *pieces, size_t at)
{
    for (size_t i = at + 1; i < pieces->count && i < at + 4; i++)
        if (pieces->at[i].dated && !piece_is(&pieces->at[i], IS(DATE) | IS(MONTH)))
            return i > at + 1;
    return false;
}

struct measure measure_read(const struct pieces *pieces, enum piece_role role, struct span within)
{
    struct measure measure = {0};
    for (size_t i = within.from; i < within.to; i++) {
        const struct piece *piece = &pieces->at[i];
        if (piece->role != role)
            continue;
        measure.all |= piece_is(piece, IS(EVERY) | IS(NONE));
        measure.per |= piece_is(piece, IS(PER));
        measure.beside |= piece_is(piece, IS(COMPARE));
        if (piece_is(piece, IS(LEVEL)) && names_baseline(pieces, i))
            measure.amount = measure.bound = true;
        if (!piece->number)
            continue;
        size_t end = number_end(pieces, i);
        read_number(pieces, i, end, within.from, &measure);
        i = end;
    }
    return measure;
}
