/* An open table keyed by 64-bit hashes without the words themselves: no two words of the tables
 * share one (the load makes sure), and a stranger's word that did would only be misread. */
#include "checker_lexicon.h"

#include "base/must.h"

#include <stdlib.h>

#define EMBED(name, path)                                                                          \
    __asm__(".section .rodata\n.globl " #name "\n" #name ":\n.incbin \"" path                      \
            "\"\n.byte 0\n.previous\n");                                                           \
    extern const char name[]

EMBED(misaq_checker_verbs, "services/targets/data/verbs.tsv");
EMBED(misaq_checker_nouns, "services/targets/data/nouns.tsv");
EMBED(misaq_checker_words, "services/targets/data/words.tsv");

#define PLACES   (1u << 15) /* twice what the tables fill */
#define WORD_MAX 64

struct lexicon {
    size_t count;
    struct lexeme at[PLACES];
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

uint64_t lexicon_hash(struct text word)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */
    for (size_t i = 0; i < word.len; i++)
        hash = (hash ^ (unsigned char)lower(word.at[i])) * UINT64_C(0x100000001b3);
    return hash ^ (hash >> 32);
}

/* Hyphens divide words, in the tables as in statements. */
static struct text next_word(struct text *rest)
{
    size_t end = 0;
    while (end < rest->len && rest->at[end] != ' ' && rest->at[end] != '-')
        end++;
    struct text word = {rest->at, end};
    size_t skip = end < rest->len ? end + 1 : end;
    *rest = (struct text){rest->at + skip, rest->len - skip};
    return word;
}

static struct lexeme *place_of(struct lexicon *lexicon, uint64_t hash)
{
    size_t place = hash % PLACES;
    while (lexicon->at[place].hash != 0 && lexicon->at[place].hash != hash)
        place = (place + 1) % PLACES;
    struct lexeme *lexeme = &lexicon->at[place];
    if (lexeme->hash == 0) {
        must(++lexicon->count < PLACES / 4 * 3);
        lexeme->hash = hash;
    }
    return lexeme;
}

const struct lexeme *lexicon_find(const struct lexicon *lexicon, uint64_t hash)
{
    size_t place = hash % PLACES;
    while (lexicon->at[place].hash != 0) {
        if (lexicon->at[place].hash == hash)
            return &lexicon->at[place];
        place = (place + 1) % PLACES;
    }
    return NULL;
}

static void put(struct lexicon *lexicon, struct text words, uint64_t classes, uint8_t forms)
{
    struct text rest = words;
    uint64_t first = lexicon_hash(next_word(&rest)), hash = first;
    uint8_t count = 1;
    for (; rest.len; count++)
        hash = lexicon_join(hash, lexicon_hash(next_word(&rest)));
    struct lexeme *lexeme = place_of(lexicon, hash);
    lexeme->classes |= classes;
    lexeme->forms |= forms;
    lexeme = place_of(lexicon, first);
    if (lexeme->longest < count)
        lexeme->longest = count;
}

/* ---- forms: the ending takes the place of the last `cut` characters of one word of a phrase ----
 */
struct stem {
    struct text before, word, after; /* "carry" of "carry out" */
};

static void put_form(struct lexicon *lexicon, const struct stem *stem, size_t cut,
    const char *ending, uint64_t classes, uint8_t form)
{
    char made[2 * WORD_MAX];
    size_t len = 0;
    struct text parts[] = {
        stem->before, {stem->word.at, stem->word.len - cut}, text_of(ending), stem->after};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        must(len + parts[i].len <= sizeof made);
        if (parts[i].len)
            memcpy(made + len, parts[i].at, parts[i].len);
        len += parts[i].len;
    }
    put(lexicon, (struct text){made, len}, classes, form);
}

static bool is_vowel(char c)
{
    return c != 0 && strchr("aeiou", c) != NULL;
}

static void put_plural(
    struct lexicon *lexicon, const struct stem *stem, uint64_t classes, uint8_t form)
{
    struct text word = stem->word;
    char last = word.at[word.len - 1], before = word.len > 1 ? word.at[word.len - 2] : 0;
    if (last == 'y' && !is_vowel(before))
        put_form(lexicon, stem, 1, "ies", classes, form);
    else if (last == 's' || last == 'x' || last == 'z' ||
             (last == 'h' && (before == 'c' || before == 's')))
        put_form(lexicon, stem, 0, "es", classes, form);
    else
        put_form(lexicon, stem, 0, "s", classes, form);
}

/* Both "planed" and "planned": one of them is no word, and harms nobody. */
static void put_verb_word(struct lexicon *lexicon, const struct stem *stem, uint64_t classes)
{
    struct text word = stem->word;
    char last = word.at[word.len - 1], before = word.len > 1 ? word.at[word.len - 2] : 0;
    put_plural(lexicon, stem, classes, FORM_S);
    if (last == 'e') {
        put_form(lexicon, stem, 0, "d", classes, FORM_ED);
        put_form(lexicon, stem, before == 'e' ? 0 : 1, "ing", classes, FORM_ING);
        return;
    }
    bool y = last == 'y' && !is_vowel(before);
    put_form(lexicon, stem, y, y ? "ied" : "ed", classes, FORM_ED);
    put_form(lexicon, stem, 0, "ing", classes, FORM_ING);
    if (is_vowel(before) && !is_vowel(last) && !strchr("wxy", last)) {
        char twice[5] = {last, 'e', 'd', 0};
        put_form(lexicon, stem, 0, twice, classes, FORM_ED);
        memcpy(twice + 1, "ing", 4);
        put_form(lexicon, stem, 0, twice, classes, FORM_ING);
    }
}

