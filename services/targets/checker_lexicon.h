/* The words that the rules know, read once from data/: a class for each, and for verbs the form.
 * Forms are made at load, so that a statement costs one probe a word. */
#ifndef MISAQ_TARGETS_CHECKER_LEXICON_H
#define MISAQ_TARGETS_CHECKER_LEXICON_H

#include "base/text.h"

/* Verbs, by what stands behind a promise that begins with them; nouns, by what is left in the world
 * when they grow; and the words that hold a sentence together. The words are those of data/. */
#define WORD_CLASSES(X)                                                                            \
    X(PROCESS, "process")                                                                          \
    X(LIGHT, "light")                                                                              \
    X(SPEND, "spend")                                                                              \
    X(START, "start")                                                                              \
    X(MAKE, "make")                                                                                \
    X(DELIVER, "deliver")                                                                          \
    X(ENACT, "enact")                                                                              \
    X(TRANSPARENT, "transparent")                                                                  \
    X(UP, "up")                                                                                    \
    X(DOWN, "down")                                                                                \
    X(KEEP, "keep")                                                                                \
    X(SHIFT, "shift")                                                                              \
    X(WEAK, "weak")                                                                                \
    X(RESULT, "result")                                                                            \
    X(COLLECT, "collect")                                                                          \
    X(CONDITION, "condition")                                                                      \
    X(EVENT, "event")                                                                              \
    X(PEOPLE, "people")                                                                            \
    X(STAFF, "staff")                                                                              \
    X(THING, "thing")                                                                              \
    X(LAW, "law")                                                                                  \
    X(DOCUMENT, "document")                                                                        \
    X(ACTIVITY, "activity")                                                                        \
    X(FIELD, "field")                                                                              \
    X(MONEY, "money")                                                                              \
    X(INSIDE, "inside")                                                                            \
    X(COUNT, "count")                                                                              \
    X(SHARE, "share")                                                                              \
    X(SOURCE, "source")                                                                            \
    X(PURPOSE, "purpose")                                                                          \
    X(CONSEQUENCE, "consequence")                                                                  \
    X(MEANS, "means")                                                                              \
    X(LEAD, "lead")                                                                                \
    X(BY, "by")                                                                                    \
    X(TO, "to")                                                                                    \
    X(FOR, "for")                                                                                  \
    X(OF, "of")                                                                                    \
    X(FROM, "from")                                                                                \
    X(AND, "and")                                                                                  \
    X(PREPOSITION, "preposition")                                                                  \
    X(DETERMINER, "determiner")                                                                    \
    X(ADVERB, "adverb")                                                                            \
    X(BE, "be")                                                                                    \
    X(MODAL, "modal")                                                                              \
    X(LEVEL, "bound")                                                                              \
    X(COMPARE, "compare")                                                                          \
    X(PER, "per")                                                                                  \
    X(EVERY, "every")                                                                              \
    X(NONE, "none")                                                                                \
    X(NUMBER, "number")                                                                            \
    X(PERCENT, "percent")                                                                          \
    X(CURRENCY, "currency")                                                                        \
    X(DURATION, "duration")                                                                        \
    X(MONTH, "month")                                                                              \
    X(DATE, "date")                                                                                \
    X(LABEL, "label")                                                                              \
    X(HEDGE, "hedge")                                                                              \
    X(SOFT, "soft")                                                                                \
    X(ASIDE, "aside")                                                                              \
    X(THAT, "that")

enum word_place {
#define X(name, word) PLACE_##name,
    WORD_CLASSES(X)
#undef X
        PLACES_ALL
};
/* One bit each: a word may be of several classes, and what stands around it decides. */
#define IS(name) (UINT64_C(1) << PLACE_##name)

enum word_form { FORM_BASE = 1, FORM_S = 2, FORM_ED = 4, FORM_ING = 8, FORM_NOUN = 16 };

struct lexeme {
    uint64_t hash; /* of a word, or of the words of a phrase; 0: an empty place */
    uint64_t classes;
    uint8_t forms;   /* of a verb */
    uint8_t longest; /* words of the longest phrase that begins with this word */
};

struct lexicon;

/* Reads the tables; a mistake in them is a mistake in the program. */
struct lexicon *lexicon_new(void);
void lexicon_free(struct lexicon *lexicon);
/* What is known of a word or phrase, NULL when nothing is. */
const struct lexeme *lexicon_find(const struct lexicon *lexicon, uint64_t hash);

/* The hash of a word in lower case, and of a phrase from that of its words. */
uint64_t lexicon_hash(struct text word);
static inline uint64_t lexicon_join(uint64_t phrase, uint64_t word)
{
    uint64_t mixed = (phrase ^ (phrase >> 29)) * UINT64_C(0x9E3779B97F4A7C15) + word;
    return mixed ^ (mixed >> 32);
}

#endif
