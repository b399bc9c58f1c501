/* One pass from left to right: a marker word opens a role, which lasts until the next one or until
 * a comma takes the sentence back to what is promised. */
#include "checker_clauses.h"

#define CHANGE (IS(UP) | IS(DOWN) | IS(KEEP) | IS(WEAK))
#define ANY_VERB                                                                                   \
    (CHANGE | IS(PROCESS) | IS(LIGHT) | IS(SPEND) | IS(START) | IS(MAKE) | IS(DELIVER) |           \
        IS(ENACT) | IS(TRANSPARENT) | IS(SHIFT) | IS(RESULT) | IS(COLLECT))
#define MEASURED (IS(CONDITION) | IS(EVENT) | IS(COUNT) | IS(SHARE) | IS(PEOPLE))

struct reader {
    struct pieces *pieces;
    size_t start;      /* of what is promised */
    bool begins_named; /* with what is measured rather than with a verb */
    bool has_verb;     /* a finite verb has come */
};

static const struct piece *look(const struct pieces *pieces, size_t at)
{
    static const struct piece none;
    return at < pieces->count ? &pieces->at[at] : &none;
}

static bool is_verb(const struct piece *piece, unsigned forms)
{
    return piece_is(piece, ANY_VERB) && (piece->forms & forms);
}

/* Passes over what may stand before the word that matters: "for a 20% increase", "for early ...".
 */
static size_t skip_colour(const struct pieces *pieces, size_t at)
{
    for (size_t i = 0; i < 4; i++, at++) {
        const struct piece *piece = look(pieces, at);
        if (!piece->number && !piece_is(piece, IS(PERCENT) | IS(DETERMINER) | IS(ADVERB)))
            break;
    }
    return at;
}

/* "to reduce": what for, unless it is what the sentence says of its subject: "number of ... to rise
 * from 6 to 12", or belongs to the word before: "continue to", "steps to". */
static bool is_purpose_to(const struct reader *reader, size_t at)
{
    const struct pieces *pieces = reader->pieces;
    size_t verb = at + 1;
    if (piece_is(look(pieces, verb), IS(ADVERB)))
        verb++;
    if (!is_verb(look(pieces, verb), FORM_BASE) || at == reader->start)
        return false;
    /* "to market", "to work": a noun where nothing follows that it could govern. */
    const struct piece *next = look(pieces, verb + 1);
    if (next->text.len == 0 || next->mark == '.')
        return false;
    return !(reader->begins_named && !reader->has_verb);
}

/* "for reducing", "for early resolution of"; not after a noun that wants it: "time for". */
static bool is_purpose_for(const struct reader *reader, size_t at)
{
    const struct pieces *pieces = reader->pieces;
    if (at == reader->start || piece_is(look(pieces, at - 1), IS(CONDITION)))
        return false;
    const struct piece *piece = look(pieces, skip_colour(pieces, at + 1));
    bool change = piece_is(piece, CHANGE) && !piece_is(piece, IS(CONDITION) | IS(PEOPLE));
    return is_verb(piece, FORM_ING) || (change && (piece->forms & (FORM_NOUN | FORM_BASE))) ||
           (is_verb(piece, FORM_NOUN) && piece_is(look(pieces, at + 2), IS(OF) | IS(ADVERB)) &&
               piece_is(piece, IS(COLLECT) | IS(TRANSPARENT)));
}

/* "by holding", "by timely coordination"; not "by the regulator", "by 20%", "by June". */
static bool is_means_by(const struct pieces *pieces, size_t at)
{
    size_t next = at + 1;
    if (look(pieces, next)->number || look(pieces, next)->dated)
        return false;
    while (piece_is(look(pieces, next), IS(ADVERB)) && next < at + 3)
        next++;
    const struct piece *piece = look(pieces, next);
    return is_verb(piece, FORM_ING) || (is_verb(piece, FORM_NOUN) && next > at + 1);
}

/* ", cutting the hours": what follows from what is promised. */
static bool is_consequence_ing(const struct pieces *pieces, size_t at)
{
    const struct piece *piece = look(pieces, at);
    return at > 0 && look(pieces, at - 1)->mark == ',' && (piece->forms & FORM_ING) &&
           piece_is(piece, IS(UP) | IS(DOWN) | IS(KEEP) | IS(SHIFT));
}