/* The first word of "carry out" bends, the last of "geo tag"; trying both is harmless too. */
static void put_verb(struct lexicon *lexicon, struct text verb, uint64_t classes)
{
    put(lexicon, verb, classes, FORM_BASE);
    struct text rest = verb, word = next_word(&rest);
    size_t head = rest.len ? word.len : verb.len;
    struct stem first = {{verb.at, 0}, {verb.at, head}, {verb.at + head, verb.len - head}};
    put_verb_word(lexicon, &first, classes);
    while (rest.len)
        word = next_word(&rest);
    size_t at = verb.len - word.len;
    struct stem last = {{verb.at, at}, word, {verb.at + verb.len, 0}};
    if (at)
        put_verb_word(lexicon, &last, classes);
}

static void put_noun(struct lexicon *lexicon, struct text noun, uint64_t classes)
{
    put(lexicon, noun, classes, 0);
    bool plural = noun.at[noun.len - 1] == 's' && noun.len > 1 && noun.at[noun.len - 2] != 's';
    if (plural)
        return;
    struct stem stem = {{noun.at, 0}, noun, {noun.at + noun.len, 0}};
    put_plural(lexicon, &stem, classes, 0);
}

/* ---- the tables ---- */
static uint64_t class_of(struct text word)
{
#define X(name, is)                                                                                \
    if (text_is(word, is))                                                                         \
        return IS(name);
    WORD_CLASSES(X)
#undef X
    must(!"a class of words that is not known");
    return 0;
}

static bool next_row(struct text *rest, struct text *ret_row)
{
    while (rest->len) {
        *ret_row = text_cut(*rest, '\n', rest);
        if (ret_row->len && ret_row->at[0] != '#')
            return true;
    }
    return false;
}

/* -ise and -isation are written with z as well. */
static void put_both(struct lexicon *lexicon, struct text word, uint64_t classes, bool verb,
    void (*put_one)(struct lexicon *, struct text, uint64_t))
{
    put_one(lexicon, word, classes);
    char other[WORD_MAX];
    must(word.len <= sizeof other);
    memcpy(other, word.at, word.len);
    for (size_t i = word.len; i-- > 2;)
        if (memcmp(word.at + i - 2, "is", 2) == 0 &&
            (word.at[i] == 'a' || (verb && word.at[i] == 'e'))) {
            other[i - 1] = 'z';
            put_one(lexicon, (struct text){other, word.len}, classes);
            return;
        }
}

static void put_nominal(struct lexicon *lexicon, struct text noun, uint64_t classes)
{
    put(lexicon, noun, classes, FORM_NOUN);
    struct stem stem = {{noun.at, 0}, noun, {noun.at + noun.len, 0}};
    put_plural(lexicon, &stem, classes, FORM_NOUN);
}

static uint8_t irregular_form(struct text word, struct text verb)
{
    if (text_equal(word, verb))
        return FORM_BASE | FORM_ED;
    struct text rest = word, first = next_word(&rest);
    char last = first.at[first.len - 1];
    return last == 's' ? FORM_S : last == 'g' ? FORM_ING : FORM_ED;
}

/* class, verb, irregular forms, nouns; forms of more than one word are divided by a comma. */
static void load_verbs(struct lexicon *lexicon, struct text table)
{
    struct text row;
    while (next_row(&table, &row)) {
        struct text irregular, nouns;
        uint64_t classes = class_of(text_cut(row, '\t', &row));
        struct text verb = text_cut(row, '\t', &irregular);
        put_both(lexicon, verb, classes, true, put_verb);
        irregular = text_cut(irregular, '\t', &nouns);
        while (irregular.len) {
            struct text word = text_cut(irregular, ',', &irregular);
            put(lexicon, word, classes, irregular_form(word, verb));
        }
        while (nouns.len)
            put_both(lexicon, text_cut(nouns, ',', &nouns), classes, false, put_nominal);
    }
}

static void load_nouns(struct lexicon *lexicon, struct text table, bool plurals)
{
    struct text row;
    while (next_row(&table, &row)) {
        uint64_t classes = class_of(text_cut(row, '\t', &row));
        while (row.len) {
            struct text word = text_cut(row, ',', &row);
            if (word.len && word.at[0] == ' ')
                word = (struct text){word.at + 1, word.len - 1};
            if (plurals)
                put_both(lexicon, word, classes, true, put_noun);
            else
                put(lexicon, word, classes, 0);
        }
    }
}

struct lexicon *lexicon_new(void)
{
    struct lexicon *lexicon = calloc(1, sizeof *lexicon);
    must(lexicon);
    load_verbs(lexicon, text_of(misaq_checker_verbs));
    load_nouns(lexicon, text_of(misaq_checker_nouns), true);
    load_nouns(lexicon, text_of(misaq_checker_words), false);
    return lexicon;
}

void lexicon_free(struct lexicon *lexicon)
{
    free(lexicon);
}
