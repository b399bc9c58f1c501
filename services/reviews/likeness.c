/* All statements lie behind one another as numbers of words, and a question is one pass over them.
 * An index from words to statements would not save it: nearly every statement shares an "of" with
 * the question, and how rare a word is (and with it every length) changes with each new ruling. */
#include "likeness.h"

#include "words.h"

#include "base/must.h"

#include <math.h>
#include <stdlib.h>
#include <uthash.h>

#define WORDS_MAX 1024 /* different words of one statement: it has at most 1,000 characters */

struct word {
    uint32_t number;
    UT_hash_handle hh;
    char text[];
};

/* A word of a statement, and how often it stands there. */
struct term {
    uint32_t word, times;
};

struct likeness {
    struct word *words;
    uint32_t *statements_with; /* by number of the word */
    size_t word_count, word_room;
    struct term *terms;
    size_t term_count, term_room;
    size_t *ends; /* of each statement's terms */
    size_t count, room;
};

/* The different words of one text. */
struct terms {
    const struct likeness *likeness;
    struct likeness *grows; /* where new words are made known; NULL: they are passed over */
    struct term at[WORDS_MAX];
    size_t count;
};

struct likeness *likeness_new(void)
{
    struct likeness *likeness = calloc(1, sizeof *likeness);
    must(likeness);
    return likeness;
}

void likeness_free(struct likeness *likeness)
{
    if (!likeness)
        return;
    struct word *word = likeness->words, *next;
    HASH_CLEAR(hh, likeness->words); /* the words go on pointing to each other */
    for (; word; word = next) {
        next = word->hh.next;
        free(word);
    }
    free(likeness->statements_with);
    free(likeness->terms);
    free(likeness->ends);
    free(likeness);
}

static uint32_t make_known(struct likeness *likeness, struct text text)
{
    if (likeness->word_count == likeness->word_room) {
        likeness->word_room = likeness->word_room ? 2 * likeness->word_room : 256;
        likeness->statements_with = realloc(
            likeness->statements_with, likeness->word_room * sizeof *likeness->statements_with);
        must(likeness->statements_with);
    }
    struct word *word = malloc(sizeof *word + text.len);
    must(word);
    memcpy(word->text, text.at, text.len);
    word->number = (uint32_t)likeness->word_count++;
    likeness->statements_with[word->number] = 0;
    HASH_ADD_KEYPTR(hh, likeness->words, word->text, text.len, word);
    return word->number;
}

static void take_word(void *owner, struct text text)
{
    struct terms *terms = owner;
    struct word *word = NULL;
    HASH_FIND(hh, terms->likeness->words, text.at, text.len, word);
    if (!word && !terms->grows)
        return;
    uint32_t number = word ? word->number : make_known(terms->grows, text);
    for (size_t i = 0; i < terms->count; i++)
        if (terms->at[i].word == number) {
            terms->at[i].times++;
            return;
        }
    if (terms->count < WORDS_MAX)
        terms->at[terms->count++] = (struct term){number, 1};
}

void likeness_add(struct likeness *likeness, struct text statement)
{
    struct terms terms = {.likeness = likeness, .grows = likeness};
    words_each(statement, take_word, &terms);
    while (likeness->term_count + terms.count > likeness->term_room) {
        likeness->term_room = likeness->term_room ? 2 * likeness->term_room : 1024;
        likeness->terms = realloc(likeness->terms, likeness->term_room * sizeof *likeness->terms);
        must(likeness->terms);
    }
    if (likeness->count == likeness->room) {
        likeness->room = likeness->room ? 2 * likeness->room : 64;
        likeness->ends = realloc(likeness->ends, likeness->room * sizeof *likeness->ends);
        must(likeness->ends);
    }
    for (size_t i = 0; i < terms.count; i++) {
        likeness->statements_with[terms.at[i].word]++;
        likeness->terms[likeness->term_count++] = terms.at[i];
    }
    likeness->ends[likeness->count++] = likeness->term_count;
}

/* The weight of a word, squared: it stands in both statements wherever it counts. ln(1 + n / df)
 * never comes to nothing, so that a statement is like itself also when it is the only one. */
static double *weights_of(const struct likeness *likeness)
{
    double *weights = malloc((likeness->word_count + 1) * sizeof *weights);
    must(weights);
    for (size_t i = 0; i < likeness->word_count; i++) {
        double weight = log(1.0 + (double)likeness->count / likeness->statements_with[i]);
        weights[i] = weight * weight;
    }
    return weights;
}

void likeness_compare(const struct likeness *likeness, struct text text, double scores[])
{
    struct terms terms = {.likeness = likeness};
    words_each(text, take_word, &terms);
    double *weights = weights_of(likeness), square = 0;
    double *asked = calloc(likeness->word_count + 1, sizeof *asked);
    must(asked);
    for (size_t i = 0; i < terms.count; i++) {
        double times = terms.at[i].times, weight = weights[terms.at[i].word];
        asked[terms.at[i].word] = times * weight;
        square += times * times * weight;
    }
    size_t at = 0;
    for (size_t i = 0; i < likeness->count; i++) {
        double product = 0, own = 0;
        for (; at < likeness->ends[i]; at++) {
            struct term term = likeness->terms[at];
            product += term.times * asked[term.word];
            own += (double)term.times * term.times * weights[term.word];
        }
        scores[i] = product > 0 ? product / sqrt(own * square) : 0;
    }
    free(weights);
    free(asked);
}
