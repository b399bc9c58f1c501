/* The body of a checkpoint: one spelling, both ways; what is not that is refused by its line. */
#include "proof/checkpoint.h"
#include "schema/schema.h"
#include "support/chance.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define ROOT "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
#define NONE "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n" /* SHA-256 of nothing */

static struct faults why;

static void what_is_read_is_written_back(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        uint64_t size;
        const char *extensions;
    } cases[] = {
        {"example.com/behind-the-sofa\n20852163\n" ROOT, 20852163, ""},
        {"example.com/behind-the-sofa\n20852163\n" ROOT "one\ntwo words\n", 20852163,
            "one\ntwo words\n"},
        {"a name with blanks\n1\n" ROOT, 1, ""},
        {"o\n0\n" NONE, 0, ""},
        {"o\n999999999999999\n" ROOT, (uint64_t)WHOLE_MAX, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct checkpoint checkpoint;
        BUF_CLEANUP struct buf again = BUF(1000);
        faults_clear(&why);
        assert_int_equal(checkpoint_read(text_of(cases[i].body), &checkpoint, &why), OK);
        assert_int_equal(checkpoint.size, cases[i].size);
        assert_true(text_is(checkpoint.extensions, cases[i].extensions));
        checkpoint_write(&again, &checkpoint);
        assert_true(text_equal(buf_as_text(&again), text_of(cases[i].body)));
    }
}

static void other_forms_are_refused_by_line(void **state)
{
    (void)state;
    static const struct {
        const char *body, *word;
    } cases[] = {
        {"", "newline"},
        {"o", "newline"},
        {"o\n1\n"
         "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=",
            "newline"},
        {"\n", "line 1"},
        {"\n1\n" ROOT, "line 1"},
        {"o\tp\n1\n" ROOT, "line 1"},
        {"o\xFF\n1\n" ROOT, "line 1"},
        {"o\n", "line 2"},
        {"o\n\n" ROOT, "line 2"},
        {"o\n01\n" ROOT, "line 2"},
        {"o\n00\n" NONE, "line 2"},
        {"o\n+1\n" ROOT, "line 2"},
        {"o\n-1\n" ROOT, "line 2"},
        {"o\n1 \n" ROOT, "line 2"},
        {"o\n0x1\n" ROOT, "line 2"},
        {"o\n1000000000000000\n" ROOT, "line 2"},
        {"o\n18446744073709551617\n" ROOT, "line 2"},
        {"o\r\n1\r\n" ROOT, "line 1"},
        {"o\n1\n", "line 3"},
        {"o\n1\n\n", "line 3"},
        {"o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n", "line 3"},
        {"o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n", "line 3"},
        {"o\n1\nCsUYapGGPo4dkMgIAUqom_Xajj7h2fB2MPA3j2jxq2I=\n", "line 3"},
        {"o\n1\nAAAA\n", "line 3"},
        {"o\n1\n"
         "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2Ixxxx=\n",
            "line 3"},
        {"o\n0\n" ROOT, "without entries"},
        {"o\n1\n" ROOT "\n", "line 4"},
        {"o\n1\n" ROOT "one\n\ntwo\n", "line 4"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct checkpoint checkpoint = {.size = 77};
        faults_clear(&why);
        assert_int_equal(checkpoint_read(text_of(cases[i].body), &checkpoint, &why), ERR_BAD_INPUT);
        assert_int_equal(checkpoint.size, 77);
        if (!strstr(why.kept[0].detail, cases[i].word))
            fail_msg("case %zu: \"%s\" does not say \"%s\"", i, why.kept[0].detail, cases[i].word);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read_is_written_back),
        cmocka_unit_test(other_forms_are_refused_by_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
