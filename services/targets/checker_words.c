/* Numbers are the hinge of every rule, so most of this file is about what only looks like one: a
 * year, a quarter, a grade, an article of law. */
#include "checker_words.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Letters of any script: bytes above ASCII belong to words, except the typographic marks that
 * mark_width() knows. */
static bool is_letter(char c)
{
    unsigned char low = (unsigned char)c | 0x20u;
    return (low >= 'a' && low <= 'z') || (unsigned char)c >= 0x80;
}

/* Marks of U+2010 to U+201F and the like come as three bytes; a plain character stands for them. */
static size_t mark_width(struct text rest, char *ret_plain)
{
    *ret_plain = rest.at[0];
    if (rest.len < 3 || (unsigned char)rest.at[0] != 0xe2 || (unsigned char)rest.at[1] != 0x80)
        return (unsigned char)rest.at[0] >= 0x80 ? 0 : 1;
    unsigned char last = (unsigned char)rest.at[2];
    if (last >= 0x90 && last <= 0x92)
        *ret_plain = '-';
    else if (last == 0x93 || last == 0x94)
        *ret_plain = ',';
    else
        *ret_plain = last == 0x98 || last == 0x99 ? '\'' : ' ';
    return 3;
}

/* Digits with commas and points inside, and ranges like 12-23 and 2021-22. */
static size_t number_width(struct text rest)
{
    size_t len = 0;
    while (len < rest.len) {
        char c = rest.at[len];
        bool inside = (c == ',' || c == '.' || c == '-' || c == '/') && len + 1 < rest.len &&
                      is_digit(rest.at[len + 1]);
        if (!is_digit(c) && !inside)
            break;
        len++;
    }
    return len;
}

static size_t word_width(struct text rest)
{
    size_t len = 0;
    while (len < rest.len) {
        char c = rest.at[len], plain;
        struct text here = {rest.at + len, rest.len - len};
        if ((unsigned char)c >= 0x80 && mark_width(here, &plain) == 3)
            break;
        bool point = c == '.' && len > 0 && is_digit(rest.at[len - 1]) && len + 1 < rest.len &&
                     is_digit(rest.at[len + 1]);
        if (!is_letter(c) && !is_digit(c) && !point)
            break;
        len++;
    }
    return len;
}