static enum piece_role role_opened(const struct reader *reader, size_t at, enum piece_role now)
{
    const struct pieces *pieces = reader->pieces;
    const struct piece *piece = look(pieces, at);
    if (piece_is(piece, IS(CONSEQUENCE)))
        return at == reader->start ? now : ROLE_CONSEQUENCE;
    if (piece_is(piece, IS(PURPOSE)))
        return ROLE_PURPOSE;
    if (piece_is(piece, IS(TO)) && is_purpose_to(reader, at))
        return ROLE_PURPOSE;
    if (piece_is(piece, IS(FOR)) && is_purpose_for(reader, at))
        return ROLE_PURPOSE;
    bool path = reader->begins_named && !reader->has_verb; /* "cargo through Gwadar doubles" */
    if ((piece_is(piece, IS(MEANS)) && !path) ||
        (piece_is(piece, IS(BY)) && is_means_by(pieces, at)))
        return ROLE_MEANS;
    if (piece_is(piece, IS(ASIDE)) && at > reader->start)
        return ROLE_ASIDE; /* "as measured by": who says so */
    if (is_consequence_ing(pieces, at))
        return ROLE_CONSEQUENCE;
    /* "through formal channels from 29 to 31": the range is the promise's. */
    const struct piece *next = look(pieces, at + 1);
    if (now == ROLE_MEANS && piece_is(piece, IS(FROM)) &&
        (next->number || piece_is(next, IS(CURRENCY))))
        return ROLE_MAIN;
    bool goes_on = reader->begins_named && !reader->has_verb &&
                   (piece_is(piece, IS(BE) | IS(MODAL)) ||
                       (piece_is(piece, IS(UP) | IS(DOWN) | IS(KEEP) | IS(SHIFT)) &&
                           (piece->forms & (FORM_BASE | FORM_S))));
    if (now == ROLE_ASIDE && (piece->mark == ',' || goes_on))
        return ROLE_MAIN;
    return now;
}

/* What stands before the first comma when the sentence opens with a preposition: the role it has,
 * or ROLE_MAIN when it opens with the promise itself. */
static enum piece_role role_of_front(const struct pieces *pieces)
{
    const struct piece *first = look(pieces, 0), *second = look(pieces, 1);
    if (piece_is(first, IS(PURPOSE)) || (piece_is(first, IS(TO)) && is_verb(second, FORM_BASE)))
        return ROLE_PURPOSE;
    if (piece_is(first, IS(MEANS) | IS(LEAD)) ||
        (piece_is(first, IS(BY)) && is_means_by(pieces, 0)))
        return ROLE_MEANS;
    if (piece_is(first, IS(PREPOSITION) | IS(BY) | IS(FOR)) && !piece_is(first, IS(LEVEL)))
        return ROLE_ASIDE;
    return ROLE_MAIN;
}

/* Gives the front its role; where what is promised begins. */
static size_t read_front(struct pieces *pieces)
{
    enum piece_role role = role_of_front(pieces);
    if (role == ROLE_MAIN)
        return 0;
    size_t comma = 0;
    while (comma < pieces->count && pieces->at[comma].mark != ',' && comma < 40)
        comma++;
    if (comma + 2 >= pieces->count || pieces->at[comma].mark != ',')
        return role == ROLE_PURPOSE ? 1 : 0; /* "To reduce losses." is an infinitive for an order */
    for (size_t i = 0; i <= comma; i++)
        pieces->at[i].role = role;
    return comma + 1;
}

/* Whether a sentence begins with what is measured, over words unknown: "cyber fraud losses ...". */
static bool begins_named(const struct pieces *pieces, size_t at)
{
    for (size_t i = at; i < at + 5; i++) {
        const struct piece *piece = look(pieces, i);
        if (piece->classes)
            return piece_is(piece, MEASURED) && !is_verb(piece, FORM_BASE);
    }
    return false;
}

void clauses_split(struct pieces *pieces)
{
    struct reader reader = {.pieces = pieces};
    reader.start = read_front(pieces);
    size_t head = skip_colour(pieces, reader.start);
    reader.begins_named = begins_named(pieces, head);
    enum piece_role role = ROLE_MAIN;
    for (size_t i = reader.start; i < pieces->count; i++) {
        struct piece *piece = &pieces->at[i];
        role = role_opened(&reader, i, role);
        piece->role = role;
        if (piece_is(piece, IS(BE) | IS(MODAL)) ||
            (i > head && is_verb(piece, FORM_S | FORM_BASE) && !piece_is(piece, MEASURED)))
            reader.has_verb = true;
    }
}

bool clause_find(
    const struct pieces *pieces, enum piece_role role, size_t at, struct span *ret_span)
{
    while (at < pieces->count && pieces->at[at].role != role)
        at++;
    if (at == pieces->count)
        return false;
    size_t to = at;
    while (to < pieces->count && pieces->at[to].role == role)
        to++;
    *ret_span = (struct span){at, to};
    return true;
}
