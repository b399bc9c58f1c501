/* English puts the head last: of "school meals served" it is "meals". So the last known noun before
 * a preposition, a verb or a comma decides, and "of" is followed only from words that count. */
#include "checker_nouns.h"

#define NOUNS                                                                                      \
    (IS(MONEY) | IS(ACTIVITY) | IS(SHARE) | IS(COUNT) | IS(CONDITION) | IS(EVENT) | IS(LAW) |      \
        IS(DOCUMENT) | IS(FIELD) | IS(PEOPLE) | IS(STAFF) | IS(THING) | IS(INSIDE))
#define PHRASE_MOST 60 /* pieces; nobody's noun is longer */
#define DOES        (IS(PROCESS) | IS(LIGHT) | IS(SPEND) | IS(START) | IS(WEAK) | IS(TRANSPARENT))
#define GIVES       (IS(DELIVER) | IS(ENACT) | IS(MAKE))
#define TURNS       (IS(UP) | IS(DOWN) | IS(KEEP) | IS(SHIFT) | IS(RESULT) | IS(COLLECT))

/* Of a word in several classes: the one that promises least comes first. */
static uint64_t kind_of(const struct piece *piece)
{
    static const uint64_t order[] = {IS(MONEY), IS(ACTIVITY), IS(SHARE), IS(COUNT), IS(CONDITION),
        IS(EVENT), IS(LAW), IS(DOCUMENT), IS(FIELD), IS(PEOPLE), IS(STAFF), IS(THING), IS(INSIDE)};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (piece->classes & order[i])
            return order[i];
    if (!(piece->forms & (FORM_NOUN | FORM_ING)))
        return 0;
    if (piece_is(piece, IS(SPEND)))
        return IS(MONEY);
    if (piece_is(piece, GIVES))
        return IS(THING);
    return piece_is(piece, DOES) ? IS(ACTIVITY) : 0;
}

/* "Within the Finance Division": the office has a name between. */
static bool is_office(const struct pieces *pieces, size_t at)
{
    const struct piece *piece = &pieces->at[at];
    if (piece->text.at[0] < 'A' || piece->text.at[0] > 'Z')
        return false;
    for (size_t i = at; i-- > 0 && i + 4 > at;)
        if (piece_is(&pieces->at[i], IS(LEVEL)) && piece_is(&pieces->at[i], IS(PREPOSITION)))
            return true; /* within, under */
    return false;
}

static bool is_inside(const struct pieces *pieces, size_t at)
{
    const struct piece *piece = &pieces->at[at];
    if (piece_is(piece, IS(STAFF)) && is_office(pieces, at))
        return true;
    if (!piece_is(piece, IS(INSIDE)))
        return false;
    if (!piece_is(piece, DOES | GIVES | TURNS))
        return true;
    /* "file" is also what exporters do with claims: a noun only behind what wants one. */
    return at > 0 && (pieces->at[at - 1].number ||
                         piece_is(&pieces->at[at - 1], IS(OF) | IS(EVERY) | IS(DETERMINER)));
}

bool noun_inside(const struct pieces *pieces, struct span within, size_t *ret_at)
{
    bool inside = false;
    for (size_t i = within.from; i < within.to; i++) {
        if (piece_is(&pieces->at[i], IS(PEOPLE)))
            return false;
        if (!inside && is_inside(pieces, i)) {
            *ret_at = i;
            inside = true;
        }
    }
    return inside;
}

static bool colours(const struct piece *piece, bool headless)
{
    return piece->number || piece->named ||
           piece_is(piece, IS(DETERMINER) | IS(ADVERB) | IS(EVERY) | IS(NONE) | IS(PERCENT) |
                               IS(CURRENCY) | IS(AND) | IS(NUMBER)) ||
           (headless && piece_is(piece, IS(LEVEL) | IS(COMPARE)) && !piece_is(piece, IS(FROM)));
}

static bool ends_phrase(const struct piece *piece)
{
    return (piece->mark != 0 && piece->mark != '.') ||
           piece_is(piece, IS(PREPOSITION) | IS(TO) | IS(BY) | IS(FOR) | IS(FROM) | IS(BE) |
                               IS(MODAL) | IS(MEANS) | IS(PURPOSE) | IS(CONSEQUENCE) | IS(COMPARE) |
                               IS(LEVEL) | IS(PER) | IS(DURATION));
}

/* A verb behind the head ends the phrase; one before it is a participle, or a noun unknown. */
static bool is_verb_only(const struct piece *piece)
{
    return piece->forms && piece_is(piece, DOES | GIVES | TURNS) && !piece_is(piece, NOUNS);
}

