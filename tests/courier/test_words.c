/* Headers of e-mail: what people write comes out as they wrote it, and never as another header. */
#include "words.h"

#include "support/chance.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void plain_text_stays(void **state)
{
    (void)state;
    BUF_CLEANUP struct buf out = BUF(4096);
    words_encode(TEXT_LITERAL("Misaq: 7 new for focal.PWR"), &out);
    assert_true(text_is(buf_as_text(&out), "Misaq: 7 new for focal.PWR"));
}

static void words_have_whole_characters(void **state)
{
    (void)state;
    BUF_CLEANUP struct buf out = BUF(4096);
    words_encode(TEXT_LITERAL("\xd9\x85\xdb\x8c\xd8\xab\xd8\xa7\xd9\x82"), &out);
    assert_true(text_is(buf_as_text(&out), "=?UTF-8?B?2YXbjNir2KfZgg==?="));
}

/* Whatever comes in: lines of 75 at most, nothing but ASCII, no line that is not a folded one. */
static void nothing_begins_another_header(void **state)
{
    (void)state;
    struct chance chance = chance_start("words");
    for (int round = 0; round < 20000; round++) {
        char bytes[300];
        size_t len = chance_below(&chance, sizeof bytes), line = 0;
        BUF_CLEANUP struct buf out = BUF(4096);
        for (size_t i = 0; i < len; i++)
            bytes[i] = (char)chance_below(&chance, 256);
        words_encode((struct text){bytes, len}, &out);
        assert_false(out.full);
        for (size_t i = 0; i < out.len; i++) {
            char c = out.at[i];
            if (c == '\r') {
                assert_true(i + 2 < out.len && out.at[i + 1] == '\n' && out.at[i + 2] == ' ');
                line = 0;
                i++;
                continue;
            }
            assert_true(c >= ' ' && c <= '~');
            assert_true(++line <= 76);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_text_stays),
        cmocka_unit_test(words_have_whole_characters),
        cmocka_unit_test(nothing_begins_another_header),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
