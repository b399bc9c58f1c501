/* Counts of statements that have a feature, by class, in a table that grows. Numbers are one
 * feature whatever their value and dates are none, else every row would be a world of its own. */
#include "checker_bayes.h"

#include "base/must.h"

#include <math.h>
#include <stdlib.h>

#define CLASSES      3
#define FEATURES_MAX (2 * TOKENS_MAX + 2)
#define SMOOTHING    0.3f /* found by cross-validation, as if every feature had been seen */

struct seen {
    uint64_t feature; /* 0: an empty place */
    uint32_t in[CLASSES];
};

struct bayes {
    uint32_t statements[CLASSES];
    uint64_t features[CLASSES]; /* of all those statements */
    size_t count, room;         /* of features; room is a power of two */
    struct seen *at;
};

struct features {
    size_t count;
    uint64_t at[FEATURES_MAX];
};

struct bayes *bayes_new(void)
{
    struct bayes *bayes = calloc(1, sizeof *bayes);
    must(bayes);
    bayes->room = 1u << 14;
    bayes->at = calloc(bayes->room, sizeof *bayes->at);
    must(bayes->at);
    return bayes;
}

void bayes_free(struct bayes *bayes)
{
    if (!bayes)
        return;
    free(bayes->at);
    free(bayes);
}

static struct seen *place_of(struct seen *at, size_t room, uint64_t feature)
{
    size_t place = (feature ^ (feature >> 31)) & (room - 1);
    while (at[place].feature != 0 && at[place].feature != feature)
        place = (place + 1) & (room - 1);
    return &at[place];
}

static void grow(struct bayes *bayes)
{
    size_t room = bayes->room * 2;
    struct seen *at = calloc(room, sizeof *at);
    must(at);
    for (size_t i = 0; i < bayes->room; i++)
        if (bayes->at[i].feature)
            *place_of(at, room, bayes->at[i].feature) = bayes->at[i];
    free(bayes->at);
    bayes->at = at;
    bayes->room = room;
}

/* ---- features ---- */
enum { SALT_NUMBER = 0x11, SALT_FIRST = 0x22, SALT_LAST = 0x33, SALT_PAIR = 0x44 };

static void add(struct features *features, uint64_t feature)
{
    features->at[features->count++] = feature ? feature : 1;
}

static bool ends_with(struct text word, const char *ending, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((word.at[word.len - len + i] | 0x20) != ending[i])
            return false;
    return true;
}

/* Without the plainest endings, so that "farmers" and "farmer", "install" and "installed" are one;
 * at least four letters stay. */
static uint64_t stem_hash(struct text word)
{
    static const char *const endings[] = {"ation", "ment", "ing", "ed", "ion", "e"};
    struct text stem = word;
    if (stem.len > 4 && ends_with(stem, "s", 1) && !ends_with(stem, "ss", 2))
        stem.len--;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t len = strlen(endings[i]);
        if (stem.len >= len + 4 && ends_with(stem, endings[i], len)) {
            stem.len -= len;
            break;
        }
    }
    return lexicon_hash(stem);
}

static bool is_year(struct text text)
{
    return text.len >= 4 && (text.at[0] == '1' || text.at[0] == '2') &&
           (text.at[1] == '9' || text.at[1] == '0') && text.at[2] >= '0' && text.at[2] <= '9' &&
           text.at[3] >= '0' && text.at[3] <= '9' &&
           (text.len == 4 || text.at[4] == '-' || text.at[4] == '/');
}

static void features_read(const struct tokens *tokens, struct features *ret_features)
{
    uint64_t before = 0, first = 0, last = 0;
    ret_features->count = 0;
    for (size_t i = 0; i < tokens->count; i++) {
        const struct token *token = &tokens->at[i];
        if (token->kind == TOKEN_MARK || token->kind == TOKEN_ORDINAL ||
            (token->kind == TOKEN_NUMBER && is_year(token->text)))
            continue;
        uint64_t word = token->kind == TOKEN_NUMBER ? SALT_NUMBER : stem_hash(token->text);
        add(ret_features, word);
        if (before)
            add(ret_features, lexicon_join(before + SALT_PAIR, word));
        first = first ? first : word;
        last = before = word;
    }
    add(ret_features, lexicon_join(SALT_FIRST, first));
    add(ret_features, lexicon_join(SALT_LAST, last));
}

void bayes_learn(struct bayes *bayes, const struct tokens *tokens, enum target_class class)
{
    struct features features;
    must(class >= CLASS_PROCESS && class <= CLASS_OUTCOME);
    features_read(tokens, &features);
    bayes->statements[class - CLASS_PROCESS]++;
    for (size_t i = 0; i < features.count; i++) {
        if (bayes->count * 2 >= bayes->room)
            grow(bayes);
        struct seen *seen = place_of(bayes->at, bayes->room, features.at[i]);
        bayes->count += seen->feature == 0;
        seen->feature = features.at[i];
        seen->in[class - CLASS_PROCESS]++;
        bayes->features[class - CLASS_PROCESS]++;
    }
}

struct bayes_opinion bayes_ask(const struct bayes *bayes, const struct tokens *tokens)
{
    struct features features;
    float score[CLASSES], whole[CLASSES], all = 0;
    size_t known = 1;
    features_read(tokens, &features);
    for (size_t c = 0; c < CLASSES; c++)
        all += (float)bayes->statements[c] + 1;
    for (size_t c = 0; c < CLASSES; c++) {
        score[c] = logf(((float)bayes->statements[c] + 1) / all);
        whole[c] = logf((float)bayes->features[c] + SMOOTHING * (float)(bayes->count + 1));
    }
    for (size_t i = 0; i < features.count; i++) {
        const struct seen *seen = place_of(bayes->at, bayes->room, features.at[i]);
        if (seen->feature == 0)
            continue;
        known++;
        for (size_t c = 0; c < CLASSES; c++)
            score[c] += logf((float)seen->in[c] + SMOOTHING) - whole[c];
    }
    size_t best = 0;
    for (size_t c = 1; c < CLASSES; c++)
        if (score[c] > score[best])
            best = c;
    float second = -INFINITY;
    for (size_t c = 0; c < CLASSES; c++)
        if (c != best && score[c] > second)
            second = score[c];
    float lead = (score[best] - second) / sqrtf((float)known) * 100;
    return (struct bayes_opinion){
        (enum target_class)(best + CLASS_PROCESS), lead > 1000 ? 1000 : (unsigned)lead};
}
