/* The checker over any bytes: a whole check comes of it, whose words lie in the statement, which
 * is the same when asked again, and which can be written when the statement was a text. */
#include "base/must.h"
#include "base/utf8.h"
#include "checker.h"

static bool lies_in(struct text words, struct text statement)
{
    return words.len == 0 ||
           (words.at >= statement.at && words.at + words.len <= statement.at + statement.len);
}

static void same(const struct check *one, const struct check *two)
{
    must(one->class == two->class && one->confidence.value == two->confidence.value);
    must(one->findings.head.count == two->findings.head.count);
    must(text_equal(one->rewrite, two->rewrite));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct checker *checker;
    static struct faults why;
    struct text statement = {(const char *)data, size};
    struct check check = {0}, again = {0};
    BUF_CLEANUP struct buf arena = BUF(4096);
    if (!checker)
        checker = checker_new();
    checker_check(checker, statement, &arena, &check);
    checker_check(checker, statement, &arena, &again);
    same(&check, &again);
    must(check.class && check.rules && check.bayes && check.agreed && check.verdict.len);
    must(check.confidence.value >= 0 && check.confidence.value <= 100);
    for (uint32_t i = 0; i < check.findings.head.count; i++)
        must(lies_in(check.findings.at[i].words, statement) && check.findings.at[i].advice.len);
    faults_clear(&why);
    if (text_complaint(statement, 1000) == NULL)
        must(record_check(check_record(), &check, &why) == OK);
    return 0;
}
