/* Puts the two opinions side by side. Where they agree, the class is theirs; where not, it is that
 * of the rules unless they hesitate, and the committee is asked either way. */
#include "checker.h"

#include "base/must.h"
#include "checker_bayes.h"
#include "checker_findings.h"
#include "checker_rewrite.h"

#include <stdlib.h>

#define EMBED(name, path)                                                                          \
    __asm__(".section .rodata\n.globl " #name "\n" #name ":\n.incbin \"" path                      \
            "\"\n.byte 0\n.previous\n");                                                           \
    extern const char name[]

EMBED(misaq_checker_statements, "services/targets/data/statements.tsv");
EMBED(misaq_checker_further, "services/targets/data/further.tsv");

/* A margin of the rules below this is hesitation; a lead of the words above that is none. */
enum { RULES_HESITATE = 12, BAYES_SURE = 60 };

struct checker {
    struct lexicon *lexicon;
    struct bayes *bayes;
};

/* Rows of class, difficulty, statement. */
static void learn_rows(struct checker *checker, struct text table)
{
    while (table.len) {
        struct text row = text_cut(table, '\n', &table), statement;
        if (row.len == 0 || row.at[0] == '#')
            continue;
        int class = choices_value(target_class_choices(), text_cut(row, '\t', &statement));
        must(class != 0 && statement.at);
        (void)text_cut(statement, '\t', &statement);
        checker_learn(checker, statement, (enum target_class) class);
    }
}

struct checker *checker_new(void)
{
    struct checker *checker = calloc(1, sizeof *checker);
    must(checker);
    checker->lexicon = lexicon_new();
    checker->bayes = bayes_new();
    learn_rows(checker, text_of(misaq_checker_statements));
    learn_rows(checker, text_of(misaq_checker_further));
    return checker;
}

void checker_free(struct checker *checker)
{
    if (!checker)
        return;
    lexicon_free(checker->lexicon);
    bayes_free(checker->bayes);
    free(checker);
}

void checker_learn(struct checker *checker, struct text statement, enum target_class class)
{
    struct tokens tokens;
    tokens_read(statement, &tokens);
    bayes_learn(checker->bayes, &tokens, class);
}

#define SAYS(rules, bayes, sentence) [rules][bayes] = (sentence)
#define PART                         "Refer to committee: "

static const char *const verdicts[CLASSES][CLASSES] = {
    SAYS(CLASS_PROCESS, CLASS_PROCESS, "Process: both opinions agree."),
    SAYS(CLASS_OUTPUT, CLASS_OUTPUT, "Output: both opinions agree."),
    SAYS(CLASS_OUTCOME, CLASS_OUTCOME, "Outcome: both opinions agree."),
    SAYS(CLASS_PROCESS, CLASS_OUTPUT, PART "the rules say process, the words output."),
    SAYS(CLASS_PROCESS, CLASS_OUTCOME, PART "the rules say process, the words outcome."),
    SAYS(CLASS_OUTPUT, CLASS_PROCESS, PART "the rules say output, the words process."),
    SAYS(CLASS_OUTPUT, CLASS_OUTCOME, PART "the rules say output, the words outcome."),
    SAYS(CLASS_OUTCOME, CLASS_PROCESS, PART "the rules say outcome, the words process."),
    SAYS(CLASS_OUTCOME, CLASS_OUTPUT, PART "the rules say outcome, the words output."),
};

/* By what cross-validation found: agreed lines are right in nine cases of ten and more, parted ones
 * in two of three. */
static int64_t confidence_of(unsigned margin, unsigned lead, bool agreed)
{
    unsigned rules = margin > 80 ? 80 : margin, words = lead > 200 ? 200 : lead;
    return agreed ? 80 + (int64_t)rules / 8 + (int64_t)words / 25 : 45 + (int64_t)rules / 4;
}

static void add_rewrite(const struct reading *reading, struct buf *arena, struct check *check)
{
    if (arena->room < arena->max && !buf_reserve(arena, arena->max - arena->len))
        return;
    size_t before = arena->len;
    if (rewrite_add(reading, check, arena))
        check->rewrite = (struct text){arena->at + before, arena->len - before};
}

void checker_check(const struct checker *checker, struct text statement, struct buf *arena,
    struct check *ret_check)
{
    struct tokens tokens;
    struct pieces pieces;
    struct reading reading;
    tokens_read(statement, &tokens);
    pieces_read(checker->lexicon, &tokens, &pieces);
    clauses_split(&pieces);
    rules_read(&pieces, &reading);
    struct bayes_opinion words = bayes_ask(checker->bayes, &tokens);
    enum target_class rules = rules_class(&reading);
    unsigned margin = rules_margin(&reading);
    bool agreed = rules == words.class && pieces.known * 4 >= pieces.words && pieces.known > 0;
    struct check check = {
        .class = margin < RULES_HESITATE && words.lead > BAYES_SURE ? words.class : rules,
        .confidence = {.value = confidence_of(margin, words.lead, agreed), .given = true},
        .agreed = agreed ? FLAG_YES : FLAG_NO,
        .rules = rules,
        .bayes = words.class,
        .verdict = text_of(verdicts[rules][words.class]),
    };
    if (!agreed && rules == words.class)
        check.verdict = TEXT_LITERAL(PART "hardly a word of this is known here.");
    findings_read(&reading, &check);
    add_rewrite(&reading, arena, &check);
    *ret_check = check;
}
