/* One sequence of bytes has one text, in base64 and in hex: everything else is refused. */
#include "proof/base64.h"
#include "proof/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void base64_has_one_spelling(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum base64_form form;
        int len; /* -1: refused */
    } cases[] = {{"", BASE64_PADDED, 0}, {"AA==", BASE64_PADDED, 1}, {"AAA=", BASE64_PADDED, 2},
        {"AAAA", BASE64_PADDED, 3}, {"+/+/", BASE64_PADDED, 3}, {"AA", BASE64_PADDED, -1},
        {"AA=", BASE64_PADDED, -1}, {"AB==", BASE64_PADDED, -1}, {"AAB=", BASE64_PADDED, -1},
        {"AA===", BASE64_PADDED, -1}, {"A", BASE64_PADDED, -1}, {"-_-_", BASE64_PADDED, -1},
        {"AA ==", BASE64_PADDED, -1}, {"AAAA\n", BASE64_PADDED, -1}, {"=", BASE64_PADDED, -1},
        {"AAAAAAAAAAAA", BASE64_PADDED, 9}, {"AAAAAAAAAAAAAA==", BASE64_PADDED, -1},
        {"AA", BASE64_URL, 1}, {"-_-_", BASE64_URL, 3}, {"AA==", BASE64_URL, -1},
        {"AB", BASE64_URL, -1}, {"AAB", BASE64_URL, -1}, {"+/+/", BASE64_URL, -1},
        {"A", BASE64_URL, -1}, {"AA A", BASE64_URL, -1}, {"AA\tA", BASE64_URL, -1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char bytes[9];
        size_t len = 99;
        struct text text = text_of(cases[i].text);
        bool fine = base64_read(cases[i].form, text, bytes, sizeof bytes, &len);
        if (fine != (cases[i].len >= 0) || (fine ? len != (size_t)cases[i].len : len != 99))
            fail_msg("\"%s\": %d, %zu", cases[i].text, fine, len);
        BUF_CLEANUP struct buf again = BUF(64);
        if (fine)
            base64_write(&again, cases[i].form, (struct text){bytes, len});
        assert_true(!fine || text_equal(buf_as_text(&again), text));
    }
}

/* Every byte in every place of a group of four: only the 64 (or the padding) are taken. */
static void no_other_byte_is_taken_for_a_character(void **state)
{
    (void)state;
    static const char shared[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    for (enum base64_form form = BASE64_PADDED; form <= BASE64_URL; form++)
        for (int c = 0; c < 256; c++)
            for (int at = 0; at < 4; at++) {
                char group[] = "AAAA", bytes[3];
                size_t len;
                bool letter = c != 0 && (strchr(shared, c) != NULL ||
                                            strchr(form == BASE64_URL ? "-_" : "+/", c) != NULL);
                bool padding = form == BASE64_PADDED && c == '=' && at == 3;
                group[at] = (char)c;
                if (base64_read(form, (struct text){group, 4}, bytes, sizeof bytes, &len) !=
                    (letter || padding))
                    fail_msg("byte %d at %d", c, at);
            }
}

static void digests_have_one_spelling(void **state)
{
    (void)state;
    static const char hex[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    char out[DIGEST_HEX_SIZE], wrong[70];
    struct digest abc = digest_of(TEXT_LITERAL("abc")), back;
    assert_string_equal(digest_to_hex(&abc, out), hex);
    assert_true(digest_from_hex(text_of(hex), &back) && digest_equal(&abc, &back));
    assert_false(digest_from_hex((struct text){hex, 63}, &back));
    assert_false(digest_from_hex((struct text){hex, 62}, &back));
    (void)snprintf(wrong, sizeof wrong, "%s0", hex);
    assert_false(digest_from_hex(text_of(wrong), &back));
    (void)snprintf(wrong, sizeof wrong, "%s", hex);
    wrong[0] = 'B';
    assert_false(digest_from_hex(text_of(wrong), &back));
    wrong[0] = 'g';
    assert_false(digest_from_hex(text_of(wrong), &back));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base64_has_one_spelling),
        cmocka_unit_test(no_other_byte_is_taken_for_a_character),
        cmocka_unit_test(digests_have_one_spelling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