/* "Girls walk less than": a noun elsewhere, a verb behind people and before a level or a place. */
static bool says_finite(const struct pieces *pieces, struct span within, struct noun noun)
{
    const struct piece *piece = &pieces->at[noun.end];
    if (noun.kind != IS(PEOPLE) || noun.end + 1 >= within.to || noun.at + 1 != noun.end ||
        !(piece->forms & FORM_BASE) || !piece_is(piece, DOES | GIVES | TURNS))
        return false;
    const struct piece *next = piece + 1;
    return next->number || piece_is(next, IS(LEVEL) | IS(DETERMINER) | IS(CURRENCY) | IS(EVERY) |
                                              IS(NONE) | IS(PREPOSITION) | IS(TO) | IS(BY));
}

/* A plain word that the tables do not have; a name is written with a capital. */
static bool is_stranger(const struct piece *piece)
{
    return piece->classes == 0 && piece->mark == 0 && !piece->number && !piece->named &&
           piece->text.len > 2 && piece->text.at[0] >= 'a' && piece->text.at[0] <= 'z';
}

/* The "in" of "three in four". */
static bool is_portion(const struct pieces *pieces, size_t at)
{
    return at > 0 && at + 1 < pieces->count && pieces->at[at - 1].number &&
           pieces->at[at + 1].number && piece_is(&pieces->at[at], IS(PREPOSITION));
}

static struct noun phrase_read(const struct pieces *pieces, struct span within);

/* What "of" leads to: on from words that count, and to what an activity is the frequency of. */
static struct noun follow_of(const struct pieces *pieces, struct span within, struct noun noun)
{
    if (noun.end + 1 >= within.to)
        return noun;
    struct noun inner = phrase_read(pieces, (struct span){noun.end + 1, within.to});
    bool theirs = noun.kind == IS(STAFF) && inner.kind == IS(PEOPLE); /* employees of firms */
    bool counts = theirs || noun.kind == 0 || noun.kind == IS(COUNT) || noun.kind == IS(SHARE);
    if (!counts && !(noun.kind == IS(CONDITION) && (inner.kind & (IS(ACTIVITY) | IS(MONEY))))) {
        noun.end = inner.end;
        return noun;
    }
    inner.counted |= noun.kind == IS(COUNT);
    inner.shared |= noun.kind == IS(SHARE) || noun.shared;
    inner.delivered |= noun.delivered;
    if (inner.kind == 0 && noun.kind != 0) {
        inner.kind = noun.kind == IS(SHARE) ? IS(SHARE) : 0;
        inner.at = noun.at;
    }
    return inner;
}

static struct noun phrase_read(const struct pieces *pieces, struct span within)
{
    struct noun noun = {.at = within.from, .end = within.from};
    bool portion = false;
    for (; noun.end < within.to; noun.end++) {
        const struct piece *piece = &pieces->at[noun.end];
        if (piece_is(piece, IS(OF)) && (noun.kind || portion)) {
            noun.shared |= portion && noun.kind == 0;
            noun = follow_of(pieces, within, noun);
            break;
        }
        if (colours(piece, noun.kind == 0)) {
            portion |= piece->number;
            continue;
        }
        if (noun.kind == 0 && is_portion(pieces, noun.end))
            continue;
        uint64_t kind = kind_of(piece);
        bool participle = is_verb_only(piece) && (piece->forms & FORM_ED);
        if (participle && noun.kind == 0) {
            noun.delivered |= piece_is(piece, GIVES);
            continue;
        }
        if (piece_is(piece, IS(DURATION)) && noun.kind == 0 && !portion)
            kind = IS(CONDITION); /* median days to ... */
        else if (ends_phrase(piece) || says_finite(pieces, within, noun) ||
                 (noun.kind != 0 && kind == 0 && is_verb_only(piece)) ||
                 ((noun.kind & (IS(PEOPLE) | IS(EVENT))) && is_verb_only(piece)))
            break;
        if (kind) {
            noun.kind = kind;
            noun.at = noun.end;
        } else if (is_stranger(piece) && (noun.kind & (IS(ACTIVITY) | IS(MONEY) | IS(CONDITION)))) {
            noun.kind = 0; /* "hearing aids": the head is a word unknown */
        }
    }
    const struct piece *next = noun.end < within.to ? &pieces->at[noun.end] : NULL;
    noun.delivered |=
        next && (next->forms & FORM_ED) && piece_is(next, GIVES) && !piece_is(next, TURNS);
    return noun;
}

struct noun noun_read(const struct pieces *pieces, struct span within)
{
    struct span near = {within.from, within.to};
    if (near.to > near.from + PHRASE_MOST)
        near.to = near.from + PHRASE_MOST;
    struct noun noun = phrase_read(pieces, near);
    size_t ignored;
    noun.inside = noun_inside(pieces, within, &ignored);
    return noun;
}
