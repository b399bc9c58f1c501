/* A statement as the checker reads it: first its tokens, then pieces, where a phrase of the tables
 * ("carry out", "so that") is one piece and a number is known from a date. Both borrow. */
#ifndef MISAQ_TARGETS_CHECKER_WORDS_H
#define MISAQ_TARGETS_CHECKER_WORDS_H

#include "checker_lexicon.h"

enum token_kind { TOKEN_WORD = 1, TOKEN_NUMBER, TOKEN_ORDINAL, TOKEN_MARK };

struct token {
    struct text text; /* without a final 's */
    uint64_t hash;    /* of a word */
    enum token_kind kind;
    bool joined; /* to the next one by a hyphen */
};

/* A statement has at most 1,000 code points; what came after so many tokens would be cut off. */
#define TOKENS_MAX 1024

struct tokens {
    size_t count;
    struct token at[TOKENS_MAX];
};

/* Takes a statement apart. */
void tokens_read(struct text statement, struct tokens *ret_tokens);

enum piece_role { ROLE_MAIN = 1, ROLE_PURPOSE, ROLE_CONSEQUENCE, ROLE_MEANS, ROLE_ASIDE };

struct piece {
    struct text text;
    uint64_t classes; /* IS(...) */
    uint64_t hash;
    uint8_t forms;
    char mark;            /* of punctuation */
    bool number;          /* an amount, not a date and not a label */
    bool percent;         /* and a percentage */
    bool dated;           /* belongs to a date */
    bool named;           /* a number that only names: grade 5 */
    enum piece_role role; /* given by checker_clauses.h */
};

struct pieces {
    size_t count;
    size_t known; /* words that the tables have */
    size_t words;
    struct piece at[TOKENS_MAX];
};

void pieces_read(
    const struct lexicon *lexicon, const struct tokens *tokens, struct pieces *ret_pieces);

static inline bool piece_is(const struct piece *piece, uint64_t classes)
{
    return (piece->classes & classes) != 0;
}

#endif