static bool ends_ordinal(struct text rest)
{
    static const char *const endings[] = {"st", "nd", "rd", "th"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (rest.len >= 2 && (rest.at[0] | 0x20) == endings[i][0] &&
            (rest.at[1] | 0x20) == endings[i][1])
            return rest.len == 2 || !is_letter(rest.at[2]);
    return false;
}

static struct token *push(struct tokens *tokens, struct text text, enum token_kind kind)
{
    struct token *token = &tokens->at[tokens->count++];
    *token = (struct token){.text = text, .kind = kind};
    if (kind == TOKEN_WORD)
        token->hash = lexicon_hash(text);
    return token;
}

static void push_mark(struct tokens *tokens, struct text text, char plain)
{
    struct token *last = tokens->count ? &tokens->at[tokens->count - 1] : NULL;
    if (plain == '-' && last && last->kind != TOKEN_MARK) {
        last->joined = true;
        return;
    }
    if (plain == '&') {
        push(tokens, text, TOKEN_WORD)->hash = lexicon_hash(TEXT_LITERAL("and"));
        return;
    }
    if (plain == '%') {
        push(tokens, text, TOKEN_WORD)->hash = lexicon_hash(TEXT_LITERAL("percent"));
        return;
    }
    if (plain == '$') {
        push(tokens, text, TOKEN_WORD)->hash = lexicon_hash(TEXT_LITERAL("usd"));
        return;
    }
    bool divides = plain == ',' || plain == ';' || plain == ':' || plain == '.' || plain == '(' ||
                   plain == ')' || plain == '?' || plain == '!';
    if (divides && !(last && last->kind == TOKEN_MARK))
        push(tokens, text, TOKEN_MARK)->hash = (unsigned char)plain;
}

/* The width of an apostrophe that belongs to the word before: children's, pilgrims' . */
static size_t genitive_width(struct text rest)
{
    char plain;
    size_t width = rest.len ? mark_width(rest, &plain) : 0;
    if (width == 0 || plain != '\'')
        return 0;
    bool s = width < rest.len && (rest.at[width] | 0x20) == 's' &&
             (width + 1 == rest.len || !is_letter(rest.at[width + 1]));
    return width + s;
}

void tokens_read(struct text statement, struct tokens *ret_tokens)
{
    struct text rest = statement;
    ret_tokens->count = 0;
    while (rest.len && ret_tokens->count < TOKENS_MAX) {
        char plain;
        size_t width;
        if (is_digit(rest.at[0])) {
            width = number_width(rest);
            struct text tail = {rest.at + width, rest.len - width};
            bool ordinal = ends_ordinal(tail);
            push(ret_tokens, (struct text){rest.at, width}, ordinal ? TOKEN_ORDINAL : TOKEN_NUMBER);
            width += ordinal ? 2 : 0;
        } else if ((width = word_width(rest)) > 0) {
            push(ret_tokens, (struct text){rest.at, width}, TOKEN_WORD);
            width += genitive_width((struct text){rest.at + width, rest.len - width});
        } else {
            width = mark_width(rest, &plain);
            width = width ? width : 1;
            push_mark(ret_tokens, (struct text){rest.at, width}, plain);
        }
        rest = (struct text){rest.at + width, rest.len - width};
    }
}

/* ---- pieces ---- */
static struct text from_to(const struct token *first, const struct token *last)
{
    return (struct text){first->text.at, (size_t)(last->text.at + last->text.len - first->text.at)};
}

/* The longest phrase that begins here; how many tokens it takes, 0 for none. */
static size_t phrase_at(const struct lexicon *lexicon, const struct tokens *tokens, size_t at,
    size_t longest, const struct lexeme **ret_lexeme)
{
    uint64_t hash = tokens->at[at].hash;
    size_t found = 0;
    for (size_t i = 1; i < longest && at + i < tokens->count; i++) {
        if (tokens->at[at + i].kind != TOKEN_WORD)
            break;
        hash = lexicon_join(hash, tokens->at[at + i].hash);
        const struct lexeme *lexeme = lexicon_find(lexicon, hash);
        if (lexeme && lexeme->classes) {
            *ret_lexeme = lexeme;
            found = i + 1;
        }
    }
    return found;
}

static size_t read_word(
    const struct lexicon *lexicon, const struct tokens *tokens, size_t at, struct pieces *pieces)
{
    const struct token *token = &tokens->at[at];
    struct piece *piece = &pieces->at[pieces->count++];
    const struct lexeme *lexeme = lexicon_find(lexicon, token->hash);
    size_t width = lexeme && lexeme->longest > 1
                       ? phrase_at(lexicon, tokens, at, lexeme->longest, &lexeme)
                       : 0;
    width = width ? width : 1;
    const struct token *last = token + width - 1;
    *piece = (struct piece){.text = from_to(token, last), .hash = token->hash};
    pieces->words++;
    /* Of "post-harvest" only the last word counts: the first one merely colours it. */
    if (!lexeme ||
        (last->joined && at + width < tokens->count && !(lexeme->classes & (IS(NONE) | IS(EVERY)))))
        return width;
    piece->hash = lexeme->hash;
    piece->classes = lexeme->classes;
    piece->forms = lexeme->forms;
    piece->number = (lexeme->classes & (IS(NUMBER) | IS(NONE))) != 0;
    pieces->known += lexeme->classes != 0;
    return width;
}

/* A bare number from 1900 to 2199, or a span like 2021-22. */
static bool looks_like_year(struct text text)
{
    uint64_t year;
    struct text rest, first = text_cut(text, '-', &rest);
    if (first.len == text.len)
        first = text_cut(text, '/', &rest);
    return text_whole(first, 2199, &year) && year >= 1900 && first.len == 4;
}

static bool is_year(const struct pieces *pieces, size_t at)
{
    if (!looks_like_year(pieces->at[at].text))
        return false;
    bool counts = at + 1 < pieces->count &&
                  piece_is(&pieces->at[at + 1], IS(PEOPLE) | IS(THING) | IS(PERCENT) | IS(NUMBER));
    bool money = at > 0 && piece_is(&pieces->at[at - 1], IS(CURRENCY));
    return !counts && !money;
}

/* "Grade 5", "aged 5 to 10", "children under five": a number that only names. */
static bool is_name(const struct pieces *pieces, size_t at)
{
    const struct piece *here = &pieces->at[at];
    if (at > 0 && piece_is(here - 1, IS(LABEL)))
        return true;
    if (at > 1 && piece_is(here - 1, IS(LEVEL)) && piece_is(here - 2, IS(PEOPLE))) {
        uint64_t age;
        return piece_is(here, IS(NUMBER)) || text_whole(here->text, 18, &age);
    }
    return at > 2 && piece_is(here - 1, IS(TO) | IS(AND)) && here[-2].named &&
           piece_is(here - 3, IS(LABEL));
}

static void mark_dates(struct pieces *pieces)
{
    for (size_t i = 0; i < pieces->count; i++) {
        struct piece *piece = &pieces->at[i];
        bool after_month = i > 0 && piece_is(piece - 1, IS(MONTH));
        bool before_month = i + 1 < pieces->count && piece_is(piece + 1, IS(MONTH));
        if (piece_is(piece, IS(DATE)) ||
            (piece_is(piece, IS(MONTH)) && !piece_is(piece, IS(MODAL))))
            piece->dated = true;
        if (!piece->number)
            continue;
        piece->dated = after_month || before_month || is_year(pieces, i);
        piece->named = !piece->dated && is_name(pieces, i);
        piece->number = !piece->dated && !piece->named;
    }
}

static void mark_percents(struct pieces *pieces)
{
    for (size_t i = 1; i < pieces->count; i++)
        if (piece_is(&pieces->at[i], IS(PERCENT)) && pieces->at[i - 1].number) {
            pieces->at[i].percent = true;
            pieces->at[i - 1].percent = true;
        }
}

void pieces_read(
    const struct lexicon *lexicon, const struct tokens *tokens, struct pieces *ret_pieces)
{
    ret_pieces->count = ret_pieces->known = ret_pieces->words = 0;
    for (size_t i = 0; i < tokens->count;) {
        const struct token *token = &tokens->at[i];
        if (token->kind == TOKEN_WORD) {
            i += read_word(lexicon, tokens, i, ret_pieces);
            continue;
        }
        struct piece *piece = &ret_pieces->at[ret_pieces->count++];
        *piece = (struct piece){.text = token->text, .hash = 0};
        piece->mark = token->kind == TOKEN_MARK ? (char)token->hash : 0;
        piece->number = token->kind == TOKEN_NUMBER && !token->joined;
        if (token->kind == TOKEN_ORDINAL && ret_pieces->count > 1) /* "from 108th to below 90th" */
            piece->number = piece_is(piece - 1, IS(FROM) | IS(TO) | IS(LEVEL));
        i++;
    }
    mark_dates(ret_pieces);
    mark_percents(ret_pieces);
}
