/* Tokens are unsealed once, expire on time, and no more of them are kept than fit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proof/token.h"
#include "tokens.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define NOW INT64_C(1800000000)

static char folder[] = "/tmp/misaq-tokens-XXXXXX";
static struct settings settings;
static unsigned char secret[TOKEN_SECRET_SIZE];
static struct tokens *tokens;
static struct faults why;

static int open_table(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(settings.keys, sizeof settings.keys, "%s", folder);
    (void)snprintf(settings.government, sizeof settings.government, "PK");
    tokens = tokens_new(&settings);
    return 0;
}

static int close_table(void **state)
{
    (void)state;
    char path[64];
    tokens_free(tokens);
    (void)snprintf(path, sizeof path, "%s/token.key", folder);
    return unlink(path) == 0 && rmdir(folder) == 0 ? 0 : -1;
}

/* A token of a person, "s" and a number as the session. */
static struct text token_of(const char *government, unsigned session, int64_t expires)
{
    static struct buf out = {.max = 2000};
    char id[33];
    (void)snprintf(id, sizeof id, "%032x", session);
    struct token token = {
        text_of(government), TEXT_LITERAL("a.khan"), text_of(id), NOW - 10, NOW + 90, expires};
    buf_clear(&out);
    token_write(&token, secret, &out);
    assert_false(out.full);
    return buf_as_text(&out);
}

static enum err check(struct text text, int64_t now, struct tokens_holder *ret)
{
    faults_clear(&why);
    return tokens_check(tokens, text, now, ret, &why);
}

static void waits_for_the_key(void **state)
{
    (void)state;
    tokens_turn(tokens, 5000000);
    assert_non_null(tokens_complaint(tokens));
    faults_clear(&why);
    assert_int_equal(token_secret(folder, true, secret, &why), OK);
    tokens_turn(tokens, 5500000); /* looks once a second */
    assert_non_null(tokens_complaint(tokens));
    tokens_turn(tokens, 6000001);
    assert_null(tokens_complaint(tokens));
}

static void is_unsealed_once(void **state)
{
    (void)state;
    struct tokens_holder holder;
    uint64_t before = tokens_unsealed(tokens);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(check(token_of("PK", 7, NOW + 60), NOW + i % 60, &holder), OK);
        assert_true(text_is(holder.person, "a.khan"));
        assert_true(text_is(holder.session, "00000000000000000000000000000007"));
        assert_int_equal(holder.signed_in, NOW - 10);
        assert_int_equal(holder.began, NOW + 90);
        assert_int_equal(holder.expires, NOW + 60);
    }
    assert_int_equal(tokens_unsealed(tokens), before + 1);
}

static void expires_although_it_is_known(void **state)
{
    (void)state;
    struct tokens_holder holder;
    assert_int_equal(check(token_of("PK", 8, NOW + 60), NOW, &holder), OK);
    assert_int_equal(check(token_of("PK", 8, NOW + 60), NOW + 59, &holder), OK);
    assert_int_equal(check(token_of("PK", 8, NOW + 60), NOW + 60, &holder), ERR_UNAUTHENTICATED);
    assert_int_equal(check(token_of("PK", 9, NOW), NOW, &holder), ERR_UNAUTHENTICATED);
}

/* Beside a good one that is in the table: no change of it is taken for it. */
static void changed_ones_are_refused(void **state)
{
    (void)state;
    struct tokens_holder holder = {.began = 5};
    char good[TOKEN_MAX + 1], bad[TOKEN_MAX + 2];
    struct text text = token_of("PK", 10, NOW + 60);
    memcpy(good, text.at, text.len);
    assert_int_equal(check((struct text){good, text.len}, NOW, &holder), OK);
    uint64_t count = tokens_count(tokens, NOW);
    for (size_t i = 0; i < text.len; i++) {
        memcpy(bad, good, text.len);
        bad[i] = bad[i] == 'A' ? 'B' : 'A';
        if (check((struct text){bad, text.len}, NOW, &holder) != ERR_UNAUTHENTICATED)
            fail_msg("changed at %zu", i);
        if (check((struct text){good, i}, NOW, &holder) != ERR_UNAUTHENTICATED)
            fail_msg("cut at %zu", i);
    }
    memcpy(bad, good, text.len);
    bad[text.len] = 'A';
    assert_int_equal(check((struct text){bad, text.len + 1}, NOW, &holder), ERR_UNAUTHENTICATED);
    static char large[4000];
    memset(large, 'a', sizeof large);
    assert_int_equal(check((struct text){large, sizeof large}, NOW, &holder), ERR_UNAUTHENTICATED);
    assert_int_equal(check(TEXT_LITERAL(""), NOW, &holder), ERR_UNAUTHENTICATED);
    assert_int_equal(check(token_of("IN", 10, NOW + 60), NOW, &holder), ERR_UNAUTHENTICATED);
    assert_int_equal(tokens_count(tokens, NOW), count);
}

/* Ten thousand sessions stay known; a hundred thousand do not make the table larger, and the one
 * that was pushed out is unsealed again. */
static void the_table_is_bounded(void **state)
{
    (void)state;
    struct tokens_holder holder;
    for (unsigned round = 0; round < 2; round++) {
        uint64_t before = tokens_unsealed(tokens);
        for (unsigned i = 0; i < 10000; i++)
            assert_int_equal(check(token_of("PK", 1000 + i, NOW + 100), NOW, &holder), OK);
        printf("unsealed %llu\n", (unsigned long long)(tokens_unsealed(tokens) - before));
        if (round)
            assert_true(tokens_unsealed(tokens) - before < 100);
    }
    for (unsigned i = 0; i < 60000; i++)
        assert_int_equal(check(token_of("PK", 20000 + i, NOW + 200), NOW, &holder), OK);
    assert_true(tokens_count(tokens, NOW) <= 32768);
    assert_int_equal(check(token_of("PK", 1000, NOW + 100), NOW, &holder), OK);
    assert_int_equal(tokens_count(tokens, NOW + 1000), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waits_for_the_key),
        cmocka_unit_test(is_unsealed_once),
        cmocka_unit_test(expires_although_it_is_known),
        cmocka_unit_test(changed_ones_are_refused),
        cmocka_unit_test(the_table_is_bounded),
    };
    return cmocka_run_group_tests(tests, open_table, close_table);
}
